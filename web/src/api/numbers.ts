// What was counted: how many, how long, where.

import { address, get, path, post, query } from "./client";
import type { Measure } from "./regions";

export interface Count {
  readonly camera: string;
  readonly region: string;
  readonly measure: Measure;
  readonly count: number;
  readonly low: number;
  readonly high: number;
}

export interface NumberAt extends Count {
  readonly begin: string;
}

export interface Numbers {
  readonly begin: string;
  readonly end: string;
  readonly numbers: readonly NumberAt[];
}

export interface ZoneNow {
  readonly region: string;
  readonly people: number;
  readonly low: number;
  readonly high: number;
}

export interface CameraNow {
  readonly camera: string;
  readonly state: string;
  readonly people: number;
  readonly zones: readonly ZoneNow[];
}

export interface Door {
  readonly camera: string;
  readonly region: string;
  readonly inward: readonly Measure[];
}

export interface AnchorState {
  readonly at: string;
  readonly people: number | null;
  readonly zone: string | null;
}

export interface PlaceState {
  readonly name: string;
  readonly people: number;
  readonly low: number;
  readonly high: number;
  readonly since: string | null;
  readonly entered: number;
  readonly left: number;
  readonly drift: number;
  readonly doors: readonly Door[];
  readonly anchors: readonly AnchorState[];
}

export interface Places {
  readonly places: readonly PlaceState[];
}

export interface Now {
  readonly at: string;
  readonly cameras: readonly CameraNow[];
  readonly places: readonly PlaceState[];
}

export interface DwellBar {
  readonly from_s: number;
  readonly to_s: number | null;
  readonly count: number;
}

export interface Dwell {
  readonly visits: number;
  readonly visits_low: number;
  readonly visits_high: number;
  readonly histogram: readonly DwellBar[];
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly median: number | null;
}

export interface Queue {
  readonly at: string;
  readonly length: number;
  readonly low: number;
  readonly high: number;
  readonly wait_s: number | null;
  readonly wait_low_s: number | null;
  readonly wait_high_s: number | null;
  readonly expected_wait_s: number | null;
}

export interface DayNumbers {
  readonly day: string;
  readonly begin: string;
  readonly end: string;
  readonly counts: readonly Count[];
  readonly hours: readonly NumberAt[];
}

export interface Comparison {
  readonly days: readonly DayNumbers[];
}

export interface Heatmap {
  readonly on: "picture" | "floor";
  readonly columns: number;
  readonly rows: number;
  readonly cells: readonly (readonly number[])[];
  readonly cell_m: number | null;
  readonly origin_m: readonly number[] | null;
}

export interface Span {
  /** RFC 3339, UTC. */
  readonly from: string;
  /** Not included. */
  readonly to: string;
}

/** Of which cameras, from when to when, on whose clock. */
export interface Where extends Span {
  /** Empty: all. */
  readonly camera: string;
  readonly tz: string;
}

export const getNumbers = async (
  where: Where,
  by: "hour" | "day",
  signal?: AbortSignal,
): Promise<readonly NumberAt[]> => (await get<Numbers>(`numbers${query({ ...where, by })}`, signal)).numbers;
export const getNow = (signal?: AbortSignal): Promise<Now> => get("numbers/now", signal);
export const getDwell = (camera: string, region: string, span: Span, signal?: AbortSignal): Promise<Dwell> =>
  get(`numbers/dwell${query({ camera, region, ...span })}`, signal);
export const getQueue = (camera: string, region: string, signal?: AbortSignal): Promise<Queue> =>
  get(`numbers/queue${query({ camera, region })}`, signal);
export const getHeatmap = (camera: string, span: Span, on: string, signal?: AbortSignal): Promise<Heatmap> =>
  get(`numbers/heatmap${query({ camera, ...span, on })}`, signal);

export function compareDays(
  days: readonly string[],
  camera: string,
  tz: string,
  signal?: AbortSignal,
): Promise<Comparison> {
  const search = query({ camera, tz });
  return get(`numbers/compare${search}${days.map((day) => `&day=${day}`).join("")}`, signal);
}

export const exportAddress = (where: Where, by: string, format: string): string =>
  address(`numbers/export${query({ ...where, by, format })}`);

export const getPlaces = async (signal?: AbortSignal): Promise<readonly PlaceState[]> =>
  (await get<Places>("places", signal)).places;
/** Somebody has counted: so many are inside now. */
export const anchor = (place: string, people: number): Promise<PlaceState> =>
  post(path`places/${place}/anchor`, { people });
