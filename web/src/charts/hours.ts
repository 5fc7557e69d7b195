// From figures of the service to bars: which belong together, and what they say in words.

import type { Count, NumberAt } from "../api/numbers";
import type { Measure } from "../api/regions";
import type { Series } from "./bars";
import { type Counted, spoken } from "./likely";

export const NONE: Counted = { count: 0, low: 0, high: 0 };

/** What people call the two ways over a line, where somebody has said so. */
export interface WayNames {
  readonly right: string;
  readonly left: string;
}

/** What the ways over a line are found by. */
export function wayKey(camera: string, line: string): string {
  return JSON.stringify([camera, line]);
}

/** The two figures of a line or zone that stand side by side. */
export interface Pair {
  readonly camera: string;
  readonly region: string;
  readonly measures: readonly [Measure, Measure];
  readonly words: readonly [string, string];
}

/** Every line and zone that has figures, in their order; visits are shown elsewhere. */
export function pairs(counts: readonly Count[], ways: ReadonlyMap<string, WayNames>): Pair[] {
  const found = new Map<string, Pair>();
  for (const { camera, region, measure } of counts) {
    const key = wayKey(camera, region);
    if (measure === "visit" || found.has(key)) continue;
    const isLine = measure === "right" || measure === "left";
    const names = ways.get(key);
    const words: [string, string] = isLine
      ? [names?.right || "to the right", names?.left || "to the left"]
      : ["in", "out"];
    found.set(key, { camera, region, measures: isLine ? ["right", "left"] : ["enter", "exit"], words });
  }
  return [...found.values()];
}

/** `front / door`. */
export function nameOf({ camera, region }: Pair): string {
  return `${camera} / ${region}`;
}

/** The figure of a pair, nothing where there is none. */
export function pick(counts: readonly Count[], pair: Pair, measure: Measure): Counted {
  const isIt = (one: Count): boolean =>
    one.camera === pair.camera && one.region === pair.region && one.measure === measure;
  return counts.find(isIt) ?? NONE;
}

/** One value for every hour; null for hours that have not begun. */
export function hourly(numbers: readonly NumberAt[], pair: Pair, hours: readonly Date[], now: Date): Series[] {
  return pair.measures.map((measure, index) => ({
    name: pair.words[index] ?? measure,
    values: hours.map((hour) => {
      const inHour = numbers.filter(({ begin }) => Date.parse(begin) === hour.getTime());
      return hour > now ? null : pick(inHour, pair, measure);
    }),
  }));
}

/** `in 120, likely 115 to 131; out 118. Most in 17:00 to 18:00: 24 in, 20 out.` */
export function inWords(totals: readonly Counted[], series: readonly Series[], labels: readonly string[]): string {
  const whole = `${series.map(({ name }, index) => `${name} ${spoken(totals[index] ?? NONE)}`).join("; ")}.`;
  const sums = labels.map((_, hour) => series.reduce((sum, { values }) => sum + (values[hour]?.count ?? 0), 0));
  const most = Math.max(0, ...sums);
  if (most === 0) return "Nobody was counted.";
  const busiest = sums.indexOf(most);
  const there = series.map(({ name, values }) => `${name} ${values[busiest]?.count ?? 0}`).join(", ");
  return `${capital(whole)} Most from ${labels[busiest]} on: ${there}.`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
