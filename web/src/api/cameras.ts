// Cameras: what they do, adding, changing, trying addresses.

import { address, get, patch, path, post, query, remove, type Schemas } from "./client";

export type Camera = Schemas["Camera"];
export type CameraWord = Camera["state"];
export type Transport = Camera["transport"];
export type Login = Schemas["Login"];
export type Probe = Schemas["ProbeAnswer"];
export type Device = Schemas["FoundDevice"];
export type NewCamera = Schemas["NewCamera"];
export type CameraChange = Schemas["CameraChange"];
export type View = "privacy" | "real";

export const listCameras = async (signal?: AbortSignal): Promise<readonly Camera[]> =>
  (await get<Schemas["Cameras"]>("cameras", signal)).cameras;
export const getCamera = (name: string, signal?: AbortSignal): Promise<Camera> => get(path`cameras/${name}`, signal);
export const addCamera = (camera: Partial<NewCamera> & Pick<NewCamera, "name" | "url">): Promise<Camera> =>
  post("cameras", camera);
export const changeCamera = (name: string, change: Partial<CameraChange>): Promise<Camera> =>
  patch(path`cameras/${name}`, change);
export const removeCamera = (name: string): Promise<void> => remove(path`cameras/${name}`);
export const probe = (url: string, login: Login | null, transport?: Transport): Promise<Probe> =>
  post("probe", { url, ...(login && { login }), ...(transport && { transport }) });
export const discover = async (): Promise<readonly Device[]> =>
  (await post<Schemas["DiscoveryAnswer"]>("discovery")).devices;

/** Where the latest picture of a camera is; another `turn` is another picture. */
export const stillAddress = (name: string, view: View, turn: number): string =>
  address(path`cameras/${name}/still` + query({ view, turn }));
export const liveAddress = (name: string, view: View): string =>
  address(path`cameras/${name}/live` + query({ view }), "ws");
