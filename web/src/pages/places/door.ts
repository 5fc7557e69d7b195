// The doors of a place: lines and zones.

import type { PlaceState } from "../../api/numbers";
import type { LineRegion, ZoneRegion } from "../../api/regions";

/** A line or zone that people pass to get in and out. */
export interface Door {
  /** Empty: any camera that has such a line or zone. */
  readonly camera: string;
  readonly region: string;
  /** In is to the left over the line, or out of the zone. */
  readonly isTurned: boolean;
}

export const keyOf = ({ camera, region }: Door): string => JSON.stringify([camera, region]);

/** The doors of a place. */
export function doorsOf({ doors }: PlaceState): readonly Door[] {
  return doors.map(({ camera, region, inward }) => ({ camera, region, isTurned: inward.includes("left") }));
}

/** Whether people who call a way `in` mean the one to the left. */
export function isTurned({ names: { right, left } }: LineRegion): boolean {
  const isIn = (word: string): boolean => word.trim().toLowerCase() === "in";
  return isIn(left) && !isIn(right);
}

/** Whether a zone counts who comes and goes. */
export function isPassable({ events }: ZoneRegion): boolean {
  const names = events?.map((rule) => (typeof rule === "string" ? rule : rule.type));
  return names?.some((name) => name === "crossing" || name === "zonecrossing") ?? true;
}
