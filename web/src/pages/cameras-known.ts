// Cameras, their lines and zones, and what people call the ways over a line: for menus and legends.

import { get, path } from "../api/client";
import { type Loaded, useLoad } from "../api/use";
import type { WayNames } from "../charts/hours";
import type { CameraAnswer, CamerasAnswer, RegionsAnswer } from "./answers";

export function useCameras(): Loaded<readonly CameraAnswer[]> {
  return useLoad("cameras", async (signal) => (await get<CamerasAnswer>("cameras", signal)).cameras);
}

/** What is drawn on each of these cameras. */
export function useRegions(cameras: readonly string[]): ReadonlyMap<string, RegionsAnswer["regions"]> {
  const loaded = useLoad(JSON.stringify(cameras), async (signal) => {
    const found = await Promise.all(cameras.map((name) => get<RegionsAnswer>(path`cameras/${name}/regions`, signal)));
    return new Map(cameras.map((name, index) => [name, found[index]?.regions ?? { lines: [], zones: [] }] as const));
  });
  return loaded.data ?? new Map();
}

/** Names of ways by JSON of [camera, line]. */
export function wayNames(regions: ReadonlyMap<string, RegionsAnswer["regions"]>): ReadonlyMap<string, WayNames> {
  const lines = [...regions].flatMap(([camera, drawn]) => drawn.lines.map((line) => ({ camera, line })));
  return new Map(lines.map(({ camera, line }) => [JSON.stringify([camera, line.name]), line.names] as const));
}
