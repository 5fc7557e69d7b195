import { describe, expect, it } from "vitest";
import { type Bin, condensed } from "../../src/charts/histogram";

const bins = (...counts: number[]): Bin[] =>
  counts.map((count, index) => ({ from_s: index, to_s: index === counts.length - 1 ? null : index + 1, count }));

describe("a histogram with fewer bars", () => {
  it("leaves out empty ends, and keeps gaps", () => {
    expect(condensed(bins(0, 2, 0, 1, 0), 12)).toEqual(bins(0, 2, 0, 1, 0).slice(1, 4));
  });

  it("joins neighbours, and loses nobody", () => {
    const few = condensed(bins(...Array.from({ length: 25 }, (_, index) => index + 1)), 12);
    expect(few.length).toBeLessThanOrEqual(12);
    expect(few.reduce((sum, { count }) => sum + count, 0)).toBe(325);
    expect(few[1]?.from_s).toBe(few[0]?.to_s);
    expect(few.at(-1)?.to_s).toBeNull();
  });

  it("is empty where nobody was", () => {
    expect(condensed(bins(0, 0), 12)).toEqual([]);
  });
});
