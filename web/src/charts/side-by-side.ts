// Two days hour by hour: hours are matched by what the clock shows, so that days with changed clocks fit, too.

import type { DayNumbers } from "../api/numbers";
import type { Measure } from "../api/regions";
import type { Series } from "./bars";
import { clock } from "./days";
import type { TableOf } from "./figure";
import { NONE, type Pair, pick } from "./hours";
import { brief, spoken } from "./likely";

export interface SideBySide {
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  readonly summary: string;
  readonly table: TableOf;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, "0")}:00`);

export function sideBySide(days: readonly DayNumbers[], pair: Pair, measure: Measure, zone: string): SideBySide {
  const series = days.map(({ day, hours }) => ({
    name: day,
    values: HOURS.map((label) =>
      pick(
        hours.filter(({ begin }) => clock(begin, zone) === label),
        pair,
        measure,
      ),
    ),
  }));
  const totals = days.map(({ counts }) => pick(counts, pair, measure));
  const rows = HOURS.map((label, hour) => [label, ...series.map(({ values }) => brief(values[hour] ?? NONE))]);
  const words = days.map(({ day }, index) => `${day}: ${spoken(totals[index] ?? NONE)}`).join("; ");
  return {
    labels: HOURS,
    series,
    summary: `${words}. ${unseen(days) || verdict(totals)}`,
    table: { columns: ["From", ...days.map(({ day }) => day)], rows: [...rows, ["Whole day", ...totals.map(brief)]] },
  };
}

/** A day without a single figure says nothing about how many came. */
function unseen(days: readonly DayNumbers[]): string {
  const without = days.filter(({ counts }) => counts.every(({ count }) => count === 0)).map(({ day }) => day);
  if (without.length !== 1) return "";
  return `Nothing at all was counted on ${without[0]}: perhaps no camera ran.`;
}

/** Whether the days differ by more than what the counts may be off. */
function verdict([one = NONE, other = NONE]: readonly { count: number; low: number; high: number }[]): string {
  if (one.low > other.high || other.low > one.high) return "The days differ by more than the counts may be off.";
  return one.count === other.count ? "The same." : "The difference may be chance of counting.";
}
