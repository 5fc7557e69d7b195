// Events, and the recorded people who explain them.

import { get, path, query } from "./client";

export interface EventAnswer {
  readonly id: string;
  readonly camera: string;
  readonly at: string;
  readonly type: string;
  readonly region: string;
  readonly track_id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface EventsPage {
  readonly events: readonly EventAnswer[];
  readonly before: string | null;
}

export interface SnippetPerson {
  readonly id: string;
  /** x0 y0 x1 y1, shares of the picture. */
  readonly box: readonly number[];
  readonly footprint: readonly number[];
  readonly is_subject: boolean;
}

export interface SnippetFrame {
  readonly at: string;
  readonly people: readonly SnippetPerson[];
}

/** Recorded people, and the line or zone that it is about. */
export interface Scene {
  readonly region: string;
  readonly kind: string;
  readonly points: readonly (readonly number[])[];
  /** Height over width of the picture. */
  readonly aspect: number;
  readonly frames: readonly SnippetFrame[];
}

export interface Snippet extends Scene {
  readonly camera: string;
  readonly at: string;
}

/** Which events; empty: all. */
export interface Filter {
  readonly camera: string;
  readonly type: string;
  readonly region: string;
  readonly from: string;
  readonly to: string;
}

export const listEvents = (filter: Filter, before: string, signal?: AbortSignal): Promise<EventsPage> =>
  get(`events${query({ ...filter, before, limit: 50 })}`, signal);
export const getEvent = (id: string, signal?: AbortSignal): Promise<EventAnswer> => get(path`events/${id}`, signal);
export const getTrack = (id: string, signal?: AbortSignal): Promise<Snippet> => get(path`events/${id}/track`, signal);
