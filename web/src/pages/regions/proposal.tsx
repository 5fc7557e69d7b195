import type { Point } from "../../api/regions";
import { asPoints, type Size, toPx } from "./geometry";

/** A better place, not taken yet. */
export function Proposal({ points, size }: { points: readonly Point[]; size: Size }) {
  const ends = asPoints(points.map((point) => toPx(point, size)));
  return points.length === 2 ? <polyline class="proposal" points={ends} /> : <polygon class="proposal" points={ends} />;
}
