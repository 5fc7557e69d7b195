import { describe, expect, test } from "vitest";
import type { Domain, Project, Tag } from "../../../src/api/vision-types";
import { daysLeft, missing, percent, pictures, subjectOf } from "../../../src/pages/vision/words";

const tag = (name: string, imageCount: number, type: Tag["type"] = "Regular"): Tag => ({
  id: name,
  name,
  description: "",
  type,
  imageCount,
});

describe("what is missing before a training", () => {
  test("nothing, with enough pictures of two tags", () => {
    expect(missing([tag("mask", 5), tag("no mask", 9)], "one")).toEqual([]);
  });

  test("pictures, tag by tag", () => {
    expect(missing([tag("mask", 4), tag("no mask", 1)], "one")).toEqual([
      "mask has 4 pictures, 5 are needed.",
      "no mask has 1 picture, 5 are needed.",
    ]);
  });

  test("boxes want more", () => {
    expect(missing([tag("fork", 14)], "boxes")).toEqual(["fork has 14 pictures, 15 are needed."]);
  });

  test("a second tag, where pictures have one each; the negative one counts", () => {
    expect(missing([tag("mask", 5)], "one")).toHaveLength(1);
    expect(missing([tag("mask", 5), tag("other", 0, "Negative")], "one")).toEqual([]);
    expect(missing([tag("helmet", 5)], "many")).toEqual([]);
  });

  test("any tag at all", () => {
    expect(missing([tag("other", 9, "Negative")], "many")).toEqual(["There is no tag yet."]);
  });
});

describe("days that a prediction is kept", () => {
  const created = "2026-11-01T12:00:00Z";
  test.each([
    ["as it comes", "2026-11-01T12:00:00Z", 30],
    ["an hour later: begun days count whole", "2026-11-01T13:00:00Z", 30],
    ["in its last minute", "2026-12-01T11:59:00Z", 1],
    ["when it is due", "2026-12-01T12:00:00Z", 0],
    ["long after", "2027-01-01T00:00:00Z", 0],
  ])("%s", (_, now, left) => {
    expect(daysLeft(created, Date.parse(now), 30)).toBe(left);
  });
});

describe("shares in words", () => {
  test.each([
    [0, "0 %"],
    [0.004, "<1 %"],
    [0.5, "50 %"],
    [0.996, ">99 %"],
    [1, "100 %"],
  ])("%d", (share, words) => {
    expect(percent(share)).toBe(words);
  });
});

describe("what a project tells", () => {
  const project = (domainId: string, classificationType: "Multiclass" | "Multilabel" | null): Project => ({
    id: "p",
    name: "p",
    description: "",
    settings: { domainId, classificationType },
    created: "",
    lastModified: "",
    thumbnailUri: "",
  });
  const domain = (id: string, type: Domain["type"]): Domain => ({
    id,
    name: id,
    type,
    exportable: true,
    enabled: true,
    exportablePlatforms: [],
  });
  const domains = [domain("sorts", "Classification"), domain("finds", "ObjectDetection")];
  test.each([
    [project("sorts", "Multiclass"), "one"],
    [project("sorts", "Multilabel"), "many"],
    [project("finds", null), "boxes"],
  ])("%#", (one, kind) => {
    expect(subjectOf(one, domains).kind).toBe(kind);
  });
});

test("one picture is no pictures", () => {
  expect([pictures(0), pictures(1), pictures(2)]).toEqual(["0 pictures", "1 picture", "2 pictures"]);
});
