import { describe, expect, test } from "vitest";
import { batches, refusalOf } from "../../../src/pages/vision/batches";

const MB = 1024 * 1024;
const file = (size: number, type = "image/jpeg") => ({ size, type });

describe("what is refused before it is sent", () => {
  test.each([
    ["a photograph", file(2 * MB), null],
    ["one of exactly 6 MB", file(6 * MB), null],
    ["one byte more", file(6 * MB + 1), "is larger than 6 MB"],
    ["a text", file(10, "text/plain"), "is no JPEG, PNG, BMP or GIF"],
    ["a drawing that could hold a script", file(10, "image/svg+xml"), "is no JPEG, PNG, BMP or GIF"],
  ])("%s", (_, one, words) => {
    expect(refusalOf(one)).toBe(words);
  });
});

describe("batches", () => {
  const sizes = (files: { size: number }[]): number[][] => batches(files).map((batch) => batch.map(({ size }) => size));

  test("are not longer than sixteen, and keep the order", () => {
    const all = batches(Array.from({ length: 35 }, (_, at) => file(at)));
    expect(all.map(({ length }) => length)).toEqual([16, 16, 3]);
    expect(all.flat().map(({ size }) => size)).toEqual(Array.from({ length: 35 }, (_, at) => at));
  });

  test("are not larger than 24 MB", () => {
    expect(sizes([6, 6, 6, 6, 6].map((mb) => file(mb * MB)))).toEqual([[6 * MB, 6 * MB, 6 * MB, 6 * MB], [6 * MB]]);
  });

  test("none of nothing", () => {
    expect(batches([])).toEqual([]);
  });
});
