// Pictures in the order in which they were last listed, so that one can go from one to the next.

import { signal } from "@preact/signals";
import { useLoad } from "../../api/use";
import { listPictures, type PictureFilter } from "../../api/vision";
import { chosen } from "../choice";

interface Queue {
  readonly project: string;
  readonly ids: readonly string[];
}

const AT_ONCE = 256;

export const queue = signal<Queue>({ project: "", ids: [] });

/** Which pictures the address asks for. */
export function chosenFilter(): PictureFilter {
  const show = chosen("show");
  const taggingStatus = show === "Tagged" || show === "Untagged" ? show : "All";
  return { taggingStatus, tag: chosen("tag"), camera: chosen("camera") };
}

/** The ids around a picture; listed anew where nobody has come from the list. */
export function useQueue(project: string, picture: string): readonly string[] {
  const { ids } = queue.value;
  const isKnown = queue.value.project === project && ids.includes(picture);
  useLoad(`${project} ${picture}`, async (signal) => {
    if (isKnown) return;
    const images = await listPictures(project, chosenFilter(), AT_ONCE, signal);
    queue.value = { project, ids: images.map(({ id }) => id) };
  });
  return ids;
}

/** The neighbours of a picture in that order. */
export function neighbours(
  ids: readonly string[],
  id: string,
): { before: string | undefined; after: string | undefined } {
  const at = ids.indexOf(id);
  return at < 0 ? { before: undefined, after: undefined } : { before: ids[at - 1], after: ids[at + 1] };
}
