// The lines of a grid on the floor, from four measured points: a projective map of the rectangle onto the picture.

import type { Point } from "../../api/regions";

type Matrix = readonly [number, number, number, number, number, number, number, number];

/** The map of the unit square's corners (0,0) (1,0) (1,1) (0,1) onto four points (Heckbert 1989, section 2.2.3). */
export function squareOnto(corners: readonly Point[]): Matrix | null {
  const [p0, p1, p2, p3] = corners;
  if (!p0 || !p1 || !p2 || !p3) return null;
  const [dx1, dx2, sx] = [p1[0] - p2[0], p3[0] - p2[0], p0[0] - p1[0] + p2[0] - p3[0]];
  const [dy1, dy2, sy] = [p1[1] - p2[1], p3[1] - p2[1], p0[1] - p1[1] + p2[1] - p3[1]];
  const below = dx1 * dy2 - dx2 * dy1;
  if (Math.abs(below) < 1e-9) return null;
  const g = (sx * dy2 - dx2 * sy) / below;
  const h = (dx1 * sy - sx * dy1) / below;
  return [
    p1[0] - p0[0] + g * p1[0],
    p3[0] - p0[0] + h * p3[0],
    p0[0],
    p1[1] - p0[1] + g * p1[1],
    p3[1] - p0[1] + h * p3[1],
    p0[1],
    g,
    h,
  ];
}

function mapped([a, b, c, d, e, f, g, h]: Matrix, u: number, v: number): Point {
  const w = g * u + h * v + 1;
  return [(a * u + b * v + c) / w, (d * u + e * v + f) / w];
}

/** Segments one metre apart within a rectangle of the floor; its sides are those of the corners in their order. */
export function gridLines(corners: readonly Point[], size_m: readonly number[]): (readonly [Point, Point])[] {
  const matrix = squareOnto(corners);
  const [first = 0, second = 0] = size_m;
  if (!matrix || !(first > 0) || !(second > 0) || first > 50 || second > 50) return [];
  const steps = (length: number): number[] => Array.from({ length: Math.ceil(length) - 1 }, (_, i) => (i + 1) / length);
  const down = steps(first).map((u) => [mapped(matrix, u, 0), mapped(matrix, u, 1)] as const);
  const across = steps(second).map((v) => [mapped(matrix, 0, v), mapped(matrix, 1, v)] as const);
  return [...down, ...across];
}
