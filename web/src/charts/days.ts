// Days and hours of a time zone. A day is a text such as `2026-11-21`; it may have 23, 24 or 25 hours.

import type { Span } from "../api/numbers";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The day that a moment lies in. */
export function dayOf(moment: Date, zone: string): string {
  const { year, month, day } = parts(moment, zone);
  return `${year}-${month}-${day}`;
}

/** The day `count` days later. */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

/** The first moment of a day. */
export function startOf(day: string, zone: string): Date {
  const wall = Date.parse(`${day}T00:00:00Z`);
  const guess = wall - offsetMs(wall, zone);
  const start = wall - offsetMs(guess, zone);
  if (dayOf(new Date(start), zone) === day) return new Date(start);
  return new Date(start + HOUR_MS); // clocks went forward at midnight
}

/** `days` days from the beginning of `day` on. */
export function spanOf(day: string, zone: string, days = 1): Span {
  return { from: startOf(day, zone).toISOString(), to: startOf(addDays(day, days), zone).toISOString() };
}

/** Beginnings of all hours of a day; 23 or 25 of them where clocks change. */
export function hoursOf(day: string, zone: string): Date[] {
  const [start, end] = [startOf(day, zone).getTime(), startOf(addDays(day, 1), zone).getTime()];
  return Array.from({ length: Math.round((end - start) / HOUR_MS) }, (_, hour) => new Date(start + hour * HOUR_MS));
}

/** `17:05`. */
export function clock(moment: Date | string, zone: string): string {
  const { hour, minute } = parts(new Date(moment), zone);
  return `${hour}:${minute}`;
}

/** `2026-11-21 17:05:09`. */
export function stamp(moment: Date | string, zone: string): string {
  const { year, month, day, hour, minute, second } = parts(new Date(moment), zone);
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}

/** What clocks show at a moment, as an input for dates and times wants it: `2026-11-21T17:05`. */
export function wallOf(moment: Date, zone: string): string {
  return `${dayOf(moment, zone)}T${clock(moment, zone)}`;
}

/** The moment at which clocks show that; null where it is no date and time. */
export function momentOf(wall: string, zone: string): Date | null {
  const shown = Date.parse(`${wall}Z`);
  if (Number.isNaN(shown)) return null;
  const guess = shown - offsetMs(shown, zone);
  return new Date(shown - offsetMs(guess, zone));
}

/** `Saturday, 21 November 2026`. */
export function spelt(day: string): string {
  const at = new Date(`${day}T12:00:00Z`);
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeZone: "UTC" }).format(at);
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

/** The zone of this browser, and all others that it knows. */
export function zones(): { own: string; all: string[] } {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  return { own, all: [...new Set([own, "UTC", ...Intl.supportedValuesOf("timeZone")])] };
}

type Part = "year" | "month" | "day" | "hour" | "minute" | "second";

const formats = new Map<string, Intl.DateTimeFormat>();

function parts(moment: Date, zone: string): Record<Part, string> {
  let format = formats.get(zone);
  if (format === undefined) {
    const two = "2-digit";
    const shape = { year: "numeric", month: two, day: two, hour: two, minute: two, second: two } as const;
    format = new Intl.DateTimeFormat("en-CA", { ...shape, hourCycle: "h23", timeZone: zone });
    formats.set(zone, format);
  }
  const found = { year: "", month: "", day: "", hour: "", minute: "", second: "" };
  for (const { type, value } of format.formatToParts(moment)) {
    if (type in found) found[type as Part] = value;
  }
  return found;
}

function offsetMs(moment: number, zone: string): number {
  const { year, month, day, hour, minute, second } = parts(new Date(moment), zone);
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - Math.floor(moment / 1000) * 1000;
}
