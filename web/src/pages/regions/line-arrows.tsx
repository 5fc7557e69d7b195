import type { LineRegion } from "../../api/regions";
import { along, asPoints, crossing, type Px, type Size, toPx } from "./geometry";
import { Label } from "./region-shape";

const LENGTH = 30;
const HEAD = 9;
const TEXT = 16;

/** Which way is which: a full arrow to the line's right, a thin one to its left, each with its name; the line's own name beside. */
export function LineArrows({ line, size }: { line: LineRegion; size: Size }) {
  const [start, end] = line.points.map((point) => toPx(point, size));
  if (!start || !end) return null;
  const { middle, right } = crossing(start, end);
  const left = { x: -right.x, y: -right.y };
  return (
    <>
      <Arrow from={middle} way={right} name={line.names.right} kind="main" size={size} />
      <Arrow from={middle} way={left} name={line.names.left} kind="other" size={size} />
      <Label name={line.name} {...inside(along(start, { x: 0, y: -1 }, TEXT), size)} />
    </>
  );
}

function Arrow({ from, way, name, kind, size }: { from: Px; way: Px; name: string; kind: string; size: Size }) {
  const tip = along(from, way, LENGTH);
  const across = { x: -way.y, y: way.x };
  const back = along(tip, way, -HEAD);
  const head = [along(back, across, HEAD * 0.6), tip, along(back, across, -HEAD * 0.6)];
  return (
    <g class={`arrow ${kind}`}>
      <polyline class="casing" points={asPoints([from, tip])} />
      <polyline class="stroke" points={asPoints([from, tip])} />
      <polygon class="head" points={asPoints(head)} />
      {name && <Label name={name} {...inside(along(tip, way, TEXT), size)} />}
    </g>
  );
}

/** Where a label still can be read. */
function inside({ x, y }: Px, { width, height }: Size): Px {
  const margin = 14;
  return {
    x: Math.min(width - 2 * margin, Math.max(2 * margin, x)),
    y: Math.min(height - margin, Math.max(margin, y)),
  };
}
