// Accuracy audits.

import { get, path, post, put } from "./client";
import type { Scene } from "./events";

export interface Estimated {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface AuditFigures {
  readonly told: number;
  readonly true: Estimated;
  readonly recall: Estimated;
  readonly invented: Estimated;
  readonly total_error: Estimated;
  readonly kinds: readonly {
    readonly kind: string;
    readonly moments: number;
    readonly answered: number;
    readonly missed: number;
    readonly invented: number;
  }[];
}

export interface AccuracySummary {
  readonly id: string;
  readonly camera: string;
  readonly begin: string;
  readonly end: string;
  readonly at: string;
  readonly author: string;
  readonly moments: number;
  readonly answered: number;
  readonly figures: AuditFigures | null;
}

export interface AuditMoment {
  readonly number: number;
  readonly region: string;
  readonly begin: string;
  readonly end: string;
  readonly words: readonly string[];
  readonly counted: readonly number[] | null;
  readonly recording: string | null;
}

export interface AccuracyAudit extends AccuracySummary {
  readonly wanted: readonly AuditMoment[];
}

export interface AccuracyAudits {
  readonly audits: readonly AccuracySummary[];
}

export const listAudits = async (signal?: AbortSignal): Promise<readonly AccuracySummary[]> =>
  (await get<AccuracyAudits>("accuracy", signal)).audits;
export const startAudit = (camera: string, from: string, to: string, moments: number): Promise<AccuracyAudit> =>
  post("accuracy", { camera, from, to, moments });
export const getAudit = (id: string, signal?: AbortSignal): Promise<AccuracyAudit> => get(path`accuracy/${id}`, signal);
/** counted: null takes an answer back. */
export const answerMoment = (id: string, moment: number, counted: readonly number[] | null): Promise<AccuracyAudit> =>
  put(path`accuracy/${id}/answers`, { answers: [{ moment, counted }] });
export const getMoment = (id: string, moment: number, signal?: AbortSignal): Promise<Scene> =>
  get(path`accuracy/${id}/moments/${moment}/track`, signal);
