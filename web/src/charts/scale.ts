// From numbers to places on the screen.

/** Round numbers from 0 up to `most` or just above it, at most about `wanted` steps; whole ones only. */
export function ticks(most: number, wanted = 4): number[] {
  const step = niceStep(Math.max(most, 1) / wanted);
  const count = Math.ceil(Math.max(most, 1) / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

function niceStep(least: number): number {
  if (least <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((nice) => nice * power >= least - 1e-9) ?? 10;
  return factor * power;
}

/** Every how many labels may be written, so that they do not touch. */
export function labelEvery(count: number, widthPx: number, labelPx: number): number {
  const room = Math.max(1, Math.floor(widthPx / labelPx));
  return [1, 2, 3, 4, 6, 12].find((every) => count / every <= room) ?? count;
}

/** Which of `levels` classes a value belongs to: 0 for nothing, else 1 to `levels`, by the square root of its share. */
export function level(value: number, most: number, levels: number): number {
  if (value <= 0 || most <= 0) return 0;
  return Math.min(levels, Math.max(1, Math.ceil(Math.sqrt(value / most) * levels)));
}
