// The picture and what is known about it, on a canvas.

import type { Point } from "../../api/regions";
import { along, crossing, type Px, type Size, toPx } from "../regions/geometry";
import type { Head } from "./frame";

export interface Colours {
  night: string;
  light: string;
  line: string;
  zone: string;
  person: string;
}

/** The page's colours for pictures, as tokens.css has them. */
function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    night: read("--night"),
    light: read("--on-night"),
    line: read("--draw-line"),
    zone: read("--draw-zone"),
    person: read("--draw-better"),
  };
}

export interface Brush {
  canvas: CanvasRenderingContext2D;
  /** In CSS pixels. */
  size: Size;
  colours: Colours;
}

/** A brush for a canvas with `scale` pixels per CSS pixel. */
export function brushOf(canvas: CanvasRenderingContext2D, size: Size, scale: number): Brush {
  canvas.setTransform(scale, 0, 0, scale, 0, 0);
  return { canvas, size, colours: coloursOf(canvas.canvas) };
}

/** The picture with regions, counts and people. */
export function paint(brush: Brush, image: CanvasImageSource, head: Head): void {
  const { canvas, size, colours } = brush;
  canvas.drawImage(image, 0, 0, size.width, size.height);
  for (const zone of head.regions.zones) {
    path(brush, zone.points, true);
    stroke(brush, colours.zone, 2);
    label(brush, `${zone.name} ${head.zones[zone.name] ?? 0}`, middle(zone.points, size));
  }
  for (const line of head.regions.lines) paintLine(brush, line.name, line.points, head);
  for (const person of head.people) paintPerson(brush, person);
}

function paintLine(brush: Brush, name: string, points: readonly Point[], head: Head): void {
  const [start, end] = points.map((point) => toPx(point, brush.size));
  if (!start || !end) return;
  path(brush, points, false);
  stroke(brush, brush.colours.line, 2.5);
  const { middle: from, right } = crossing(start, end);
  const { right: there = 0, left: back = 0 } = head.totals.lines[name] ?? {};
  paintArrow(brush, from, right);
  label(brush, String(there), along(from, right, 36));
  label(brush, String(back), along(from, right, -18));
  label(brush, name, { x: start.x, y: start.y - 12 });
}

/** From a line to its right. */
function paintArrow(brush: Brush, from: Px, way: Px): void {
  const tip = along(from, way, 24);
  const across = { x: -way.y, y: way.x };
  const back = along(tip, way, -7);
  const [one, other] = [along(back, across, 5), along(back, across, -5)];
  brush.canvas.beginPath();
  for (const [start, end] of [
    [from, tip],
    [one, tip],
    [other, tip],
  ] as const) {
    brush.canvas.moveTo(start.x, start.y);
    brush.canvas.lineTo(end.x, end.y);
  }
  stroke(brush, brush.colours.line, 2.5);
}

export function paintPerson(brush: Brush, { box: [x0, y0, x1, y1], footprint }: Head["people"][number]): void {
  const { canvas, size, colours } = brush;
  canvas.beginPath();
  canvas.rect(x0 * size.width, y0 * size.height, (x1 - x0) * size.width, (y1 - y0) * size.height);
  stroke(brush, colours.person, 2);
  const foot = toPx(footprint, size);
  canvas.beginPath();
  canvas.arc(foot.x, foot.y, 3.5, 0, 2 * Math.PI);
  canvas.fillStyle = colours.person;
  canvas.fill();
}

function path({ canvas, size }: Brush, points: readonly Point[], isClosed: boolean): void {
  canvas.beginPath();
  for (const point of points) {
    const { x, y } = toPx(point, size);
    canvas.lineTo(x, y);
  }
  if (isClosed) canvas.closePath();
}

/** A stroke that is seen on light and dark pictures. */
function stroke({ canvas, colours }: Brush, colour: string, width: number): void {
  canvas.lineJoin = "round";
  canvas.globalAlpha = 0.6;
  canvas.strokeStyle = colours.night;
  canvas.lineWidth = width + 2.5;
  canvas.stroke();
  canvas.globalAlpha = 1;
  canvas.strokeStyle = colour;
  canvas.lineWidth = width;
  canvas.stroke();
}

function label({ canvas, size, colours }: Brush, words: string, { x, y }: Px): void {
  canvas.font = "600 13px system-ui, sans-serif";
  canvas.textAlign = "center";
  canvas.textBaseline = "middle";
  canvas.lineJoin = "round";
  const at = { x: Math.min(size.width - 20, Math.max(20, x)), y: Math.min(size.height - 10, Math.max(10, y)) };
  canvas.strokeStyle = colours.night;
  canvas.lineWidth = 3.5;
  canvas.strokeText(words, at.x, at.y);
  canvas.fillStyle = colours.light;
  canvas.fillText(words, at.x, at.y);
}

function middle(points: readonly Point[], size: Size): Px {
  const px = points.map((point) => toPx(point, size));
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return { x: mean(px.map((one) => one.x)), y: mean(px.map((one) => one.y)) };
}
