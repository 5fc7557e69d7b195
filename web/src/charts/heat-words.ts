// A heat map in words, and as a table of its warmest squares.

import type { TableOf } from "./figure";
import { duration } from "./likely";

/** Row by row from the top, seconds of people. */
export type Rows = readonly (readonly number[])[];

const WARMEST = 10;

export function heatInWords(cells: Rows): string {
  const all = cells.flat();
  const [total, most] = [all.reduce((sum, seconds) => sum + seconds, 0), Math.max(0, ...all)];
  if (most === 0) return "Nobody was here.";
  const row = cells.findIndex((line) => line.includes(most));
  const where = corner(cells[row]?.indexOf(most) ?? 0, row, cells);
  return `All people together were here for ${duration(total)}, longest ${where}: ${duration(most)} in one square.`;
}

export function hottest(cells: Rows): TableOf {
  const all = cells.flatMap((line, row) => line.map((seconds, column) => ({ seconds, column, row })));
  const warm = all.filter(({ seconds }) => seconds > 0).sort((one, other) => other.seconds - one.seconds);
  const name = (column: number, row: number): string => `Column ${column + 1}, row ${row + 1}`;
  const rows = warm.slice(0, WARMEST).map(({ seconds, column, row }) => [name(column, row), duration(seconds)]);
  return { columns: ["Square, from the top left", "All people together"], rows };
}

function corner(column: number, row: number, cells: Rows): string {
  const third = (at: number, of: number): 0 | 1 | 2 => (at * 3 < of ? 0 : at * 3 < 2 * of ? 1 : 2);
  const down = ["at the top", "in the middle", "at the bottom"] as const;
  const across = ["left", "centre", "right"] as const;
  return `${down[third(row + 0.5, cells.length)]} ${across[third(column + 0.5, cells[0]?.length ?? 1)]}`;
}
