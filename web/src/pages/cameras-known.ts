// What is drawn on cameras, and what people call the ways over a line: for charts and legends.

import { type Camera, listCameras } from "../api/cameras";
import { type Drawing, getRegions } from "../api/regions";
import { type Loaded, useLoad } from "../api/use";
import { type WayNames, wayKey } from "../charts/hours";

export function useCameras(): Loaded<readonly Camera[]> {
  return useLoad("cameras", listCameras);
}

/** What is drawn on each of these cameras, as soon as it is known. */
export function useDrawings(cameras: readonly string[]): ReadonlyMap<string, Drawing> {
  const loaded = useLoad(JSON.stringify(cameras), async (signal) => {
    const drawn = cameras.map(async (name) => [name, (await getRegions(name, signal)).regions] as const);
    return new Map(await Promise.all(drawn));
  });
  return loaded.data ?? new Map();
}

/** Names of ways by `wayKey`. */
export function wayNames(drawings: ReadonlyMap<string, Drawing>): ReadonlyMap<string, WayNames> {
  const lines = [...drawings].flatMap(([camera, drawn]) => drawn.lines.map((line) => ({ camera, line })));
  return new Map(lines.map(({ camera, line }) => [wayKey(camera, line.name), line.names] as const));
}
