import { expect, test } from "vitest";
import { gridLines, squareOnto } from "../../src/pages/regions/floor-grid";

test("a rectangle seen from straight above has an even grid", () => {
  const lines = gridLines(
    [
      [0, 0],
      [0.6, 0],
      [0.6, 0.4],
      [0, 0.4],
    ],
    [3, 2],
  );
  const rounded = lines.map((line) => line.map((point) => point.map((value) => Number(value.toFixed(6)))));
  expect(rounded).toEqual([
    [
      [0.2, 0],
      [0.2, 0.4],
    ],
    [
      [0.4, 0],
      [0.4, 0.4],
    ],
    [
      [0, 0.2],
      [0.6, 0.2],
    ],
  ]);
});

test("farther metres look shorter", () => {
  const [far, near] = gridLines(
    [
      [0.4, 0.4],
      [0.6, 0.4],
      [0.9, 0.9],
      [0.1, 0.9],
    ],
    [1, 3],
  ).map((line) => line[0][1]);
  expect((far ?? 0) - 0.4).toBeLessThan((near ?? 0) - (far ?? 0));
});

test.each([
  [
    [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  ],
  [
    [
      [0, 0],
      [1, 0],
    ],
  ],
] as [number, number][][][])("no grid for %j", (corners) => {
  expect(squareOnto(corners)).toBeNull();
});
