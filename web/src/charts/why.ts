// Why something was counted: what the recorded feet did at the line or zone, in sentences.

import type { Scene } from "../api/events";

export interface Step {
  /** Seconds before (negative) or after the event. */
  readonly t: number;
  readonly x: number;
  readonly y: number;
}

/** The feet of the person that the event is about. */
export function stepsOf({ frames }: Scene, at: string): Step[] {
  const zero = Date.parse(at);
  return frames.flatMap((frame) => {
    const [x, y] = frame.people.find((person) => person.is_subject)?.footprint ?? [];
    return x === undefined || y === undefined ? [] : [{ t: (Date.parse(frame.at) - zero) / 1000, x, y }];
  });
}

/** Distance from a directed line in picture widths; right of it is positive. */
export function beyond({ points, aspect }: Scene, { x, y }: Step): number {
  const [[ax = 0, ay = 0] = [], [bx = 0, by = 0] = []] = points;
  const [dx, dy] = [bx - ax, (by - ay) * aspect];
  const length = Math.hypot(dx, dy) || 1;
  return (dx * (y - ay) * aspect - dy * (x - ax)) / length;
}

/** Whether a point lies in the polygon (even-odd rule). */
export function isInside({ points }: Scene, { x, y }: Step): boolean {
  let inside = false;
  points.forEach(([ax = 0, ay = 0], index) => {
    const [bx = 0, by = 0] = points.at(index - 1) ?? [];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}

/** The story of one event, sentence by sentence. */
export function story(scene: Scene, at: string): string[] {
  const steps = stepsOf(scene, at);
  const [first, last] = [steps[0], steps.at(-1)];
  if (!first || !last) return [];
  const seen = `The person is seen in ${steps.length} recorded frames, from ${ago(first.t)} to ${ago(last.t)}.`;
  return scene.kind === "line" ? [seen, ...overLine(scene, steps)] : [seen, ...intoZone(scene, steps)];
}

function overLine(scene: Scene, steps: readonly Step[]): string[] {
  const sides = steps.map((step) => beyond(scene, step));
  const passages = sides.flatMap((side, index) =>
    index > 0 && side > 0 !== (sides[index - 1] ?? 0) > 0 ? [index] : [],
  );
  const time = (index: number): number => steps[index]?.t ?? 0;
  const [told, ...others] = passages.sort((one, other) => Math.abs(time(one)) - Math.abs(time(other)));
  if (told === undefined) return [`All the time the feet stay ${sideOf(sides[0] ?? 0)} of the line.`];
  const start = sides[told - 1] ?? 0;
  return [
    `Before, the feet are ${sideOf(start)} of it, up to ${far(sides.slice(0, told), start)} of the picture's width away.`,
    `They pass the line ${ago(time(told))}.`,
    `Afterwards they are ${sideOf(-start)} of it, up to ${far(sides.slice(told), -start)} away: that makes it a crossing.`,
    ...(others.length > 0
      ? [`They pass it ${times(others.length)} more without getting far enough away to count.`]
      : []),
  ];
}

/** How far the feet get to one side. */
function far(sides: readonly number[], side: number): string {
  return share(Math.max(0, ...sides.filter((one) => one > 0 === side > 0).map(Math.abs)));
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function intoZone(scene: Scene, steps: readonly Step[]): string[] {
  const inside = steps.map((step) => isInside(scene, step));
  const changes = steps.filter((_, index) => index > 0 && inside[index] !== inside[index - 1]);
  const before = inside[0] ? "inside the zone" : "outside the zone";
  if (changes.length === 0) return [`All the time the feet are ${before}.`];
  const moments = changes.map((step) => `${inside[steps.indexOf(step)] ? "into it" : "out of it"} ${ago(step.t)}`);
  return [`First the feet are ${before}; they go ${moments.join(", ")}.`];
}

/** Image axes: y grows downwards, so right of the arrow is where the cross product is positive. */
function sideOf(side: number): string {
  return side > 0 ? "to the right" : "to the left";
}

function share(widths: number): string {
  return `${(widths * 100).toFixed(0)} %`;
}

export function ago(seconds: number): string {
  if (Math.abs(seconds) < 0.05) return "at the moment of the event";
  return `${Math.abs(seconds).toFixed(1)} s ${seconds < 0 ? "before" : "after"} it`;
}
