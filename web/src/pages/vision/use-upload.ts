// Uploading batch after batch, with what became of every file.

import { useRef, useState } from "preact/hooks";
import { ApiError } from "../../api/client";
import { uploadPictures } from "../../api/vision";
import { batches, type Refusal, refusalOf } from "./batches";
import { refusalInWords } from "./words";

interface State {
  readonly isBusy: boolean;
  readonly done: number;
  readonly total: number;
  readonly taken: number;
  readonly refused: readonly Refusal[];
}

export interface Upload extends State {
  readonly start: (files: readonly File[], tagIds: readonly string[]) => Promise<void>;
  /** What is on its way arrives; the rest does not. */
  readonly stop: () => void;
}

const NOTHING: State = { isBusy: false, done: 0, total: 0, taken: 0, refused: [] };

/** onBatch: called whenever pictures have arrived. */
export function useUpload(project: string, onBatch: () => void): Upload {
  const [state, setState] = useState(NOTHING);
  const isStopped = useRef(false);
  const start = async (files: readonly File[], tagIds: readonly string[]): Promise<void> => {
    const wrong = files.flatMap((file) => toRefusal(file.name, refusalOf(file)));
    const fit = files.filter((file) => refusalOf(file) === null);
    isStopped.current = false;
    setState({ isBusy: true, done: wrong.length, total: files.length, taken: 0, refused: wrong });
    for (const batch of batches(fit)) {
      if (isStopped.current) break;
      const refused = await send(project, batch, tagIds);
      setState((old) => ({
        ...old,
        done: old.done + batch.length,
        taken: old.taken + batch.length - refused.length,
        refused: [...old.refused, ...refused],
      }));
      onBatch();
    }
    setState((old) => ({ ...old, isBusy: false }));
  };
  const stop = (): void => {
    isStopped.current = true;
  };
  return { ...state, start, stop };
}

const toRefusal = (name: string, words: string | null): Refusal[] => (words === null ? [] : [{ name, words }]);

/** Those that were not taken. */
async function send(project: string, batch: readonly File[], tagIds: readonly string[]): Promise<Refusal[]> {
  try {
    const { images } = await uploadPictures(project, batch, tagIds);
    return images.flatMap(({ status }, at) =>
      status === "OK" ? [] : toRefusal(batch[at]?.name ?? "", refusalInWords(status)),
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return batch.flatMap(({ name }) => toRefusal(name, error.message));
  }
}
