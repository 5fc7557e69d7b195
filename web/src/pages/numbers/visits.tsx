import { type Dwell, getDwell, getQueue } from "../../api/numbers";
import { useLoad } from "../../api/use";
import { Bars } from "../../charts/bars";
import { spanOf } from "../../charts/days";
import { Figure } from "../../charts/figure";
import { condensed } from "../../charts/histogram";
import { brief, duration, spoken } from "../../charts/likely";
import { Empty } from "../../ui";
import { chosenDay } from "../choice";
import { Shown } from "../shown";
import { DayChoice } from "./day-choice";
import type { View } from "./view";

const MOST_BARS = 14;
const QUEUE_EVERY_MS = 5000;

interface Zone {
  readonly camera: string;
  readonly region: string;
}

/** How long people stay in zones, and what stands in them as a queue. */
export function Visits({ cameras, zone }: View) {
  const zones = cameras.flatMap(({ name, regions }) => regions.zones.map((region) => ({ camera: name, region })));
  const day = chosenDay(zone);
  if (zones.length === 0) {
    return (
      <Empty title="There is no zone to visit.">
        <p>Draw a zone on a camera's picture: how long people stay in it is shown here.</p>
      </Empty>
    );
  }
  return (
    <div class="stack">
      <DayChoice zone={zone} day={day} />
      <div class="figures">
        {zones.map((one) => (
          <div key={`${one.camera}/${one.region}`} class="stack">
            <DwellFigure {...one} day={day} zone={zone} />
            <QueueNow {...one} />
          </div>
        ))}
      </div>
    </div>
  );
}

function DwellFigure({ camera, region, day, zone }: Zone & { day: string; zone: string }) {
  const span = spanOf(day, zone);
  const dwell = useLoad(JSON.stringify([camera, region, span]), (signal) => getDwell(camera, region, span, signal));
  return (
    <Shown of={dwell}>
      {(found) => {
        const bars = condensed(found.histogram, MOST_BARS);
        const values = bars.map(({ count }) => ({ count, low: count, high: count }));
        const labels = bars.map(({ from_s, to_s }) => (to_s === null ? `${duration(from_s)}+` : duration(from_s)));
        const rows = bars.map(({ from_s, to_s, count }) => [between(from_s, to_s), String(count)]);
        const summary = dwellInWords(found);
        return (
          <Figure
            title={`How long in ${camera} / ${region}`}
            summary={summary}
            table={{ columns: ["Length", "Visits"], rows }}
          >
            <Bars labels={labels} series={[{ name: "visits", values }]} summary={summary} heightPx={180} />
          </Figure>
        );
      }}
    </Shown>
  );
}

function between(from: number, to: number | null): string {
  return to === null ? `${duration(from)} and longer` : `${duration(from)} to ${duration(to)}`;
}

function dwellInWords({ visits, visits_low, visits_high, mean, low, high, median }: Dwell): string {
  if (mean === null) return "No visit was over on this day.";
  const many = `Visits ${spoken({ count: visits, low: visits_low, high: visits_high })}.`;
  const range = low === null || high === null ? "" : `, likely ${duration(low)} to ${duration(high)}`;
  const half = median === null ? "" : ` Half of them are shorter than ${duration(median)}.`;
  return `${many} On average ${duration(mean)}${range}.${half}`;
}

function QueueNow({ camera, region }: Zone) {
  const queue = useLoad(JSON.stringify([camera, region]), (signal) => getQueue(camera, region, signal), QUEUE_EVERY_MS);
  return (
    <Shown of={queue}>
      {({ length, low, high, wait_s, wait_low_s, wait_high_s, expected_wait_s }) => (
        <dl class="fact-list">
          <div>
            <dt>In it now</dt>
            <dd>{brief({ count: length, low, high })}</dd>
          </div>
          <div>
            <dt>Waited lately</dt>
            <dd>{waited(wait_s, wait_low_s, wait_high_s)}</dd>
          </div>
          <div>
            <dt>Who joins now waits</dt>
            <dd>{expected_wait_s === null ? "not known" : `about ${duration(expected_wait_s)}`}</dd>
          </div>
        </dl>
      )}
    </Shown>
  );
}

function waited(mean: number | null, low: number | null, high: number | null): string {
  if (mean === null) return "not known";
  return low === null || high === null ? duration(mean) : `${duration(mean)} (${duration(low)} to ${duration(high)})`;
}
