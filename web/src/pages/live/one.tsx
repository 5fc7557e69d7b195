import { useState } from "preact/hooks";
import type { Camera, View } from "../../api/cameras";
import { type Drawing, getRegions } from "../../api/regions";
import { may, maySeeRealPixels } from "../../api/session";
import { useLoad } from "../../api/use";
import { link } from "../../router";
import { Button, Card, Empty, LinkButton, Page } from "../../ui";
import { EMPTY } from "../regions/drawing";
import type { Head } from "./frame";
import { LiveView } from "./view";

/** One camera large, and beside it what it counts. */
export function OneCamera({ camera }: { camera: Camera }) {
  const [view, setView] = useState<View>("privacy");
  const [head, setHead] = useState<Head | null>(null);
  const drawn = useLoad(camera.name, async (signal) => (await getRegions(camera.name, signal)).regions);
  const isReal = view === "real";
  const actions = (
    <>
      {maySeeRealPixels() && (
        <Button icon="eye" kind={isReal ? "main" : "plain"} onClick={() => setView(isReal ? "privacy" : "real")}>
          {isReal ? "Back to the privacy view" : "Show the real picture"}
        </Button>
      )}
      {may("operator") && (
        <LinkButton to={link("cameras", camera.name, "regions")} icon="line">
          Lines and zones
        </LinkButton>
      )}
    </>
  );
  return (
    <Page
      title={camera.name}
      back={["#/live", "All cameras"]}
      lead={
        isReal ? "Opening the real picture is kept in the audit log." : "People are drawn as boxes on an empty picture."
      }
      actions={actions}
      isWide
    >
      <div class="live-one">
        <LiveView camera={camera} view={view} onHead={setHead} />
        <Card title="Since it started">
          <Totals head={head} drawn={drawn.data ?? EMPTY} />
        </Card>
      </div>
    </Page>
  );
}

function Totals({ head, drawn }: { head: Head | null; drawn: Drawing }) {
  if (!head) return <p class="quiet">–</p>;
  const lines = head.regions.lines.map(({ name }) => ({
    name,
    names: drawn.lines.find((one) => one.name === name)?.names,
  }));
  return (
    <dl class="facts">
      <dt>In view now</dt>
      <dd class="number">{head.people.length}</dd>
      {head.regions.zones.map(({ name }) => (
        <Fact key={name} words={`in ${name} now`} value={head.zones[name] ?? 0} />
      ))}
      {lines.map(({ name, names }) => (
        <Line
          key={name}
          name={name}
          right={names?.right || "to the right"}
          left={names?.left || "to the left"}
          of={head.totals.lines[name]}
        />
      ))}
      {!head.regions.lines.length && !head.regions.zones.length && (
        <Empty title="Nothing is counted yet: draw a line or a zone." />
      )}
    </dl>
  );
}

function Line({
  name,
  right,
  left,
  of,
}: {
  name: string;
  right: string;
  left: string;
  of: { right: number; left: number } | undefined;
}) {
  return (
    <>
      <Fact words={`${name}: ${right}`} value={of?.right ?? 0} />
      <Fact words={`${name}: ${left}`} value={of?.left ?? 0} />
    </>
  );
}

function Fact({ words, value }: { words: string; value: number }) {
  return (
    <>
      <dt>{words}</dt>
      <dd class="number">{value}</dd>
    </>
  );
}
