// What a model told about a picture, against what people said about it. Pure.

import type { BoundingBox, ImagePerformance, Prediction } from "../../api/vision-types";
import type { Kind } from "./words";

export interface Verdict {
  /** Names of what is there and was not told. */
  readonly missed: readonly string[];
  /** What was told and is not there. */
  readonly invented: readonly Prediction[];
}

export interface Least {
  /** Probability from which on something counts as told. */
  readonly threshold: number;
  /** Intersection over union from which on a box counts as found. */
  readonly overlap: number;
}

export const isWrong = ({ missed, invented }: Verdict): boolean => missed.length > 0 || invented.length > 0;

export function judge(image: ImagePerformance, kind: Kind, { threshold, overlap }: Least): Verdict {
  const told = (image.predictions ?? []).filter(({ probability }) => probability >= threshold);
  if (kind === "boxes") return judgeBoxes(image, told, overlap);
  const tags = image.tags ?? [];
  const counted = kind === "one" ? likeliest(told) : told;
  return {
    missed: tags.filter(({ tagId }) => !counted.some((one) => one.tagId === tagId)).map(({ tagName }) => tagName),
    invented: counted.filter(({ tagId }) => !tags.some((tag) => tag.tagId === tagId)),
  };
}

/** The likeliest one, as a list of at most one. */
export function likeliest(predictions: readonly Prediction[]): Prediction[] {
  return [...predictions].sort((a, b) => b.probability - a.probability).slice(0, 1);
}

/** The likeliest box takes the true box of its tag that it covers best; each is taken once. */
function judgeBoxes(image: ImagePerformance, told: readonly Prediction[], overlap: number): Verdict {
  const open = [...(image.regions ?? [])];
  const invented = [...told]
    .sort((a, b) => b.probability - a.probability)
    .filter(({ tagId, boundingBox }) => {
      const fits = open.filter((one) => one.tagId === tagId && boundingBox && iou(one, boundingBox) >= overlap);
      const best = fits.sort((a, b) => iou(b, boundingBox ?? b) - iou(a, boundingBox ?? a))[0];
      if (best) open.splice(open.indexOf(best), 1);
      return !best;
    });
  return { missed: open.map(({ tagName }) => tagName), invented };
}

/** Intersection over union. */
export function iou(a: BoundingBox, b: BoundingBox): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}
