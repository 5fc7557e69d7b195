// Custom Vision: trainings, what came of them, and what they told.

import { get, patch, post, query, remove } from "./client";
import { chunks, paged, training } from "./vision";
import type {
  ImagePerformance,
  ImagePrediction,
  Iteration,
  ModelExport,
  Performance,
  PredictionPage,
  PredictionToken,
  StoredPrediction,
  TrainingKind,
  TrainingProgress,
} from "./vision-types";

const MOST_AT_ONCE = 64;
/** Predictions are asked of this service itself: where a model runs needs no further name. */
const OWN_RESOURCE = "footfall";

/** hours: the most that an advanced training may take; 0 for a quick one. */
export const train = (project: string, kind: TrainingKind, hours: number, isForced: boolean): Promise<Iteration> =>
  post(
    training`projects/${project}/train` +
      query({ trainingType: kind, reservedBudgetInHours: hours, forceTrain: String(isForced) }),
  );

export const listIterations = (project: string, signal?: AbortSignal): Promise<readonly Iteration[]> =>
  get(training`projects/${project}/iterations`, signal);
export const getIteration = (project: string, id: string, signal?: AbortSignal): Promise<Iteration> =>
  get(training`projects/${project}/iterations/${id}`, signal);
export const getProgress = (project: string, id: string, signal?: AbortSignal): Promise<TrainingProgress> =>
  get(training`projects/${project}/iterations/${id}/progress`, signal);
export const renameIteration = (project: string, id: string, name: string): Promise<Iteration> =>
  patch(training`projects/${project}/iterations/${id}`, { name });
/** One that is in training ends at once. */
export const removeIteration = (project: string, id: string): Promise<void> =>
  remove(training`projects/${project}/iterations/${id}`);

/** threshold, overlap: 0 to 1; the overlap counts for boxes alone. */
export const getPerformance = (
  project: string,
  id: string,
  threshold: number,
  overlap: number,
  signal?: AbortSignal,
): Promise<Performance> =>
  get(
    training`projects/${project}/iterations/${id}/performance` + query({ threshold, overlapThreshold: overlap }),
    signal,
  );
/** Of the newest `count` pictures. */
export const listImagePerformances = (
  project: string,
  id: string,
  count: number,
  signal?: AbortSignal,
): Promise<readonly ImagePerformance[]> =>
  paged(count, (page) =>
    get(training`projects/${project}/iterations/${id}/performance/images` + query({ ...page }), signal),
  );

export const publish = (project: string, id: string, publishName: string, isOverwriting: boolean): Promise<boolean> =>
  post(
    training`projects/${project}/iterations/${id}/publish` +
      query({ publishName, predictionId: OWN_RESOURCE, overwrite: String(isOverwriting) }),
  );
export const unpublish = (project: string, id: string): Promise<void> =>
  remove(training`projects/${project}/iterations/${id}/publish`);

export const listExports = (project: string, id: string, signal?: AbortSignal): Promise<readonly ModelExport[]> =>
  get(training`projects/${project}/iterations/${id}/export`, signal);
/** flavor: empty for the usual one. */
export const startExport = (project: string, id: string, platform: string, flavor: string): Promise<ModelExport> =>
  post(training`projects/${project}/iterations/${id}/export` + query({ platform, flavor }));

/** isKept: the picture and the answer stay in the list of predictions. */
export function quickTest(project: string, iterationId: string, file: File, isKept: boolean): Promise<ImagePrediction> {
  const body = new FormData();
  body.append("imageData", file, file.name);
  return post(training`projects/${project}/quicktest/image` + query({ iterationId, store: String(isKept) }), body);
}

const queryPredictions = (project: string, token: PredictionToken): Promise<PredictionPage> =>
  post(training`projects/${project}/predictions/query`, token);

export interface Stored {
  readonly all: readonly StoredPrediction[];
  readonly hasMore: boolean;
}

/** The newest predictions that were kept; tag: empty for all. */
export async function listPredictions(project: string, tag: string, count: number): Promise<Stored> {
  const all: StoredPrediction[] = [];
  let token: PredictionToken = { orderBy: "Newest", maxCount: MOST_AT_ONCE, tags: tag ? [{ id: tag }] : null };
  let hasMore = true;
  while (hasMore && all.length < count) {
    const page = await queryPredictions(project, token);
    all.push(...page.results);
    token = page.token;
    hasMore = Boolean(page.token.continuation) && page.results.length > 0;
  }
  return { all, hasMore };
}

export async function removePredictions(project: string, ids: readonly string[]): Promise<void> {
  for (const some of chunks(ids, MOST_AT_ONCE))
    await remove(training`projects/${project}/predictions` + query({ ids: some.join(",") }));
}
