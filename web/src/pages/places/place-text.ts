// A new place, as lines of the configuration.

import type { LineRegion } from "../../api/regions";

/** A line that people pass to get in and out. */
export interface Door {
  readonly camera: string;
  readonly line: string;
  /** In is to the left over the line. */
  readonly isTurned: boolean;
}

/** A footfall.yaml with one place more; null where it is written in a way that people must change themselves. */
export function withPlace(text: string, name: string, doors: readonly Door[]): string | null {
  const lines = text.split("\n");
  if (lines.some((line) => /^["'{[]/.test(line))) return null;
  const at = lines.findIndex((line) => /^occupancy\s*:/.test(line));
  if (at < 0) return `${text.replace(/\n*$/, "\n")}occupancy:\n${item("  ", name, doors).join("\n")}\n`;
  if (!/^occupancy\s*:\s*(#.*)?$/.test(lines[at] ?? "")) return null;
  const first = lines.slice(at + 1).find((line) => /^\s*[^\s#]/.test(line));
  const indent = /^(\s*)- /.exec(first ?? "")?.[1];
  return indent === undefined ? null : lines.toSpliced(at + 1, 0, ...item(indent, name, doors)).join("\n");
}

function item(indent: string, name: string, doors: readonly Door[]): string[] {
  const written = doors.map(({ camera, line, isTurned }) => JSON.stringify(`${camera}/${line}${isTurned ? "-" : "+"}`));
  return [`${indent}- name: ${JSON.stringify(name)}`, `${indent}  doors: [${written.join(", ")}]`];
}

/** Whether people who call a way `in` mean the one to the left. */
export function isTurned({ names: { right, left } }: LineRegion): boolean {
  const isIn = (word: string): boolean => word.trim().toLowerCase() === "in";
  return isIn(left) && !isIn(right);
}
