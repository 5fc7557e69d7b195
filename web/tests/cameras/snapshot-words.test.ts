import { expect, test } from "vitest";
import { DEFAULTS, promise } from "../../src/pages/cameras/snapshot-words";

test("what is kept, how many, how long and for whom is said", () => {
  const words = promise({ ...DEFAULTS, every: 5, a_day: 1, in_all: 20, days: 7 });
  for (const part of [
    "of one person, cut out",
    "every 5 s",
    "1 picture a day and 20 in all",
    "encrypted",
    "7 days",
    "who see",
  ])
    expect(words).toContain(part);
  expect(promise({ ...DEFAULTS, of: "picture" })).toContain("of everything, after privacy masks");
});
