// Points on a picture. `Point` is in shares of the picture; `Px` in pixels of the screen.

import type { Point } from "../../api/regions";

export interface Px {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

const PLACES = 4;

function share(value: number): number {
  return Number(Math.min(1, Math.max(0, value)).toFixed(PLACES));
}

/** The nearest point of the picture. */
export const clamped = (x: number, y: number): Point => [share(x), share(y)];
export const toPx = ([x, y]: Point, size: Size): Px => ({ x: x * size.width, y: y * size.height });
export const toPoint = ({ x, y }: Px, size: Size): Point => clamped(x / size.width, y / size.height);
export const distance = (a: Px, b: Px): number => Math.hypot(a.x - b.x, a.y - b.y);
export const between = (a: Point, b: Point): Point => clamped((a[0] + b[0]) / 2, (a[1] + b[1]) / 2);

/** All points moved alike, as far as the picture reaches. */
export function shifted(points: readonly Point[], dx: number, dy: number): Point[] {
  const room = (values: number[], step: number): number =>
    Math.min(1 - Math.max(...values), Math.max(-Math.min(...values), step));
  const x = room(
    points.map((point) => point[0]),
    dx,
  );
  const y = room(
    points.map((point) => point[1]),
    dy,
  );
  return points.map((point) => clamped(point[0] + x, point[1] + y));
}

export function centre(points: readonly Point[]): Point {
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return clamped(mean(points.map((point) => point[0])), mean(points.map((point) => point[1])));
}

export interface Crossing {
  middle: Px;
  /** Unit vector to the right of somebody who stands at the start and looks to the end. */
  right: Px;
}

/** Where a line's arrows stand, and which way is to its right: pixels, y down. */
export function crossing(start: Px, end: Px): Crossing {
  const length = distance(start, end) || 1;
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
  return { middle, right: { x: -(end.y - start.y) / length, y: (end.x - start.x) / length } };
}

export const along = (from: Px, way: Px, length: number): Px => ({
  x: from.x + way.x * length,
  y: from.y + way.y * length,
});
export const asPoints = (points: readonly Px[]): string =>
  points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
