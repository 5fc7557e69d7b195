// Places as lines of the configuration.

import type { Door } from "./door";

export interface Place {
  readonly name: string;
  readonly doors: readonly Door[];
}

/** What the text of a configuration means. */
export interface Meaning {
  readonly occupancy?: unknown;
}

/** A footfall.yaml with one place more; null where it is written in a way that people must change themselves. */
export function withPlace(text: string, place: Place): string | null {
  const lines = text.split("\n");
  if (isOneValue(lines)) return null;
  const at = lines.findIndex((line) => SECTION.test(line));
  if (at < 0) return `${text.replace(/\n*$/, "\n")}occupancy:\n${item("  ", place).join("\n")}\n`;
  const [first] = itemsOf(lines) ?? [];
  return first ? lines.toSpliced(at + 1, 0, ...item(first.indent, place)).join("\n") : null;
}

/** With another place in the place of the one called `name`; what else is said of it stays. null: as above. */
export function withChangedPlace(text: string, means: Meaning, name: string, place: Place): string | null {
  const lines = text.split("\n");
  const found = find(lines, means, name);
  if (!found) return null;
  const { start, end, indent, more } = found;
  const kept = Object.entries(more).map(([key, value]) => `${indent}  ${key}: ${JSON.stringify(value)}`);
  return lines.toSpliced(start, end - start, ...item(indent, place), ...kept).join("\n");
}

/** Without the place called `name`. null: as above. */
export function withoutPlace(text: string, means: Meaning, name: string): string | null {
  const lines = text.split("\n");
  const found = find(lines, means, name);
  if (!found) return null;
  const left = lines.toSpliced(found.start, found.end - found.start);
  return (found.isOnly ? left.filter((line) => !SECTION.test(line)) : left).join("\n");
}

const SECTION = /^occupancy\s*:/;
interface Written {
  readonly name?: unknown;
  readonly doors?: unknown;
}

const NOTHING = /^\s*(#.*)?$/;

interface Item {
  readonly start: number;
  /** Of the first line behind it. */
  readonly end: number;
  readonly indent: string;
}

interface Found extends Item {
  /** What is said of it beside its name and doors. */
  readonly more: object;
  readonly isOnly: boolean;
}

/** Where a place is written; null where that is not sure, or where a comment in it would be lost. */
function find(lines: readonly string[], means: Meaning, name: string): Found | null {
  const items = itemsOf(lines);
  const places = (means.occupancy ?? []) as readonly Written[];
  const at = places.findIndex((place) => String(place.name).trim() === name);
  const found = items?.[at];
  if (!found || items.length !== places.length) return null;
  if (lines.slice(found.start, found.end).some((line) => /(^|\s)#/.test(line))) return null;
  const { name: _, doors, ...more } = places[at] ?? {};
  return { ...found, more, isOnly: items.length === 1 };
}

/** The items of the section, as they are written; null where it is written otherwise. */
function itemsOf(lines: readonly string[]): Item[] | null {
  const at = lines.findIndex((line) => SECTION.test(line));
  if (isOneValue(lines) || !/^occupancy\s*:\s*(#.*)?$/.test(lines[at] ?? "")) return null;
  const first = lines.slice(at + 1).find((line) => !NOTHING.test(line));
  const indent = /^(\s*)- /.exec(first ?? "")?.[1];
  if (indent === undefined) return null;
  const next = lines.findIndex((line, index) => index > at && /^[^\s#-]/.test(line));
  const over = next < 0 ? lines.length : next;
  const starts = [...lines.keys()].filter((i) => i > at && i < over && lines[i]?.startsWith(`${indent}- `));
  return starts.map((start, index) => {
    let end = starts[index + 1] ?? over;
    while (NOTHING.test(lines[end - 1] ?? "")) end -= 1;
    return { start, end, indent };
  });
}

/** JSON, or one value in brackets. */
function isOneValue(lines: readonly string[]): boolean {
  return lines.some((line) => /^["'{[]/.test(line));
}

function item(indent: string, { name, doors }: Place): string[] {
  const written = doors.map(({ camera, region, isTurned }) =>
    JSON.stringify(`${camera && `${camera}/`}${region}${isTurned ? "-" : "+"}`),
  );
  return [`${indent}- name: ${JSON.stringify(name)}`, `${indent}  doors: [${written.join(", ")}]`];
}
