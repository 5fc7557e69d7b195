// What is drawn on a camera's picture.

import { type Answer, ask, type Problem, path, post } from "./client";

/** Shares of the picture, origin top left. */
export type Point = readonly [number, number];
export type Rule = string | { type: string; [setting: string]: string | number | null };

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

export interface Floor {
  points?: readonly Point[] | null;
  rectangle_m?: readonly number[] | null;
  sides_m?: readonly number[] | null;
  diagonal_m?: number | null;
  frame_shape?: readonly number[] | null;
  height_m?: number | null;
  tilt_deg?: number | null;
  focal_px?: number | null;
  frame_width?: number | null;
}

export interface Drawing {
  lines: readonly LineRegion[];
  zones: readonly ZoneRegion[];
  masks: readonly MaskRegion[];
  /** null: learnt from people. */
  floor: Floor | null;
}

export interface Regions {
  version: number;
  size: { width: number; height: number } | null;
  regions: Drawing;
}

export interface Finding {
  code: string;
  kind: "line" | "zone" | "camera";
  region: string;
  severity: "error" | "warning" | "hint";
  what: string;
  cure: string;
  better: readonly Point[] | null;
}

export interface Check {
  problems: Problem[];
  findings: Finding[];
  recorded_s: number;
}

export type Measure = "right" | "left" | "enter" | "exit" | "visit";

export interface PreviewCount {
  region: string;
  measure: Measure;
  count: number;
  low: number;
  high: number;
}

export interface Preview {
  begin: string;
  end: string;
  recorded_s: number;
  counts: PreviewCount[];
  dwell_s: Record<string, number>;
}

export const getRegions = (camera: string, signal?: AbortSignal): Promise<Answer<Regions>> =>
  ask("GET", path`cameras/${camera}/regions`, { signal });
export const putRegions = (camera: string, regions: Drawing, version: number): Promise<Answer<Regions>> =>
  ask("PUT", path`cameras/${camera}/regions`, { body: { regions }, ifMatch: String(version) });
export const checkRegions = (camera: string, regions: Drawing): Promise<Check> =>
  post(path`cameras/${camera}/regions/check`, { regions });
export const previewRegions = (camera: string, regions: Drawing): Promise<Preview> =>
  post(path`cameras/${camera}/regions/preview`, { regions });
