import { describe, expect, it } from "vitest";
import { growingInWords, manyInWords } from "../../../src/pages/recordings/words";

describe("recordings in words", () => {
  it("counts them", () => {
    expect([0, 1, 12].map(manyInWords)).toEqual(["0 recordings", "1 recording", "12 recordings"]);
  });

  it.each([
    [0, ""],
    [1, "1 recording of this time is still being written: delete again once it is complete."],
    [2, "2 recordings of this time are still being written: delete again once they are complete."],
  ])("%d grow", (count, words) => {
    expect(growingInWords(count)).toBe(words);
  });
});
