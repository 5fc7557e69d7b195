import { describe, expect, test } from "vitest";
import { chunks, paged, training } from "../../src/api/vision";

describe("lists that come in pages", () => {
  const asked: [number, number][] = [];
  const of = (total: number) => async (page: { take: number; skip: number }) => {
    asked.push([page.take, page.skip]);
    return Array.from({ length: Math.max(0, Math.min(page.take, total - page.skip)) }, (_, at) => page.skip + at);
  };

  test("end where there are no more", async () => {
    asked.length = 0;
    expect(await paged(1000, of(300))).toHaveLength(300);
    expect(asked).toEqual([
      [256, 0],
      [256, 256],
    ]);
  });

  test("are not longer than was wanted, and in order", async () => {
    asked.length = 0;
    expect(await paged(260, of(300))).toEqual(Array.from({ length: 260 }, (_, at) => at));
    expect(asked).toEqual([
      [256, 0],
      [4, 256],
    ]);
  });
});

test("pieces of a list", () => {
  expect(chunks([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
  expect(chunks([], 2)).toEqual([]);
});

test("names in addresses are encoded", () => {
  expect(training`projects/${"a/b"}/tags`).toBe("../../customvision/v3.4-preview/training/projects/a%2Fb/tags");
});
