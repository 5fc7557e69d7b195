import { describe, expect, test } from "vitest";
import type { ImageRegion, Region } from "../../../src/api/vision-types";
import { corners, difference, isTiny, movedBox, movedCorner, spanned } from "../../../src/pages/vision/boxes/box";

const box = (left: number, top: number, width: number, height: number, tagId = "fork"): Region => ({
  tagId,
  left,
  top,
  width,
  height,
});
const saved = (regionId: string, region: Region): ImageRegion => ({ ...region, regionId, tagName: region.tagId });

test("a box is the same from whichever corner it is drawn", () => {
  const expected = { left: 0.25, top: 0.5, width: 0.5, height: 0.25 };
  expect(spanned([0.25, 0.5], [0.75, 0.75])).toEqual(expected);
  expect(spanned([0.75, 0.75], [0.25, 0.5])).toEqual(expected);
  expect(spanned([0.75, 0.5], [0.25, 0.75])).toEqual(expected);
});

test("a press without a move is no box", () => {
  expect(isTiny(spanned([0.5, 0.5], [0.501, 0.9]))).toBe(true);
  expect(isTiny(spanned([0.5, 0.5], [0.51, 0.51]))).toBe(false);
});

test("a moved box stays in the picture and keeps its size", () => {
  expect(movedBox(box(0.5, 0.5, 0.25, 0.25), 1, -1)).toEqual(box(0.75, 0, 0.25, 0.25));
});

describe("a moved corner", () => {
  const one = box(0.25, 0.25, 0.5, 0.5);
  test("leaves the opposite one where it is", () => {
    const next = movedCorner(one, 0, -0.125, 0.125);
    expect(corners(next)[2]).toEqual([0.75, 0.75]);
    expect(corners(next)[0]).toEqual([0.125, 0.375]);
  });

  test("stops at the edge of the picture", () => {
    expect(movedCorner(one, 2, 5, 5)).toEqual(box(0.25, 0.25, 0.75, 0.75));
  });

  test("never makes the box vanish", () => {
    expect(movedCorner(one, 1, -0.5, 0)).toEqual(one);
  });
});

describe("what is to be saved", () => {
  const [a, b] = [box(0.1, 0.1, 0.2, 0.2), box(0.5, 0.5, 0.2, 0.2)];
  const before = [saved("1", a), saved("2", b)];

  test("nothing, as long as nothing is drawn", () => {
    expect(difference(before, [a, b])).toEqual({ added: [], removed: [] });
  });

  test("nothing, where something went away and came back", () => {
    expect(difference(before, [b, movedBox(movedBox(a, 0.1, 0), -0.1, 0)])).toEqual({ added: [], removed: [] });
  });

  test("a box that moved is one to add and one to take away", () => {
    const moved = movedBox(a, 0.05, 0);
    expect(difference(before, [moved, b])).toEqual({ added: [moved], removed: ["1"] });
  });

  test("so is one that has another tag", () => {
    const other = { ...b, tagId: "knife" };
    expect(difference(before, [a, other])).toEqual({ added: [other], removed: ["2"] });
  });
});
