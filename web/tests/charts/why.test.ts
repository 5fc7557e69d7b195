import { describe, expect, it } from "vitest";
import type { Scene } from "../../src/api/events";
import { beyond, isInside, story } from "../../src/charts/why";

const AT = "2026-11-21T10:00:00.000Z";
const UP = [
  [0.5, 1],
  [0.5, 0],
];
const SQUARE = [
  [0.4, 0.4],
  [0.8, 0.4],
  [0.8, 0.8],
  [0.4, 0.8],
];

const scene = (kind: string, points: number[][], xs: number[]): Scene => ({
  region: "door",
  kind,
  points,
  aspect: 0.5,
  frames: xs.map((x, index) => ({
    at: new Date(Date.parse(AT) + (index - 2) * 1000).toISOString(),
    people: [
      { id: "other", box: [0, 0, 0.1, 0.1], footprint: [0.05, 0.1], is_subject: false },
      { id: "a", box: [x - 0.05, 0.2, x + 0.05, 0.5], footprint: [x, 0.5], is_subject: true },
    ],
  })),
});

describe("which side of a line", () => {
  it.each([
    [0.7, 0.2, "right of a line that points up"],
    [0.4, -0.1, "left of it"],
    [0.5, 0, "on it"],
  ])("x %d is %d widths beyond: %s", (x, widths) => {
    expect(beyond(scene("line", UP, []), { t: 0, x, y: 0.3 })).toBeCloseTo(widths);
  });

  it("measures slanted lines in picture widths", () => {
    const slanted = scene(
      "line",
      [
        [0, 0],
        [1, 1],
      ],
      [],
    );
    expect(beyond(slanted, { t: 0, x: 0, y: 1 })).toBeCloseTo(1 / Math.hypot(2, 1));
  });
});

describe("inside a zone", () => {
  it("follows the border", () => {
    const zone = scene("zone", SQUARE, []);
    expect(isInside(zone, { t: 0, x: 0.5, y: 0.5 })).toBe(true);
    expect(isInside(zone, { t: 0, x: 0.9, y: 0.5 })).toBe(false);
  });
});

describe("the story of an event", () => {
  it("tells a crossing", () => {
    expect(story(scene("line", UP, [0.3, 0.45, 0.52, 0.7]), AT)).toEqual([
      "The person is seen in 4 recorded frames, from 2.0 s before it to 1.0 s after it.",
      "Before, the feet are to the left of it, up to 20 % of the picture's width away.",
      "They pass the line at the moment of the event.",
      "Afterwards they are to the right of it, up to 20 % away: that makes it a crossing.",
    ]);
  });

  it("tells of more passages that did not count", () => {
    expect(story(scene("line", UP, [0.3, 0.52, 0.49, 0.52, 0.7]), AT).at(-1)).toContain("2 times more");
  });

  it("tells a visit", () => {
    expect(story(scene("zone", SQUARE, [0.3, 0.35, 0.5, 0.9]), AT).at(-1)).toBe(
      "First the feet are outside the zone; they go into it at the moment of the event, out of it 1.0 s after it.",
    );
  });

  it("says nothing where nothing is recorded", () => {
    expect(story(scene("line", UP, []), AT)).toEqual([]);
  });
});
