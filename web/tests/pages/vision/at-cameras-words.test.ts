import { expect, test } from "vitest";
import type { ModelAtCamera, ModelComparison } from "../../../src/api/models";
import { rivals, several, share, verdict } from "../../../src/pages/vision/at-cameras-words";

const all = (mended: number, broken: number) => ({ tag: null, pictures: 8, running: 4, new: 6, mended, broken });
const compared = (tags: ModelComparison["tags"]): ModelComparison => ({
  id: "1",
  state: "done",
  words: "",
  running: "old.zip",
  new: "Iteration 2",
  done: 8,
  total: 8,
  is_unseen: true,
  tags,
});
const asks = (camera: string, words: string | null): ModelAtCamera => ({
  camera,
  model: words === null ? null : { words, project: null, iteration: null },
  before: null,
  has_before: false,
});

test.each([
  [["front"], "front"],
  [["front", "yard"], "front and yard"],
  [["front", "yard", "till"], "front and 2 others"],
])("names of cameras: %j", (names, words) => {
  expect(several(names)).toBe(words);
});

test("a model is compared with each that runs, once", () => {
  expect(rivals([asks("a", "x.zip"), asks("b", "x.zip"), asks("c", null), asks("d", "y.zip")])).toEqual([
    ["a", "x.zip"],
    ["d", "y.zip"],
  ]);
});

test.each([
  [compared([all(2, 0)]), "Iteration 2 tells 2 pictures more right."],
  [compared([all(0, 1)]), "old.zip tells 1 picture more right."],
  [compared([all(1, 1)]), "Iteration 2 and old.zip tell equally many right."],
  [compared([]), "There is no tagged picture to judge by: tag some that the new model has not learned from."],
])("what came of it", (found, words) => {
  expect(verdict(found)).toBe(words);
});

test("a share of the pictures of a tag", () => {
  expect(share(6, all(0, 0))).toBe("75 %");
});
