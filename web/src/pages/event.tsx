import { type EventAnswer, getEvent, getTrack } from "../api/events";
import { useLoad } from "../api/use";
import { stamp } from "../charts/days";
import { TrackPlayer } from "../charts/track-player";
import { story } from "../charts/why";
import { link } from "../router";
import type { PageProps } from "../routes";
import { Button, Card, Empty, Page, toast } from "../ui";
import { useDrawings, wayNames } from "./cameras-known";
import { chosenZone } from "./choice";
import { certaintyOf, inWords } from "./events/words";
import { Shown } from "./shown";

/** One event: what, when, and why it was counted. */
export default function EventPage({ params: { id = "" } }: PageProps) {
  const event = useLoad(id, (signal) => getEvent(id, signal));
  const ways = wayNames(useDrawings(event.data?.region ? [event.data.camera] : []));
  const title = event.data ? inWords(event.data, ways) : "Event";
  return (
    <Page title={title} back={[link("events"), "Events"]}>
      <Shown of={event}>
        {(found) => (
          <>
            <Facts event={found} />
            <Why event={found} />
            <Body event={found} />
          </>
        )}
      </Shown>
    </Page>
  );
}

function Facts({ event }: { event: EventAnswer }) {
  const [zone, certainty] = [chosenZone(), certaintyOf(event)];
  const facts = [
    ["When", `${stamp(event.at, zone)} (${zone})`],
    ["Camera", event.camera],
    ["Line or zone", event.region || "–"],
    ["How sure", certainty === null ? "The event does not say" : `${Math.round(certainty * 100)} % that it happened`],
  ];
  return (
    <Card>
      <dl class="fact-list">
        {facts.map(([title, words]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Why({ event }: { event: EventAnswer }) {
  const track = useLoad(event.id, (signal) => getTrack(event.id, signal));
  return (
    <Card title="Why it was counted">
      <Shown of={track}>
        {(snippet) => {
          if (snippet.frames.length === 0) return <NoTracks />;
          const sentences = story(snippet, event.at);
          return (
            <>
              <ol class="story">
                {sentences.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ol>
              <TrackPlayer scene={snippet} zero={event.at} summary={sentences.join(" ")} />
            </>
          );
        }}
      </Shown>
    </Card>
  );
}

function NoTracks() {
  return (
    <Empty title="No tracks of this moment.">
      <p>They are kept only where that is switched on, and for some hours. An admin can do so in the configuration.</p>
    </Empty>
  );
}

function Body({ event }: { event: EventAnswer }) {
  const text = JSON.stringify(event.body, null, 2);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  };
  return (
    <Card
      title="As it was sent"
      actions={
        <Button icon="copy" onClick={() => void copy()}>
          Copy
        </Button>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre class="code-block" tabIndex={0}>
        {text}
      </pre>
    </Card>
  );
}
