import { describe, expect, it } from "vitest";
import type { DayNumbers } from "../../src/api/numbers";
import { pairs } from "../../src/charts/hours";
import { sideBySide } from "../../src/charts/side-by-side";

const day = (name: string, count: number, off = 1): DayNumbers => ({
  day: name,
  begin: `${name}T00:00:00.000Z`,
  end: `${name}T23:59:59.000Z`,
  counts: [
    {
      camera: "front",
      region: "door",
      measure: "right",
      count,
      low: Math.max(0, count - off),
      high: count && count + off,
    },
  ],
  hours: [],
});
const [DOOR] = pairs(day("2026-11-21", 1).counts, new Map());

describe("the verdict on two days", () => {
  it.each([
    [20, 9, "The days differ by more than the counts may be off."],
    [10, 9, "The difference may be chance of counting."],
    [9, 9, "The same."],
    [9, 0, "Nothing at all was counted on 2026-11-14: perhaps no camera ran."],
    [0, 0, "The same."],
  ])("%i and %i: %s", (one, other, expected) => {
    if (!DOOR) throw new Error("no pair");
    const days = [day("2026-11-21", one), day("2026-11-14", other)];
    expect(sideBySide(days, DOOR, "right", "UTC").summary).toContain(expected);
  });
});
