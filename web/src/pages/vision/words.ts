// What Custom Vision's words mean to people. Pure.

import type { Domain, ImageCreateStatus, Iteration, Project, Tag } from "../../api/vision-types";
import type { Tone } from "../../ui";

/** What a project tells about a picture: one tag, any number of tags, or tags of boxes in it. */
export type Kind = "one" | "many" | "boxes";

export const KIND_WORDS: Record<Kind, string> = {
  one: "One tag a picture",
  many: "Several tags a picture",
  boxes: "Boxes in pictures",
};

/** The fewest pictures of every tag that a training wants. */
export const FEWEST: Record<Kind, number> = { one: 5, many: 5, boxes: 15 };
const DAY_MS = 86_400_000;

/** A project with what its domain says about it. */
export interface Subject {
  readonly project: Project;
  readonly kind: Kind;
  readonly domain: Domain | undefined;
}

export function subjectOf(project: Project, domains: readonly Domain[]): Subject {
  const domain = domains.find(({ id }) => id === project.settings.domainId);
  if (domain?.type === "ObjectDetection") return { project, domain, kind: "boxes" };
  return { project, domain, kind: project.settings.classificationType === "Multilabel" ? "many" : "one" };
}

export const taskOf = (kind: Kind): Domain["type"] => (kind === "boxes" ? "ObjectDetection" : "Classification");

/** What is missing before a training, a sentence each. */
export function missing(tags: readonly Tag[], kind: Kind): string[] {
  const fewest = FEWEST[kind];
  const regular = tags.filter(({ type }) => type !== "Negative");
  const short = regular
    .filter(({ imageCount }) => imageCount < fewest)
    .map(({ name, imageCount }) => `${name} has ${pictures(imageCount)}, ${fewest} are needed.`);
  if (regular.length === 0) return ["There is no tag yet."];
  if (kind === "one" && tags.length < 2) return ["Two tags are needed: a model tells one from the other.", ...short];
  return short;
}

/** `1 picture`, `12 pictures`. */
export const pictures = (count: number): string => (count === 1 ? "1 picture" : `${count} pictures`);

/** How many days a prediction is kept from now on, of so many in all. */
export function daysLeft(created: string, nowMs: number, keptDays: number): number {
  return Math.max(0, Math.ceil((Date.parse(created) - nowMs) / DAY_MS) + keptDays);
}

export const days = (count: number): string => (count === 1 ? "1 day" : `${count} days`);

/** `83 %`; `<1 %` and `>99 %` where rounding would say never or always. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return "<1 %";
  if (share > 0.99 && share < 1) return ">99 %";
  return `${Math.round(share * 100)} %`;
}

const REFUSED: Record<ImageCreateStatus, string> = {
  OK: "taken",
  OKDuplicate: "is here already",
  ErrorSource: "could not be fetched",
  ErrorImageFormat: "is no JPEG, PNG, BMP or GIF",
  ErrorImageSize: "is larger than 6 MB",
  ErrorStorage: "could not be stored",
  ErrorLimitExceed: "is one too many for this project",
  ErrorTagLimitExceed: "would have too many tags",
  ErrorRegionLimitExceed: "would have too many boxes",
  ErrorUnknown: "failed",
  ErrorNegativeAndRegularTagOnSameImage: "cannot have a negative tag beside another one",
  ErrorImageDimensions: "is too wide, too tall or too narrow: 10 240 pixels a side, and 25 to 1, are the limits",
  ErrorInvalidTag: "got a tag that is no longer there",
};

export const refusalInWords = (status: ImageCreateStatus): string => REFUSED[status] ?? "failed";

const STATES: Record<Iteration["status"], readonly [Tone, string]> = {
  Training: ["accent", "in training"],
  Completed: ["good", "trained"],
  Failed: ["bad", "failed"],
};

export const stateOf = ({ status }: Iteration): readonly [Tone, string] => STATES[status] ?? ["neutral", status];
