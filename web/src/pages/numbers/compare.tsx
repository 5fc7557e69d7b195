import { compareDays, type DayNumbers } from "../../api/numbers";
import { useLoad } from "../../api/use";
import { Bars, Legend } from "../../charts/bars";
import { addDays } from "../../charts/days";
import { DataTable, Figure } from "../../charts/figure";
import { nameOf, type Pair, pairs, pick } from "../../charts/hours";
import { brief } from "../../charts/likely";
import { sideBySide } from "../../charts/side-by-side";
import { Empty } from "../../ui";
import { useDrawings, wayNames } from "../cameras-known";
import { chosen, chosenDay } from "../choice";
import { Shown } from "../shown";
import { DayChoice } from "./day-choice";
import type { View } from "./view";

const WEEK = 7;
type Days = readonly [DayNumbers, DayNumbers];

/** Two days side by side, by default today and the same day of last week. */
export function Compare({ cameras, camera, zone }: View) {
  const first = chosenDay(zone);
  const second = chosen("other") ? chosenDay(zone, "other") : addDays(first, -WEEK);
  const ways = wayNames(useDrawings(cameras.map(({ name }) => name)));
  const key = JSON.stringify([first, second, camera, zone]);
  const compared = useLoad(key, (signal) => compareDays([first, second], camera, zone, signal));
  return (
    <div class="stack">
      <div class="choices">
        <DayChoice zone={zone} day={first} label="One day" />
        <DayChoice zone={zone} day={second} name="other" label="Other day" />
      </div>
      <Shown of={compared}>
        {({ days: [one, other = one] }) => {
          if (!one || !other) return null;
          const shown = pairs([...one.counts, ...other.counts], ways);
          if (shown.length === 0) return <Empty title="Nothing was counted on either day." />;
          return <Compared shown={shown} days={[one, other]} zone={zone} />;
        }}
      </Shown>
    </div>
  );
}

function Compared({ shown, days, zone }: { shown: readonly Pair[]; days: Days; zone: string }) {
  const ways = shown.flatMap((pair) =>
    ([0, 1] as const).map((way) => ({ pair, way, name: `${nameOf(pair)}: ${pair.words[way]}` })),
  );
  const rows = ways.map(({ pair, way, name }) => [
    name,
    ...days.map(({ counts }) => brief(pick(counts, pair, pair.measures[way]))),
  ]);
  return (
    <>
      <DataTable title="Totals of both days" columns={["Line or zone", days[0].day, days[1].day]} rows={rows} />
      <div class="figures">
        {ways.map(({ pair, way, name }) => {
          const { labels, series, summary, table } = sideBySide(days, pair, pair.measures[way], zone);
          return (
            <Figure
              key={name}
              title={name}
              summary={summary}
              table={table}
              legend={<Legend names={series.map((one) => one.name)} />}
            >
              <Bars labels={labels} series={series} summary={summary} />
            </Figure>
          );
        })}
      </div>
    </>
  );
}
