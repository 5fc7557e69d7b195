// Custom Vision: projects, tags, pictures and what is written on them.

import { ApiError, get, patch, path, post, query, remove } from "./client";
import type {
  ClassificationType,
  Domain,
  ImageCreateSummary,
  Project,
  Region,
  Tag,
  TagKind,
  VisionImage,
} from "./vision-types";

const MOST_LISTED = 256;
const MOST_AT_ONCE = 64;
const MOST_TAGS_AT_ONCE = 20;

/** An address below those that are for training: training`projects/${id}/tags`. */
export function training(parts: TemplateStringsArray, ...names: readonly (string | number)[]): string {
  return `../../customvision/v3.4-preview/training/${path(parts, ...names)}`;
}

export const listDomains = (signal?: AbortSignal): Promise<readonly Domain[]> => get(training`domains`, signal);

export const listProjects = (signal?: AbortSignal): Promise<readonly Project[]> => get(training`projects`, signal);
export const getProject = (id: string, signal?: AbortSignal): Promise<Project> => get(training`projects/${id}`, signal);
/** classificationType: null for detection. */
export const createProject = (
  name: string,
  description: string,
  domainId: string,
  classificationType: ClassificationType | null,
): Promise<Project> =>
  post(
    training`projects` + query({ name, description, domainId, classificationType: classificationType ?? undefined }),
  );
export const changeProject = (id: string, change: Pick<Project, "name" | "description" | "settings">) =>
  patch<Project>(training`projects/${id}`, change);
export const removeProject = (id: string): Promise<void> => remove(training`projects/${id}`);

/** iterationId: as they were when that was trained; else as they are now. */
export const listTags = (project: string, signal?: AbortSignal, iterationId?: string): Promise<readonly Tag[]> =>
  get(training`projects/${project}/tags` + query({ iterationId }), signal);
export const createTag = (project: string, name: string, type: TagKind): Promise<Tag> =>
  post(training`projects/${project}/tags` + query({ name, type }));
export const changeTag = (project: string, tag: Pick<Tag, "id" | "name" | "description" | "type">): Promise<Tag> =>
  patch(training`projects/${project}/tags/${tag.id}`, tag);
export const removeTag = (project: string, id: string): Promise<void> =>
  remove(training`projects/${project}/tags/${id}`);

/** Which pictures; an empty `tag` or `camera` is any. */
export interface PictureFilter {
  readonly taggingStatus: "All" | "Tagged" | "Untagged";
  readonly tag: string;
  /** Pictures that were taken from this camera. */
  readonly camera: string;
}

const filtered = ({ taggingStatus, tag, camera }: PictureFilter) => ({
  taggingStatus,
  tagIds: tag,
  $filter: camera && `camera eq '${camera.replaceAll("'", "''")}'`,
});

/** The first `count` of a list that comes in pages, or all that there are. */
export async function paged<T>(
  count: number,
  load: (page: { take: number; skip: number }) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const all: T[] = [];
  while (all.length < count) {
    const take = Math.min(MOST_LISTED, count - all.length);
    const page = await load({ take, skip: all.length });
    all.push(...page);
    if (page.length < take) break;
  }
  return all;
}

/** The newest ones. */
export const listPictures = (
  project: string,
  filter: PictureFilter,
  count: number,
  signal?: AbortSignal,
): Promise<readonly VisionImage[]> =>
  paged(count, (page) =>
    get(training`projects/${project}/images` + query({ ...filtered(filter), orderBy: "Newest", ...page }), signal),
  );

export const countPictures = (project: string, filter: PictureFilter, signal?: AbortSignal): Promise<number> =>
  get(training`projects/${project}/images/count` + query(filtered(filter)), signal);

export async function getPicture(project: string, id: string, signal?: AbortSignal): Promise<VisionImage | null> {
  const found = await get<readonly VisionImage[]>(
    training`projects/${project}/images/id` + query({ imageIds: id }),
    signal,
  );
  return found[0] ?? null;
}

/** Send a batch of at most 64; each gets these tags. */
export async function uploadPictures(
  project: string,
  files: readonly File[],
  tagIds: readonly string[],
): Promise<ImageCreateSummary> {
  const body = new FormData();
  for (const file of files) body.append("imageData", file, file.name);
  return post(training`projects/${project}/images` + query({ tagIds: tagIds.join(",") }), body);
}

/** Make training pictures of predictions that were kept; they leave the list of predictions. */
export const promote = (
  project: string,
  predictions: readonly { readonly id: string; readonly regions: readonly Region[] }[],
  tagIds: readonly string[],
): Promise<ImageCreateSummary> =>
  post(training`projects/${project}/images/predictions`, { images: predictions, tagIds });

export async function removePictures(project: string, ids: readonly string[]): Promise<void> {
  for (const some of chunks(ids, MOST_AT_ONCE))
    await remove(training`projects/${project}/images` + query({ imageIds: some.join(",") }));
}

export interface Tagging {
  readonly imageId: string;
  readonly tagId: string;
}

export async function tagPictures(project: string, tags: readonly Tagging[]): Promise<void> {
  for (const some of chunks(tags, MOST_AT_ONCE))
    within(await post<Labelled>(training`projects/${project}/images/tags`, { tags: some }), "tags");
}

interface Labelled {
  readonly exceeded: readonly unknown[] | null;
}

/** Some may be left out although the request went well. */
function within({ exceeded }: Labelled, what: string): void {
  if (exceeded?.length) throw new ApiError(400, "exceeded", `the picture has as many ${what} as it may have`);
}

export async function untagPictures(
  project: string,
  imageIds: readonly string[],
  tagIds: readonly string[],
): Promise<void> {
  for (const images of chunks(imageIds, MOST_AT_ONCE))
    for (const tags of chunks(tagIds, MOST_TAGS_AT_ONCE))
      await remove(
        training`projects/${project}/images/tags` + query({ imageIds: images.join(","), tagIds: tags.join(",") }),
      );
}

export async function addRegions(project: string, imageId: string, regions: readonly Region[]): Promise<void> {
  for (const some of chunks(regions, MOST_AT_ONCE)) {
    const entries = some.map((region) => ({ imageId, ...region }));
    within(await post<Labelled>(training`projects/${project}/images/regions`, { regions: entries }), "boxes");
  }
}

export async function removeRegions(project: string, ids: readonly string[]): Promise<void> {
  for (const some of chunks(ids, MOST_AT_ONCE))
    await remove(training`projects/${project}/images/regions` + query({ regionIds: some.join(",") }));
}

/** `[[1, 2], [3]]` of `[1, 2, 3]` and 2. */
export function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}
