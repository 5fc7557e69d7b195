// Events, and the recorded people who explain them.

import { get, path, query, type Schemas } from "./client";

export type EventAnswer = Schemas["Event"];
export type EventsPage = Schemas["EventsPage"];
export type SnippetPerson = Schemas["SnippetPerson"];
export type Snippet = Schemas["Snippet"];

/** Recorded people, and the line or zone that it is about. */
export type Scene = Pick<Snippet, "region" | "kind" | "points" | "aspect" | "frames">;

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
