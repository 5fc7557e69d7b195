import type { Floor, Point } from "../../api/regions";
import { gridLines } from "./floor-grid";
import { asPoints, between, type Size, toPx } from "./geometry";
import { Label } from "./region-shape";

/** A grid of one metre within the measured rectangle, and the lengths of its sides. */
export function FloorLines({ points, floor, size }: { points: readonly Point[]; floor: Floor | null; size: Size }) {
  const lengths = floor?.sides_m ?? floor?.rectangle_m ?? [];
  return (
    <>
      {gridLines(points, floor?.rectangle_m ?? []).map((line) => {
        const ends = asPoints(line.map((point) => toPx(point, size)));
        return <polyline key={ends} class="grid" points={ends} />;
      })}
      {points.map((point, i) => {
        const next = points[(i + 1) % points.length];
        const length = lengths[i];
        return next && length !== undefined ? (
          <Label key={`${i}`} name={`${length} m`} {...toPx(between(point, next), size)} />
        ) : null;
      })}
    </>
  );
}
