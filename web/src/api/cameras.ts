// Cameras: what they do, adding, changing, trying addresses.

import { address, get, patch, path, post, query, remove } from "./client";

export type CameraWord = "starting" | "running" | "reconnecting" | "failed" | "stopped" | "disabled";
export type Transport = "tcp" | "udp" | "http";
export type View = "privacy" | "real";

export interface Camera {
  name: string;
  url: string;
  is_enabled: boolean;
  state: CameraWord;
  reason: string;
  reason_code: string;
  since: string;
  size: { width: number; height: number } | null;
  counts: Record<string, number>;
  fps_in: number;
  fps_analysed: number;
  lag_s: number;
  people: number;
  zones: Record<string, number>;
  detector_s: number;
  clock_offset_s: number | null;
  model: string;
  fps: number;
  width: number;
  transport: Transport;
  is_calibrated: boolean;
  regions: { lines: string[]; zones: string[] };
}

export interface Login {
  user: string;
  password: string;
}

export interface CameraSettings {
  url?: string;
  login?: Login | null;
  transport?: Transport;
  fps?: number;
  width?: number;
  is_enabled?: boolean;
}

export interface Probe {
  ok: boolean;
  codec: string | null;
  width: number | null;
  height: number | null;
  fps: number | null;
  transport: string | null;
  advice: string[];
  reason: string | null;
  detail: string | null;
}

export interface Device {
  name: string;
  address: string;
  urls: string[];
}

export const listCameras = async (signal?: AbortSignal): Promise<Camera[]> =>
  (await get<{ cameras: Camera[] }>("cameras", signal)).cameras;
export const getCamera = (name: string, signal?: AbortSignal): Promise<Camera> => get(path`cameras/${name}`, signal);
export const addCamera = (camera: CameraSettings & { name: string; url: string }): Promise<Camera> =>
  post("cameras", camera);
export const changeCamera = (name: string, change: CameraSettings): Promise<Camera> =>
  patch(path`cameras/${name}`, change);
export const removeCamera = (name: string): Promise<void> => remove(path`cameras/${name}`);
export const probe = (url: string, login: Login | null, transport?: Transport): Promise<Probe> =>
  post("probe", { url, ...(login && { login }), ...(transport && { transport }) });
export const discover = async (): Promise<Device[]> => (await post<{ devices: Device[] }>("discovery")).devices;

/** Where the latest picture of a camera is; another `turn` is another picture. */
export const stillAddress = (name: string, view: View, turn: number): string =>
  address(path`cameras/${name}/still` + query({ view, turn }));
export const liveAddress = (name: string, view: View): string =>
  address(path`cameras/${name}/live` + query({ view }), "ws");
