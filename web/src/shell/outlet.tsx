import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { may } from "../api/session";
import { place } from "../router";
import { findRoute, isOffered, type PageProps, type Route } from "../routes";
import { Button, LinkButton, Note, Page, Spinner } from "../ui";

/** The page at the present address, loaded when it is first opened. */
export function Outlet() {
  const parts = place.value.parts;
  const found = findRoute(parts.length ? parts : ["live"]);
  const Shown = usePage(found?.route);
  useEffect(() => window.scrollTo(0, 0), [parts.join("/")]);
  if (!found) return <Nothing title="There is no such page" />;
  if (!isOffered(found.route)) return <Nothing title="This is not switched on here, or not open to you" />;
  if (!may(found.route.role)) return <Nothing title="Your role does not open this page" />;
  if (Shown === "lost") return <Lost />;
  return Shown ? <Shown key={parts.join("/")} params={found.params} /> : <Spinner />;
}

/** The service is away, or another version of it has other files. */
function Lost() {
  return (
    <Page title="This page did not come">
      <Note tone="bad">The service does not answer, or it is another version by now.</Note>
      <div class="row">
        <Button kind="main" onClick={() => location.reload()}>
          Load it anew
        </Button>
      </div>
    </Page>
  );
}

function Nothing({ title }: { title: string }) {
  return (
    <Page title={title}>
      <p>
        <LinkButton to="#/live" icon="live">
          Live
        </LinkButton>
      </p>
    </Page>
  );
}

const loaded = new Map<Route["load"], ComponentType<PageProps>>();

function usePage(route: Route | undefined): ComponentType<PageProps> | "lost" | undefined {
  const [, setCount] = useState(0);
  const [lost, setLost] = useState<Route | null>(null);
  useEffect(() => {
    if (!route || loaded.has(route.load)) return;
    setLost(null);
    route.load().then(
      (page) => {
        loaded.set(route.load, page.default);
        setCount((count) => count + 1);
      },
      () => setLost(route),
    );
  }, [route]);
  if (route && lost === route) return "lost";
  return route && loaded.get(route.load);
}
