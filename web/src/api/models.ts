// Models of one's own at cameras: which camera asks which, comparing, switching over and back.

import { get, path, post, remove, type Schemas } from "./client";

export type ModelAtCamera = Schemas["ModelAtCamera"];
export type OwnModel = Schemas["OwnModel"];
export type ModelComparison = Schemas["ModelComparison"];
export type ComparedTag = Schemas["ComparedTag"];

const cameras = ({ cameras: all }: Schemas["ModelsAtCameras"]): readonly ModelAtCamera[] => all;

export const listModelsAtCameras = async (signal?: AbortSignal): Promise<readonly ModelAtCamera[]> =>
  cameras(await get("models/cameras", signal));
export const switchModel = async (project: string, iteration: string, names: readonly string[]) =>
  cameras(await post("models/cameras", { project, iteration, cameras: names }));
/** These cameras ask again what they asked before. */
export const switchBack = async (names: readonly string[]) =>
  cameras(await post("models/cameras/back", { cameras: names }));

/** With the model that this camera asks. */
export const startComparison = (project: string, iteration: string, camera: string): Promise<ModelComparison> =>
  post("models/comparisons", { project, iteration, camera });
export const getComparison = (id: string, signal?: AbortSignal): Promise<ModelComparison> =>
  get(path`models/comparisons/${id}`, signal);
export const endComparison = (id: string): Promise<void> => remove(path`models/comparisons/${id}`);
