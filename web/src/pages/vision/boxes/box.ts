// Tagged boxes and all edits of them, as pure functions.

import type { Point } from "../../../api/regions";
import type { BoundingBox, Region } from "../../../api/vision-types";
import { clamped } from "../../regions/geometry";

/** Shares of the picture: what is smaller is no box. */
export const SMALLEST = 0.004;
const USUAL = [0.35, 0.35, 0.65, 0.65] as const;
const PLACES = 5;

/** The box between two opposite corners. */
export function spanned(a: Point, b: Point): BoundingBox {
  const [left, right] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
  const [top, bottom] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])];
  return { left, top, width: right - left, height: bottom - top };
}

export const isTiny = ({ width, height }: BoundingBox): boolean => width < SMALLEST || height < SMALLEST;

/** One in the middle, for those who draw by keyboard. */
export const usualBox = (): BoundingBox => spanned([USUAL[0], USUAL[1]], [USUAL[2], USUAL[3]]);

/** Top left, top right, bottom right, bottom left. */
export function corners({ left, top, width, height }: BoundingBox): readonly Point[] {
  const [right, bottom] = [left + width, top + height];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

export const CORNER_WORDS = ["top left", "top right", "bottom right", "bottom left"] as const;

/** All of it moved, as far as the picture reaches. */
export function movedBox<T extends BoundingBox>(box: T, dx: number, dy: number): T {
  const left = Math.min(1 - box.width, Math.max(0, box.left + dx));
  const top = Math.min(1 - box.height, Math.max(0, box.top + dy));
  return { ...box, left, top };
}

/** One corner moved; the opposite one stays. A box never vanishes. */
export function movedCorner<T extends BoundingBox>(box: T, at: number, dx: number, dy: number): T {
  const all = corners(box);
  const [corner, opposite] = [all[at], all[(at + 2) % 4]];
  if (!corner || !opposite) return box;
  const next = spanned(opposite, clamped(corner[0] + dx, corner[1] + dy));
  return isTiny(next) ? box : { ...box, ...next };
}

const sign = ({ tagId, left, top, width, height }: Region): string =>
  [tagId, ...[left, top, width, height].map((value) => value.toFixed(PLACES))].join(" ");

export interface Difference {
  readonly added: readonly Region[];
  /** Ids of those that are to go. */
  readonly removed: readonly string[];
}

/** What has to be added to and taken from what the service has. A box that moved is another box. */
export function difference(
  saved: readonly (Region & { readonly regionId: string })[],
  drawn: readonly Region[],
): Difference {
  const [before, now] = [new Set(saved.map(sign)), new Set(drawn.map(sign))];
  return {
    added: drawn.filter((box) => !before.has(sign(box))),
    removed: saved.filter((box) => !now.has(sign(box))).map(({ regionId }) => regionId),
  };
}

export const plain = ({ tagId, left, top, width, height }: Region): Region => ({ tagId, left, top, width, height });
