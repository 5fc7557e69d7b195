// Pictures of cameras that are kept to learn from.

import { ask, get, path, post, put, type Schemas } from "./client";

export type Snapshots = Schemas["Snapshots"];
export type SnapshotSettings = Schemas["SnapshotSettings"];

export const getSnapshots = (camera: string, signal?: AbortSignal): Promise<Snapshots> =>
  get(path`cameras/${camera}/snapshots`, signal);
export const keepSnapshots = (camera: string, wish: SnapshotSettings): Promise<Snapshots> =>
  put(path`cameras/${camera}/snapshots`, wish);
/** isErasing: those that nobody has tagged go as well. How many went. */
export const endSnapshots = async (camera: string, isErasing: boolean): Promise<number> =>
  (await ask<Schemas["Erased"]>("DELETE", `${path`cameras/${camera}/snapshots`}?erase=${isErasing}`)).body.pictures;
/** Erase those that nobody has tagged; how many they were. */
export const eraseSnapshots = async (camera: string): Promise<number> =>
  (await post<Schemas["Erased"]>(path`cameras/${camera}/snapshots/erase`)).pictures;
