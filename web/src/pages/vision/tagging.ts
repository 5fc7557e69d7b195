// Which tags are to be given and taken when somebody presses one. Pure.

import type { Tagging } from "../../api/vision";
import type { Tag, VisionImage } from "../../api/vision-types";
import type { Kind } from "./words";

export type Mark = "all" | "some" | "none";

export interface Plan {
  readonly add: readonly Tagging[];
  readonly dropFrom: readonly string[];
  readonly drop: readonly string[];
}

const has = ({ tags }: VisionImage, tagId: string): boolean => (tags ?? []).some((tag) => tag.tagId === tagId);

/** How many of these pictures have a tag. */
export function markOf(images: readonly VisionImage[], tagId: string): Mark {
  const count = images.filter((image) => has(image, tagId)).length;
  if (count === 0) return "none";
  return count === images.length ? "all" : "some";
}

/**
 * A tag that all of them have goes; else those that lack it get it. Where a picture has one tag only, and beside negative
 * tags, the others go.
 */
export function planned(images: readonly VisionImage[], tag: Tag, tags: readonly Tag[], kind: Kind): Plan {
  if (markOf(images, tag.id) === "all") return { add: [], dropFrom: images.map(({ id }) => id), drop: [tag.id] };
  const isAlone = kind === "one" || tag.type === "Negative";
  const rivals = tags.filter(({ id, type }) => id !== tag.id && (isAlone || type === "Negative"));
  const drop = rivals.filter(({ id }) => markOf(images, id) !== "none").map(({ id }) => id);
  const dropFrom = images.filter((image) => drop.some((id) => has(image, id))).map(({ id }) => id);
  const add = images.filter((image) => !has(image, tag.id)).map(({ id }) => ({ imageId: id, tagId: tag.id }));
  return { add, dropFrom, drop };
}

/** The tag of a digit key: 1 to 9. */
export function tagOfKey(key: string, tags: readonly Tag[]): Tag | undefined {
  return /^[1-9]$/.test(key) ? tags[Number(key) - 1] : undefined;
}

/** What a picture shows, in words. */
export function contents({ tags, regions }: VisionImage): string {
  if (regions && regions.length > 0) return tally(regions.map(({ tagName }) => tagName));
  return (tags ?? []).map(({ tagName }) => tagName).join(", ") || "no tag";
}

/** `2 fork, 1 knife`. */
export function tally(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
}
