import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { may } from "../api/session";
import { place } from "../router";
import { findRoute, isOffered, type PageProps, type Route } from "../routes";
import { LinkButton, Page, Spinner } from "../ui";

/** The page at the present address, loaded when it is first opened. */
export function Outlet() {
  const parts = place.value.parts;
  const found = findRoute(parts.length ? parts : ["live"]);
  const Shown = usePage(found?.route);
  useEffect(() => window.scrollTo(0, 0), [parts.join("/")]);
  if (!found) return <Nothing title="There is no such page" />;
  if (!isOffered(found.route)) return <Nothing title="This is not switched on here, or not open to you" />;
  if (!may(found.route.role)) return <Nothing title="Your role does not open this page" />;
  return Shown ? <Shown key={parts.join("/")} params={found.params} /> : <Spinner />;
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

function usePage(route: Route | undefined): ComponentType<PageProps> | undefined {
  const [, setCount] = useState(0);
  useEffect(() => {
    if (!route || loaded.has(route.load)) return;
    void route.load().then((page) => {
      loaded.set(route.load, page.default);
      setCount((count) => count + 1);
    });
  }, [route]);
  return route && loaded.get(route.load);
}
