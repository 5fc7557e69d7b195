// What was counted: how many, how long, where.

import { address, get, path, post, query, type Schemas } from "./client";

export type Count = Schemas["Count"];
export type NumberAt = Schemas["Number"];
export type CameraNow = Schemas["CameraNow"];
export type PlaceState = Schemas["Place"];
export type Now = Schemas["Now"];
export type Dwell = Schemas["Dwell"];
export type Queue = Schemas["Queue"];
export type DayNumbers = Schemas["DayNumbers"];
export type Comparison = Schemas["Comparison"];
export type Heatmap = Schemas["Heatmap"];

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
): Promise<readonly NumberAt[]> => (await get<Schemas["Numbers"]>(`numbers${query({ ...where, by })}`, signal)).numbers;
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
  (await get<Schemas["Places"]>("places", signal)).places;
/** Somebody has counted: so many are inside now. */
export const anchor = (place: string, people: number): Promise<PlaceState> =>
  post(path`places/${place}/anchor`, { people });
