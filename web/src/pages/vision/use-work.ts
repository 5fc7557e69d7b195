// Everything about one project that its pages need.

import { useState } from "preact/hooks";
import { type Loaded, useLoad } from "../../api/use";
import { getProject, listDomains, listTags } from "../../api/vision";
import { listIterations } from "../../api/vision-models";
import type { Domain, Iteration, Tag } from "../../api/vision-types";
import { type Subject, subjectOf } from "./words";

const WHILE_TRAINING_MS = 2000;

export interface Work extends Subject {
  readonly id: string;
  readonly domains: readonly Domain[];
  readonly tags: readonly Tag[];
  /** Newest first. */
  readonly iterations: readonly Iteration[];
  readonly reload: () => Promise<void>;
}

/** The project; asked for again and again while one of its trainings runs. */
export function useWork(id: string): Loaded<Work> {
  const [isTraining, setTraining] = useState(false);
  const loaded = useLoad(
    id,
    async (signal) => {
      const [project, domains, tags, iterations] = await Promise.all([
        getProject(id, signal),
        listDomains(signal),
        listTags(id, signal),
        listIterations(id, signal),
      ]);
      setTraining(iterations.some(({ status }) => status === "Training"));
      return { id, domains, tags: inOrder(tags), iterations: newestFirst(iterations), ...subjectOf(project, domains) };
    },
    isTraining ? WHILE_TRAINING_MS : undefined,
  );
  const data = loaded.data && { ...loaded.data, reload: loaded.reload };
  return { ...loaded, data };
}

const inOrder = (tags: readonly Tag[]): Tag[] => [...tags].sort((a, b) => a.name.localeCompare(b.name));
const newestFirst = (all: readonly Iteration[]): Iteration[] =>
  [...all].sort((a, b) => Date.parse(b.created) - Date.parse(a.created));
