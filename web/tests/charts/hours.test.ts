import { describe, expect, it } from "vitest";
import type { NumberAt } from "../../src/api/numbers";
import type { Measure } from "../../src/api/regions";
import { hourly, inWords, pairs, pick } from "../../src/charts/hours";

const at = (begin: string, measure: Measure, count: number, region = "door"): NumberAt => {
  return { camera: "front", region, measure, begin, count, low: count - 1, high: count + 2 };
};
const NINE = "2026-11-21T09:00:00.000Z";
const TEN = "2026-11-21T10:00:00.000Z";
const HOURS = [NINE, TEN, "2026-11-21T11:00:00.000Z"].map((text) => new Date(text));
const NUMBERS = [at(NINE, "right", 5), at(TEN, "right", 12), at(TEN, "left", 3), at(TEN, "visit", 9, "till")];
const NAMES = new Map([['["front","door"]', { right: "in", left: "" }]]);

describe("figures that belong together", () => {
  it("makes one pair of each line, and calls its ways as people do", () => {
    const [door, ...others] = pairs(NUMBERS, NAMES);
    expect(door?.words).toEqual(["in", "to the left"]);
    expect(others).toEqual([]);
  });

  it("knows a zone by its entries", () => {
    const [till] = pairs([at(NINE, "enter", 1, "till")], NAMES);
    expect(till?.measures).toEqual(["enter", "exit"]);
  });

  it("keeps regions of the same name apart", () => {
    expect(pairs([at(NINE, "right", 1), { ...at(NINE, "right", 1), camera: "back" }], NAMES)).toHaveLength(2);
  });
});

describe("hour by hour", () => {
  const pair = pairs(NUMBERS, NAMES)[0];
  if (!pair) throw new Error("no pair");

  it("says nobody where nothing was told, and nothing of hours to come", () => {
    const [right, left] = hourly(NUMBERS, pair, HOURS, new Date("2026-11-21T10:30:00Z"));
    expect(right?.values.map((value) => value?.count ?? null)).toEqual([5, 12, null]);
    expect(left?.values.map((value) => value?.count ?? null)).toEqual([0, 3, null]);
  });

  it("says the totals with their intervals, and the busiest hour", () => {
    const series = hourly(NUMBERS, pair, HOURS, new Date("2026-11-21T12:00:00Z"));
    const totals = [{ count: 17, low: 15, high: 20 }, pick(NUMBERS, pair, "left")];
    expect(inWords(totals, series, ["09:00", "10:00", "11:00"])).toBe(
      "In 17, likely 15 to 20; to the left 3, likely 2 to 5. Most from 10:00 on: in 12, to the left 3.",
    );
  });

  it("says so where nobody came", () => {
    expect(inWords([], hourly([], pair, HOURS, new Date("2026-11-21T12:00:00Z")), ["9", "10", "11"])).toBe(
      "Nobody was counted.",
    );
  });
});
