import { expect, test } from "vitest";
import { isPassable, isTurned } from "../../../src/pages/places/door";

test.each([
  ["in", "out", false],
  ["out", " In", true],
  ["in", "in", false],
  ["", "", false],
])("where the ways are called %j and %j, in is to the left: %s", (right, left, expected) => {
  expect(isTurned({ name: "hall", points: [], names: { right, left } })).toBe(expected);
});

test.each([
  [null, true],
  [["count", "crossing"], true],
  [[{ type: "zonecrossing" as const, threshold: 10 }], true],
  [["count", "dwell"], false],
  [[], false],
] as const)("a zone that tells of %j may be a door: %s", (events, expected) => {
  expect(isPassable({ name: "mat", points: [], events })).toBe(expected);
});
