// Fewer bars of a histogram that has many.

export interface Bin {
  readonly from_s: number;
  /** null: and longer. */
  readonly to_s: number | null;
  readonly count: number;
}

/** Without empty ends, and neighbours joined until there are at most `most`. */
export function condensed(bins: readonly Bin[], most: number): Bin[] {
  const [first, last] = [bins.findIndex(({ count }) => count > 0), bins.findLastIndex(({ count }) => count > 0)];
  if (first < 0) return [];
  const filled = bins.slice(first, last + 1);
  const together = Math.ceil(filled.length / most);
  const starts = Array.from({ length: Math.ceil(filled.length / together) }, (_, index) => index * together);
  return starts.map((start) => joined(filled.slice(start, start + together)));
}

function joined(bins: readonly Bin[]): Bin {
  const count = bins.reduce((sum, bin) => sum + bin.count, 0);
  return { from_s: bins[0]?.from_s ?? 0, to_s: bins.at(-1)?.to_s ?? null, count };
}
