// Counts in words. No count is shown without its interval, unless nothing else is credible.

/** What was counted, and the ends of the interval that holds the truth 19 times out of 20. */
export interface Counted {
  readonly count: number;
  readonly low: number;
  readonly high: number;
}

export function isSure({ count, low, high }: Counted): boolean {
  return low === count && high === count;
}

/** `12 (11 to 16)`, or `12`. */
export function brief(counted: Counted): string {
  const { count, low, high } = counted;
  return isSure(counted) ? whole(count) : `${whole(count)} (${whole(low)} to ${whole(high)})`;
}

/** `12, likely 11 to 16`: for sentences, and for those who listen. */
export function spoken(counted: Counted): string {
  const { count, low, high } = counted;
  return isSure(counted) ? whole(count) : `${whole(count)}, likely ${whole(low)} to ${whole(high)}`;
}

/** Whole numbers with a thin space between thousands; others with one decimal. */
export function whole(value: number): string {
  const text = Number.isInteger(value) ? String(Math.abs(value)) : Math.abs(value).toFixed(1);
  const grouped = text.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, "\u2009");
  return value < 0 ? `−${grouped}` : grouped;
}

/** `45 s`, `3 min 20 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  const [hours, minutes, rest] = [Math.floor(rounded / 3600), Math.floor(rounded / 60) % 60, rounded % 60];
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  return rest > 0 ? `${minutes} min ${rest} s` : `${minutes} min`;
}
