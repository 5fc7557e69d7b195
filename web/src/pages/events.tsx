import { useEffect, useState } from "preact/hooks";
import { type EventAnswer, type Filter, listEvents } from "../api/events";
import { useDoing, useLoad } from "../api/use";
import { stamp } from "../charts/days";
import { link } from "../router";
import { Button, Card, Check, type Column, Empty, ErrorNote, Page, StateDot, Table } from "../ui";
import { useCameras, useDrawings, wayNames } from "./cameras-known";
import { chosen, chosenZone } from "./choice";
import { Filters } from "./events/filters";
import { useLiveEvents } from "./events/live";
import { certaintyOf, inWords } from "./events/words";
import { Shown } from "./shown";

/** What happened, newest first, and what happens now. */
export default function EventsPage() {
  const [isLive, setLive] = useState(true);
  const filter = chosenFilter();
  const { events: fresh, connection } = useLiveEvents(filter, isLive && filter.to === "");
  const fits = (event: EventAnswer): boolean => filter.region === "" || event.region === filter.region;
  const words = { off: "Paused", connecting: "Connecting", live: "Live" }[connection];
  return (
    <Page
      title="Events"
      lead="What every receiver gets, with the reason why it was counted."
      actions={<StateDot tone={connection === "live" ? "good" : "neutral"}>{words}</StateDot>}
    >
      <Card>
        <Filters filter={filter} />
        <Check label="Show new events as they happen" value={isLive} onValue={setLive} disabled={filter.to !== ""} />
        <Past key={JSON.stringify(filter)} filter={filter} fresh={fresh.filter(fits)} />
      </Card>
    </Page>
  );
}

function chosenFilter(): Filter {
  return {
    camera: chosen("camera"),
    type: chosen("type"),
    region: chosen("region"),
    from: chosen("from"),
    to: chosen("to"),
  };
}

/** Stored events, page by page, below those that came since. */
function Past({ filter, fresh }: { filter: Filter; fresh: readonly EventAnswer[] }) {
  const first = useLoad(JSON.stringify(filter), (signal) => listEvents(filter, "", signal));
  const [older, setOlder] = useState<readonly EventAnswer[]>([]);
  const [before, setBefore] = useState<string | null>(null);
  useEffect(() => setBefore(first.data?.before ?? null), [first.data]);
  const more = useDoing(async () => {
    const page = await listEvents(filter, before ?? "");
    setOlder((known) => [...known, ...page.events]);
    setBefore(page.before);
  });
  return (
    <Shown of={first}>
      {({ events }) => (
        <>
          <EventTable events={unique([...fresh, ...events, ...older])} />
          <ErrorNote error={more.error} />
          {before && (
            <Button isBusy={more.isBusy} onClick={() => void more.run()}>
              Earlier events
            </Button>
          )}
        </>
      )}
    </Shown>
  );
}

function unique(events: readonly EventAnswer[]): EventAnswer[] {
  return [...new Map(events.map((event) => [event.id, event])).values()];
}

function EventTable({ events }: { events: readonly EventAnswer[] }) {
  const zone = chosenZone();
  const known = (useCameras().data ?? []).map(({ name }) => name);
  const ways = wayNames(useDrawings(known));
  if (events.length === 0) {
    return (
      <Empty title="No events.">
        <p>They come as soon as somebody crosses a line or visits a zone.</p>
      </Empty>
    );
  }
  return (
    <Table
      caption="Events, newest first"
      rows={events}
      rowKey={({ id }) => id}
      columns={[
        { title: `Time (${zone})`, cell: ({ at }) => <time dateTime={at}>{stamp(at, zone)}</time> },
        { title: "What", cell: (event) => <a href={link("events", event.id)}>{inWords(event, ways)}</a> },
        { title: "Camera", cell: ({ camera }) => camera, isExtra: true },
        ...(events.some((event) => certaintyOf(event) !== null) ? [SURE] : []),
      ]}
    />
  );
}

const SURE: Column<EventAnswer> = {
  title: "Sure",
  cell: (event) => sure(certaintyOf(event)),
  isNumber: true,
  isExtra: true,
};

function sure(certainty: number | null): string {
  return certainty === null ? "" : `${Math.round(certainty * 100)} %`;
}
