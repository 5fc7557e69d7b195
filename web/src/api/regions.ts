// What is drawn on a camera's picture.

import { type Answer, ask, path, post, type Schemas } from "./client";

/** Shares of the picture, origin top left. */
export type Point = readonly [number, number];
export type Rule = NonNullable<Schemas["ZoneRegion"]["events"]>[number];

export interface Ways {
  right: string;
  left: string;
}

interface Region {
  name: string;
  points: readonly Point[];
}

export interface LineRegion extends Region {
  names: Ways;
  events?: readonly Rule[] | null;
  threshold?: number | null;
}

export interface ZoneRegion extends Region {
  events?: readonly Rule[] | null;
  threshold?: number | null;
  target_side?: number | null;
}

export type MaskRegion = Region;

export type Floor = Omit<Schemas["FloorSpec"], "points"> & { readonly points?: readonly Point[] | null };

export interface Drawing {
  lines: readonly LineRegion[];
  zones: readonly ZoneRegion[];
  masks: readonly MaskRegion[];
  /** null: learnt from people. */
  floor: Floor | null;
}

export interface Regions {
  version: number;
  size: Schemas["Size"] | null;
  regions: Drawing;
}

export type Finding = Omit<Schemas["Finding"], "better"> & { readonly better: readonly Point[] | null };
export type Check = Omit<Schemas["CheckAnswer"], "findings"> & { readonly findings: readonly Finding[] };
export type Preview = Schemas["Preview"];
export type PreviewCount = Schemas["PreviewCount"];
export type Measure = PreviewCount["measure"];

export const getRegions = async (camera: string, signal?: AbortSignal): Promise<Regions> =>
  told(await ask("GET", path`cameras/${camera}/regions`, { signal }));
export const putRegions = async (camera: string, regions: Drawing, version: number): Promise<Regions> =>
  told(await ask("PUT", path`cameras/${camera}/regions`, { body: { regions }, ifMatch: String(version) }));
export const checkRegions = (camera: string, regions: Drawing): Promise<Check> =>
  post(path`cameras/${camera}/regions/check`, { regions });
export const previewRegions = (camera: string, regions: Drawing): Promise<Preview> =>
  post(path`cameras/${camera}/regions/preview`, { regions });

type ToldLine = Omit<LineRegion, "names"> & { readonly names?: Partial<Ways> };
type ToldDrawing = Partial<Omit<Drawing, "lines">> & { readonly lines?: readonly ToldLine[] };
type Told = Omit<Schemas["Regions"], "regions"> & { readonly regions: ToldDrawing };

function told({ body }: Answer<Told>): Regions {
  return { version: body.version, size: body.size, regions: drawingOf(body.regions) };
}

/** What the service tells, with nothing left out. */
function drawingOf({ lines = [], zones = [], masks = [], floor = null }: ToldDrawing): Drawing {
  const named = lines.map((line) => ({ ...line, names: { right: "", left: "", ...line.names } }));
  return { lines: named, zones, masks, floor };
}
