import { type Count, getNumbers, type NumberAt } from "../../api/numbers";
import { useLoad } from "../../api/use";
import { Bars, Legend } from "../../charts/bars";
import { clock, hoursOf, spanOf } from "../../charts/days";
import { DataTable, Figure } from "../../charts/figure";
import { capital, hourly, inWords, nameOf, type Pair, pairs, pick } from "../../charts/hours";
import { brief } from "../../charts/likely";
import { Empty } from "../../ui";
import { useDrawings, wayNames } from "../cameras-known";
import { chosenDay } from "../choice";
import { Shown } from "../shown";
import { DayChoice } from "./day-choice";
import type { View } from "./view";

const EVERY_MS = 15_000;

interface DayFigures {
  /** Of the whole day: intervals do not simply add up, the service knows how. */
  readonly totals: readonly Count[];
  readonly hours: readonly NumberAt[];
}

/** One day, hour by hour: a chart for every line and zone. */
export function Day({ cameras, camera, zone }: View) {
  const day = chosenDay(zone);
  const ways = wayNames(useDrawings(cameras.map(({ name }) => name)));
  const where = { camera, ...spanOf(day, zone), tz: zone };
  const load = async (signal: AbortSignal): Promise<DayFigures> => {
    const [totals, hours] = await Promise.all([getNumbers(where, "day", signal), getNumbers(where, "hour", signal)]);
    return { totals, hours };
  };
  const figures = useLoad(JSON.stringify(where), load, EVERY_MS);
  return (
    <div class="stack">
      <DayChoice zone={zone} day={day} />
      <Shown of={figures}>
        {(found) => {
          const shown = pairs(found.totals, ways);
          if (shown.length === 0) return <NothingYet />;
          const hours = hoursOf(day, zone);
          return (
            <>
              <Totals figures={found} shown={shown} />
              <div class="figures">
                {shown.map((pair) => (
                  <HourFigure
                    key={`${pair.camera}/${pair.region}`}
                    pair={pair}
                    figures={found}
                    hours={hours}
                    zone={zone}
                  />
                ))}
              </div>
            </>
          );
        }}
      </Shown>
    </div>
  );
}

function NothingYet() {
  return (
    <Empty title="Nothing was counted on this day.">
      <p>Lines and zones count from the moment they are drawn.</p>
    </Empty>
  );
}

/** What everybody wants first: the whole day, each way. */
function Totals({ figures, shown }: { figures: DayFigures; shown: readonly Pair[] }) {
  const rows = shown.flatMap((pair) =>
    pair.measures.map((measure, way) => [
      `${nameOf(pair)}: ${pair.words[way] ?? measure}`,
      brief(pick(figures.totals, pair, measure)),
    ]),
  );
  return <DataTable title="Totals of the day" columns={["Line or zone", "People"]} rows={rows} />;
}

interface HourFigureProps {
  readonly pair: Pair;
  readonly figures: DayFigures;
  readonly hours: readonly Date[];
  readonly zone: string;
}

function HourFigure({ pair, figures, hours, zone }: HourFigureProps) {
  const labels = hours.map((hour) => clock(hour, zone));
  const series = hourly(figures.hours, pair, hours, new Date());
  const totals = pair.measures.map((measure) => pick(figures.totals, pair, measure));
  const summary = inWords(totals, series, labels);
  const rows = labels.map((label, index) => [
    label,
    ...series.map(({ values }) => (values[index] ? brief(values[index]) : "–")),
  ]);
  const names = pair.words.map(capital);
  return (
    <Figure
      title={nameOf(pair)}
      summary={summary}
      table={{ columns: ["From", ...names], rows: [...rows, ["Whole day", ...totals.map(brief)]] }}
      legend={<Legend names={names} />}
    >
      <Bars labels={labels} series={series} summary={summary} />
    </Figure>
  );
}
