// Lines with their arrow, and zones, as they are drawn on the camera's picture.

import type { Drawing } from "../api/regions";
import "./regions.css";

interface Props {
  readonly drawn: Drawing;
  /** Of the drawing, in its own units. */
  readonly width: number;
  readonly height: number;
}

export function Regions({ drawn: { lines, zones }, width, height }: Props) {
  return (
    <g class="drawn">
      {zones.map(({ name, points }) => (
        <polygon
          key={name}
          class="drawn-zone"
          points={points.map(([x = 0, y = 0]) => `${x * width},${y * height}`).join(" ")}
        />
      ))}
      {lines.map(({ name, points }) => (
        <Arrowed key={name} points={points} width={width} height={height} />
      ))}
    </g>
  );
}

/** A line, and a short arrow to its right. */
export function Arrowed({
  points,
  width,
  height,
}: {
  points: readonly (readonly number[])[];
  width: number;
  height: number;
}) {
  const [[ax = 0, ay = 0] = [], [bx = 0, by = 0] = []] = points.map(([x = 0, y = 0]) => [x * width, y * height]);
  const length = Math.hypot(bx - ax, by - ay) || 1;
  const size = width / 28;
  const [rx, ry] = [(-(by - ay) / length) * size, ((bx - ax) / length) * size];
  const [mx, my] = [(ax + bx) / 2, (ay + by) / 2];
  const [tx, ty] = [mx + rx, my + ry];
  const wing = (sign: number): string =>
    `M${tx} ${ty}L${tx - rx * 0.4 + sign * ry * 0.3} ${ty - ry * 0.4 - sign * rx * 0.3}`;
  return (
    <>
      <line class="drawn-line" x1={ax} y1={ay} x2={bx} y2={by} />
      <path class="drawn-line" d={`M${mx} ${my}L${tx} ${ty}${wing(1)}${wing(-1)}`} />
    </>
  );
}
