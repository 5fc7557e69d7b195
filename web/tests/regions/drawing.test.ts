import { describe, expect, test } from "vitest";
import type { Drawing } from "../../src/api/regions";
import * as drawing from "../../src/pages/regions/drawing";
import { crossing, shifted } from "../../src/pages/regions/geometry";

const LINE: drawing.Ref = { kind: "lines", index: 0 };
const ZONE: drawing.Ref = { kind: "zones", index: 0 };
const DRAWN: Drawing = {
  lines: [
    {
      name: "door",
      points: [
        [0.2, 0.5],
        [0.8, 0.5],
      ],
      names: { right: "in", left: "out" },
      threshold: 0.02,
    },
  ],
  zones: [
    {
      name: "till",
      points: [
        [0, 0],
        [0.5, 0],
        [0.5, 0.5],
      ],
      events: ["count", { type: "dwell", threshold: 0.1 }],
    },
  ],
  masks: [],
  floor: null,
};

describe("edits", () => {
  test("a point stays in the picture, the rest of the region is kept", () => {
    const after = drawing.movedPoint(DRAWN, LINE, 1, [1.4, -0.2]);
    expect(after.lines[0]).toEqual({
      ...DRAWN.lines[0],
      points: [
        [0.2, 0.5],
        [1, 0],
      ],
    });
    expect(after.zones).toBe(DRAWN.zones);
  });

  test("a whole region stops at the picture's border without losing its shape", () => {
    expect(
      shifted(
        [
          [0.1, 0.2],
          [0.3, 0.2],
        ],
        -0.5,
        0.1,
      ),
    ).toEqual([
      [0, 0.3],
      [0.2, 0.3],
    ]);
  });

  test("a triangle gets a fourth corner and loses it again, but not a third one", () => {
    const four = drawing.withPointAfter(DRAWN, ZONE, 2);
    expect(drawing.pointsOf(four, ZONE)).toEqual([
      [0, 0],
      [0.5, 0],
      [0.5, 0.5],
      [0.25, 0.25],
    ]);
    expect(drawing.withoutPoint(four, ZONE, 3)).toEqual(DRAWN);
    expect(drawing.withoutPoint(DRAWN, ZONE, 0)).toBeNull();
  });

  test("a line has two points for ever", () => {
    expect(drawing.withPointAfter(DRAWN, LINE, 0)).toBe(DRAWN);
    expect(drawing.withoutPoint(DRAWN, LINE, 0)).toBeNull();
  });

  test("turning a line swaps its sides, names stay with right and left", () => {
    const after = drawing.turned(DRAWN, LINE);
    expect(after.lines[0]?.points).toEqual([
      [0.8, 0.5],
      [0.2, 0.5],
    ]);
    expect(after.lines[0]?.names).toEqual({ right: "in", left: "out" });
    expect(drawing.sameDrawing(drawing.turned(after, LINE), DRAWN)).toBe(true);
  });

  test("new regions take free names", () => {
    const [one] = drawing.withNew(
      DRAWN,
      "lines",
      [
        [0, 0],
        [1, 1],
      ],
      [16, 9],
    );
    const [two, ref] = drawing.withNew(
      one,
      "lines",
      [
        [0, 0],
        [1, 1],
      ],
      [16, 9],
    );
    expect(two.lines.map((line) => line.name)).toEqual(["door", "line", "line 2"]);
    expect(ref).toEqual({ kind: "lines", index: 2 });
  });

  test.each([
    ["", "needs a name"],
    ["till", "another one has this name"],
    ["Tür", undefined],
  ])("a line called %j: %s", (name, problem) => {
    expect(drawing.nameProblem(drawing.changed(DRAWN, LINE, { name }), LINE)).toBe(problem);
  });
});

test("right of a line that runs to the right lies below it, as for somebody who stands on the floor", () => {
  const { right, middle } = crossing({ x: 0, y: 0 }, { x: 10, y: 0 });
  expect(middle).toEqual({ x: 5, y: 0 });
  expect([Math.abs(right.x), right.y]).toEqual([0, 1]);
});

test("a drawing is the same whatever the order of keys, what is null, or blanks about a name", () => {
  const line = {
    points: [
      [0.2, 0.5],
      [0.8, 0.5],
    ],
    names: { left: "out", right: "in" },
    name: " door",
    events: null,
    threshold: 0.02,
  };
  const told = { ...DRAWN, lines: [line as unknown as Drawing["lines"][number]] };
  expect(drawing.sameDrawing(told, DRAWN)).toBe(true);
  expect(drawing.sameDrawing(drawing.changed(told, LINE, { threshold: 0.03 }), DRAWN)).toBe(false);
});
