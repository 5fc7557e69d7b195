// Files for uploading: which ones are refused here already, and how the others are put together. Pure.

export const PICTURE_TYPES = "image/jpeg,image/png,image/bmp,image/gif";
export const MOST_BYTES = 6 * 1024 * 1024;
/** Of the quick test and of all predictions. */
export const MOST_TEST_BYTES = 4 * 1024 * 1024;
const MOST_IN_BATCH = 16;
const MOST_BYTES_IN_BATCH = 24 * 1024 * 1024;

export interface Refusal {
  readonly name: string;
  readonly words: string;
}

/** What is wrong with a file, if anything. */
export function refusalOf({ type, size }: Pick<File, "type" | "size">, most = MOST_BYTES): string | null {
  if (!PICTURE_TYPES.split(",").includes(type)) return "is no JPEG, PNG, BMP or GIF";
  return size > most ? `is larger than ${Math.round(most / 1024 / 1024)} MB` : null;
}

/** Batches that are not too many and not too large, in order. */
export function batches<T extends Pick<File, "size">>(files: readonly T[]): T[][] {
  const all: T[][] = [];
  let bytes = 0;
  for (const file of files) {
    const last = all.at(-1);
    bytes += file.size;
    if (last && last.length < MOST_IN_BATCH && bytes <= MOST_BYTES_IN_BATCH) last.push(file);
    else {
      all.push([file]);
      bytes = file.size;
    }
  }
  return all;
}
