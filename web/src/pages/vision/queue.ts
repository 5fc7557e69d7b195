// Pictures in the order in which they were last listed, so that one can go from one to the next.

import { signal } from "@preact/signals";

interface Queue {
  readonly project: string;
  readonly ids: readonly string[];
}

export const queue = signal<Queue>({ project: "", ids: [] });

/** The neighbours of a picture in that order. */
export function neighbours(
  ids: readonly string[],
  id: string,
): { before: string | undefined; after: string | undefined } {
  const at = ids.indexOf(id);
  return at < 0 ? { before: undefined, after: undefined } : { before: ids[at - 1], after: ids[at + 1] };
}
