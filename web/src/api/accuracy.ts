// Accuracy audits.

import { get, path, post, put, type Schemas } from "./client";
import type { Scene } from "./events";

export type Estimated = Schemas["Figure"];
export type AuditFigures = Schemas["AuditFigures"];
export type AccuracySummary = Schemas["AccuracySummary"];
export type AuditMoment = Schemas["AuditMoment"];
export type AccuracyAudit = Schemas["AccuracyAudit"];

export const listAudits = async (signal?: AbortSignal): Promise<readonly AccuracySummary[]> =>
  (await get<Schemas["AccuracyAudits"]>("accuracy", signal)).audits;
export const startAudit = (camera: string, from: string, to: string, moments: number): Promise<AccuracyAudit> =>
  post("accuracy", { camera, from, to, moments });
export const getAudit = (id: string, signal?: AbortSignal): Promise<AccuracyAudit> => get(path`accuracy/${id}`, signal);
/** counted: null takes an answer back. */
export const answerMoment = (id: string, moment: number, counted: readonly number[] | null): Promise<AccuracyAudit> =>
  put(path`accuracy/${id}/answers`, { answers: [{ moment, counted }] });
export const getMoment = (id: string, moment: number, signal?: AbortSignal): Promise<Scene> =>
  get(path`accuracy/${id}/moments/${moment}/track`, signal);
