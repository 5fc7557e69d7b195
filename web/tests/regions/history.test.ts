import { expect, test } from "vitest";
import { advanced, begun, redone, undone } from "../../src/pages/regions/history";

test("undo and redo go through every step", () => {
  const there = advanced(advanced(begun(1), 2), 3);
  const back = undone(undone(there));
  expect([back.present, undone(back).present]).toEqual([1, 1]);
  expect(redone(redone(redone(back))).present).toBe(3);
});

test("a drag is one step, two drags are two", () => {
  const first = [2, 3, 4].reduce((history, x) => advanced(history, x, "drag 1"), begun(1));
  const second = [5, 6].reduce((history, x) => advanced(history, x, "drag 2"), first);
  expect(undone(first).present).toBe(1);
  expect(undone(second).present).toBe(4);
});

test("after an undo the same tag begins a new step, and what was undone is gone", () => {
  const back = undone(advanced(begun(1), 2, "name"));
  const again = advanced(back, 3, "name");
  expect(undone(again).present).toBe(1);
  expect(redone(again).present).toBe(3);
});
