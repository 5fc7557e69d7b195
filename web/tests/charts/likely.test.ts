import { describe, expect, it } from "vitest";
import { brief, duration, spoken, whole } from "../../src/charts/likely";

describe("counts in words", () => {
  it("shows the interval wherever there is one", () => {
    expect(brief({ count: 12, low: 11, high: 16 })).toBe("12 (11 to 16)");
    expect(spoken({ count: 12, low: 11, high: 16 })).toBe("12, likely 11 to 16");
  });

  it("keeps quiet where nothing else is credible", () => {
    expect(brief({ count: 3, low: 3, high: 3 })).toBe("3");
    expect(spoken({ count: 0, low: 0, high: 0 })).toBe("0");
  });

  it.each([
    [999, "999"],
    [1000, "1\u2009000"],
    [1234567, "1\u2009234\u2009567"],
    [1234.5678, "1\u2009234.6"],
    [-1500, "−1\u2009500"],
  ])("groups the digits of %d", (value, text) => expect(whole(value)).toBe(text));

  it.each([
    [0, "0 s"],
    [59.6, "1 min"],
    [200, "3 min 20 s"],
    [3600, "1 h"],
    [3900, "1 h 5 min"],
  ])("says %d seconds as people do", (seconds, text) => expect(duration(seconds)).toBe(text));
});
