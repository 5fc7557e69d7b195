// The configuration and its versions.

import { type Answer, type ApiError, ask, get, type Problem, path, post, query, type Schemas } from "./client";

export type ConfigSummary = Schemas["ConfigSummary"];
export type Config = Schemas["Config"];
export type ConfigVersions = Schemas["ConfigVersions"];
export type Conflict = Schemas["ConflictAnswer"];

export const getConfig = (signal?: AbortSignal): Promise<Config> => get("config", signal);
export const getVersion = (version: number, signal?: AbortSignal): Promise<Config> =>
  get(path`config/versions/${version}`, signal);
export const listVersions = (before?: number, signal?: AbortSignal): Promise<ConfigVersions> =>
  get(`config/versions${query({ before, limit: 30 })}`, signal);
export const checkConfig = async (text: string): Promise<readonly Problem[]> =>
  (await post<{ problems: Problem[] }>("config/check", { text })).problems;
export const saveConfig = (text: string, comment: string, base: number): Promise<Answer<Config>> =>
  ask("PUT", "config", { body: { text, comment }, ifMatch: String(base) });
/** Let an older version hold again; `base` is the one that holds now. */
export const restoreConfig = (version: number, comment: string, base: number): Promise<Answer<Config>> =>
  ask("POST", path`config/versions/${version}/restore`, { body: { comment }, ifMatch: String(base) });

/** What somebody else did in the meantime, where that is why nothing was saved. */
export function conflictOf(error: ApiError | null): Conflict | null {
  return error?.status === 409 ? (error.body as Conflict) : null;
}
