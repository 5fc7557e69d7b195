// The service itself.

import { address, ask, get, path, query, remove, type Schemas } from "./client";

export type Recording = Schemas["Recording"];
export type Recordings = Schemas["Recordings"];
export type DeletedRecordings = Schemas["DeletedRecordings"];
export type System = Schemas["System"];
export type Ready = Schemas["Ready"];

export const listRecordings = (camera: string, signal?: AbortSignal): Promise<Recordings> =>
  get(`recordings${query({ camera })}`, signal);
export const recordingAddress = (id: string): string => address(path`recordings/${id}`);
export const deleteRecording = (id: string): Promise<void> => remove(path`recordings/${id}`);

/** What was recorded in a time; `camera` empty: by all cameras. */
export interface RecordedTime {
  readonly camera: string;
  readonly from: string;
  readonly to: string;
}

/** How many would go. */
export const countRecordings = (time: RecordedTime): Promise<DeletedRecordings> =>
  deleted({ ...time, dry_run: "true" });
export const deleteRecordings = (time: RecordedTime): Promise<DeletedRecordings> => deleted({ ...time });
const deleted = async (asked: Record<string, string>): Promise<DeletedRecordings> =>
  (await ask<DeletedRecordings>("DELETE", `recordings${query(asked)}`)).body;

export const getSystem = (signal?: AbortSignal): Promise<System> => get("system", signal);

/** Whether the service does its work; with reasons where it does not. */
export const getReady = (signal?: AbortSignal): Promise<Ready> => get("health", signal);
