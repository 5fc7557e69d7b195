import { describe, expect, test } from "vitest";
import type { Tag, VisionImage } from "../../../src/api/vision-types";
import { contents, markOf, planned, tagOfKey } from "../../../src/pages/vision/tagging";

const tag = (id: string, type: Tag["type"] = "Regular"): Tag => ({
  id,
  name: id,
  description: "",
  type,
  imageCount: 0,
});
const [MASK, BARE, OTHER] = [tag("mask"), tag("bare"), tag("other", "Negative")];
const TAGS = [MASK, BARE, OTHER];

const image = (id: string, ...tags: string[]): VisionImage => ({
  id,
  created: "",
  width: 4,
  height: 3,
  resizedImageUri: "",
  thumbnailUri: "",
  originalImageUri: "",
  tags: tags.map((tagId) => ({ tagId, tagName: tagId })),
  regions: null,
  metadata: null,
});

describe("pressing a tag", () => {
  test("gives it to those that lack it", () => {
    const { add, drop } = planned([image("a", "mask"), image("b")], MASK, TAGS, "many");
    expect(add).toEqual([{ imageId: "b", tagId: "mask" }]);
    expect(drop).toEqual([]);
  });

  test("takes it away where all have it", () => {
    const plan = planned([image("a", "mask"), image("b", "mask", "bare")], MASK, TAGS, "many");
    expect(plan).toEqual({ add: [], dropFrom: ["a", "b"], drop: ["mask"] });
  });

  test("puts it in the place of the one tag that a picture has", () => {
    const plan = planned([image("a", "bare"), image("b")], MASK, TAGS, "one");
    expect(plan.dropFrom).toEqual(["a"]);
    expect(plan.drop).toEqual(["bare"]);
    expect(plan.add.map(({ imageId }) => imageId)).toEqual(["a", "b"]);
  });

  test("leaves other tags beside it where pictures have several, but for the negative one", () => {
    const plan = planned([image("a", "bare"), image("b", "other")], MASK, TAGS, "many");
    expect(plan.drop).toEqual(["other"]);
    expect(plan.dropFrom).toEqual(["b"]);
  });

  test("that is negative leaves it alone on the picture", () => {
    expect(planned([image("a", "mask", "bare")], OTHER, TAGS, "many").drop).toEqual(["mask", "bare"]);
  });
});

test("some is neither all nor none", () => {
  const images = [image("a", "mask"), image("b")];
  expect([markOf(images, "mask"), markOf(images, "bare"), markOf(images.slice(0, 1), "mask")]).toEqual([
    "some",
    "none",
    "all",
  ]);
});

test("digits are tags as far as there are some", () => {
  expect(tagOfKey("2", TAGS)).toBe(BARE);
  expect(tagOfKey("4", TAGS)).toBeUndefined();
  expect(tagOfKey("0", TAGS)).toBeUndefined();
  expect(tagOfKey("a", TAGS)).toBeUndefined();
});

test("what a picture shows, in words", () => {
  const region = { regionId: "", tagId: "f", tagName: "fork", left: 0, top: 0, width: 1, height: 1 };
  expect(contents(image("a"))).toBe("no tag");
  expect(contents(image("a", "mask", "bare"))).toBe("mask, bare");
  expect(contents({ ...image("a"), regions: [region, region, { ...region, tagName: "knife" }] })).toBe(
    "2 fork, 1 knife",
  );
});
