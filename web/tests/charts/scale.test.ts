import { describe, expect, it } from "vitest";
import { labelEvery, level, ticks } from "../../src/charts/scale";

describe("axes", () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [4, [0, 1, 2, 3, 4]],
    [16, [0, 5, 10, 15, 20]],
    [97, [0, 50, 100]],
    [1200, [0, 500, 1000, 1500]],
  ])("covers %d with round numbers", (most, expected) => {
    expect(ticks(most)).toEqual(expected);
  });

  it("never ends below the highest value", () => {
    for (let most = 1; most < 3000; most += 7) {
      const axis = ticks(most);
      expect(axis.at(-1)).toBeGreaterThanOrEqual(most);
      expect(axis.length).toBeLessThanOrEqual(6);
    }
  });

  it("writes fewer labels where there is little room", () => {
    expect(labelEvery(24, 1200, 40)).toBe(1);
    expect(labelEvery(24, 320, 40)).toBe(3);
    expect(labelEvery(24, 100, 40)).toBe(12);
  });
});

describe("levels of a heat map", () => {
  it("keeps nothing apart from a little", () => {
    expect(level(0, 100, 8)).toBe(0);
    expect(level(0.001, 100, 8)).toBe(1);
    expect(level(100, 100, 8)).toBe(8);
    expect(level(25, 100, 8)).toBe(4);
  });
});
