// Behind the drawing: the place, who is in it now, and where feet have been lately.

import type { Point } from "../../api/regions";
import { paintPerson } from "../live/paint";
import type { Draw } from "../live/use-live";
import { toPx } from "./geometry";

const MOST = 3000;
const DOT_PX = 1.75;

/** Paints people and their footsteps, and remembers them as long as it lives. */
export function footsteps(): Draw {
  const steps: Point[] = [];
  return (brush, image, head) => {
    const { canvas, size, colours } = brush;
    canvas.drawImage(image, 0, 0, size.width, size.height);
    steps.push(...head.people.map((person) => person.footprint));
    steps.splice(0, steps.length - MOST);
    canvas.fillStyle = colours.person;
    canvas.globalAlpha = 0.7;
    for (const step of steps) {
      const { x, y } = toPx(step, size);
      canvas.beginPath();
      canvas.arc(x, y, DOT_PX, 0, 2 * Math.PI);
      canvas.fill();
    }
    canvas.globalAlpha = 1;
    for (const person of head.people) paintPerson(brush, person);
  };
}
