import { describe, expect, test } from "vitest";
import type { ImagePerformance, Prediction } from "../../../src/api/vision-types";
import { iou, isWrong, judge } from "../../../src/pages/vision/verdict";

const LEAST = { threshold: 0.5, overlap: 0.3 };
const told = (tagId: string, probability: number, left?: number): Prediction => ({
  probability,
  tagId,
  tagName: tagId,
  boundingBox: left === undefined ? null : { left, top: 0, width: 0.2, height: 0.2 },
});
const region = (tagId: string, left: number) => ({
  regionId: `${tagId}${left}`,
  tagId,
  tagName: tagId,
  left,
  top: 0,
  width: 0.2,
  height: 0.2,
});
const picture = (known: Partial<ImagePerformance>): ImagePerformance => ({
  id: "i",
  width: 4,
  height: 3,
  imageUri: "",
  thumbnailUri: "",
  predictions: null,
  tags: null,
  regions: null,
  ...known,
});
const tagged = (tags: string[], ...predictions: Prediction[]): ImagePerformance =>
  picture({ predictions, tags: tags.map((tagId) => ({ tagId, tagName: tagId })) });

describe("one tag a picture", () => {
  test("the likeliest counts", () => {
    expect(isWrong(judge(tagged(["mask"], told("mask", 0.8), told("bare", 0.6)), "one", LEAST))).toBe(false);
  });

  test("another one that is likelier is invented, and its own is missed", () => {
    const { missed, invented } = judge(tagged(["mask"], told("mask", 0.3), told("bare", 0.7)), "one", LEAST);
    expect(missed).toEqual(["mask"]);
    expect(invented.map(({ tagId }) => tagId)).toEqual(["bare"]);
  });

  test("under the threshold nothing is told", () => {
    const verdict = judge(tagged(["mask"], told("mask", 0.45), told("bare", 0.3)), "one", LEAST);
    expect(verdict).toEqual({ missed: ["mask"], invented: [] });
  });
});

describe("several tags a picture", () => {
  test("each counts by itself", () => {
    const image = tagged(["helmet", "vest"], told("helmet", 0.9), told("gloves", 0.6), told("vest", 0.2));
    const { missed, invented } = judge(image, "many", LEAST);
    expect(missed).toEqual(["vest"]);
    expect(invented.map(({ tagId }) => tagId)).toEqual(["gloves"]);
  });
});

describe("boxes", () => {
  test("one that covers a true one enough is right", () => {
    const image = picture({ predictions: [told("fork", 0.9, 0.05)], regions: [region("fork", 0)] });
    expect(isWrong(judge(image, "boxes", LEAST))).toBe(false);
  });

  test("one of another tag is not", () => {
    const image = picture({ predictions: [told("knife", 0.9, 0)], regions: [region("fork", 0)] });
    const { missed, invented } = judge(image, "boxes", LEAST);
    expect(missed).toEqual(["fork"]);
    expect(invented).toHaveLength(1);
  });

  test("two for one true box: the likelier is right", () => {
    const image = picture({
      predictions: [told("fork", 0.6, 0), told("fork", 0.9, 0.02)],
      regions: [region("fork", 0)],
    });
    const { missed, invented } = judge(image, "boxes", LEAST);
    expect(missed).toEqual([]);
    expect(invented.map(({ probability }) => probability)).toEqual([0.6]);
  });

  test("each takes the true one that it covers best", () => {
    const regions = [region("fork", 0), region("fork", 0.1)];
    const image = picture({ predictions: [told("fork", 0.9, 0.1), told("fork", 0.8, 0)], regions });
    expect(isWrong(judge(image, "boxes", LEAST))).toBe(false);
  });
});

test("how much boxes cover each other", () => {
  const box = { left: 0, top: 0, width: 0.2, height: 0.2 };
  expect(iou(box, box)).toBeCloseTo(1);
  expect(iou(box, { ...box, left: 0.1 })).toBeCloseTo(1 / 3);
  expect(iou(box, { ...box, left: 0.2 })).toBe(0);
});
