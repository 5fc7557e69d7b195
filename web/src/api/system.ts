// The service itself.

import { ApiError, address, get, path, query } from "./client";

export interface Recording {
  readonly id: string;
  readonly camera: string;
  readonly begin: string;
  readonly end: string | null;
  readonly size_bytes: number;
  readonly type: string;
}

export interface Recordings {
  readonly is_on: boolean;
  readonly recordings: readonly Recording[];
}

export interface System {
  readonly version: string;
  readonly python: string;
  readonly platform: string;
  readonly started_at: string;
  readonly now: string;
  readonly store: "sqlite" | "postgresql";
  readonly disk: { readonly folder: string; readonly free_bytes: number; readonly total_bytes: number };
  readonly models: readonly {
    readonly name: string;
    readonly kind: string;
    readonly is_here: boolean;
    readonly licence: string;
  }[];
  readonly licences: readonly { readonly name: string; readonly version: string; readonly licence: string }[];
}

export interface Ready {
  readonly is_ready: boolean;
  readonly reasons: Readonly<Record<string, string>>;
  readonly waiting: number;
}

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
