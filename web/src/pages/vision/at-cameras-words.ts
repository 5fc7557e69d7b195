// What is said about models at cameras. Pure.

import type { ComparedTag, ModelAtCamera, ModelComparison } from "../../api/models";
import { percent, pictures } from "./words";

/** `front`, `front and yard`, `front and 3 others`. */
export function several(names: readonly string[]): string {
  const [first = "", second = ""] = names;
  if (names.length < 2) return first;
  return names.length === 2 ? `${first} and ${second}` : `${first} and ${names.length - 1} others`;
}

/** One camera for each model that is asked: the one to compare with. */
export function rivals(cameras: readonly ModelAtCamera[]): readonly (readonly [string, string])[] {
  const found = new Map<string, string>();
  for (const { camera, model } of cameras) if (model && !found.has(model.words)) found.set(model.words, camera);
  return [...found].map(([words, camera]) => [camera, words] as const);
}

/** What came of it, in one sentence. */
export function verdict({ running, new: fresh, tags }: ModelComparison): string {
  const all = tags.find(({ tag }) => tag === null);
  if (!all) return "There is no tagged picture to judge by: tag some that the new model has not learned from.";
  const { mended, broken } = all;
  if (mended === broken) return `${fresh} and ${running} tell equally many right.`;
  const [better, by] = mended > broken ? [fresh, mended - broken] : [running, broken - mended];
  return `${better} tells ${pictures(by)} more right.`;
}

/** `75 %`, of the pictures of a tag. */
export const share = (right: number, { pictures: count }: ComparedTag): string => percent(right / Math.max(1, count));
