// Bytes in words.

const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** `1.5 GB`: powers of 1000, as disks are sold. */
export function size(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const value = bytes / 1000 ** power;
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}
