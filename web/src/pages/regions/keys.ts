// What keys do to a focused point or region.

import type { Px } from "./geometry";

/** Shares of the picture for one press of an arrow key, and with Shift. */
const STEP = 0.002;
const BIG_STEP = 0.02;

const ARROWS: Record<string, Px> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** How far an arrow key moves, in shares of the picture; null for other keys. */
export function nudge(event: KeyboardEvent): Px | null {
  const way = ARROWS[event.key];
  if (!way || event.ctrlKey || event.metaKey || event.altKey) return null;
  const step = event.shiftKey ? BIG_STEP : STEP;
  return { x: way.x * step, y: way.y * step };
}

export const isDelete = (event: KeyboardEvent): boolean => event.key === "Delete" || event.key === "Backspace";
export const isInsert = (event: KeyboardEvent): boolean => event.key === "Insert" || event.key === "+";
const isCommand = (event: KeyboardEvent): boolean => event.ctrlKey || event.metaKey;
export const isUndo = (event: KeyboardEvent): boolean =>
  isCommand(event) && !event.shiftKey && event.key.toLowerCase() === "z";
export const isRedo = (event: KeyboardEvent): boolean =>
  isCommand(event) && ((event.shiftKey && event.key.toLowerCase() === "z") || event.key.toLowerCase() === "y");
