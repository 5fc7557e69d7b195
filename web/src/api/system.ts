// The service itself.

import { ApiError, address, get, path, query, type Schemas } from "./client";

export type Recording = Schemas["Recording"];
export type Recordings = Schemas["Recordings"];
export type System = Schemas["System"];
export type Ready = Schemas["Ready"];

export const listRecordings = (camera: string, signal?: AbortSignal): Promise<Recordings> =>
  get(`recordings${query({ camera })}`, signal);
export const recordingAddress = (id: string): string => address(path`recordings/${id}`);
export const getSystem = (signal?: AbortSignal): Promise<System> => get("system", signal);

/** Whether the service does its work; with reasons where it does not. */
export async function getReady(signal?: AbortSignal): Promise<Ready> {
  try {
    return await get<Ready>("../../health/ready", signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 503 && error.body) return error.body as Ready;
    throw error;
  }
}
