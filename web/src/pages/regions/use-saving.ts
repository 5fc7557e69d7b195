// Saving with the version that was read, and what happens if somebody else was faster.

import { useState } from "preact/hooks";
import { ApiError } from "../../api/client";
import { type Drawing, getRegions, putRegions, type Regions } from "../../api/regions";
import { type Doing, useDoing } from "../../api/use";
import { sameDrawing } from "./drawing";

/** `run` saves; while a conflict is shown, over theirs. */
export interface Saving extends Doing {
  /** As it is kept by the service. */
  saved: Regions;
  /** What somebody else has made of it in the meantime. */
  conflict: Regions | null;
  /** Go on from theirs: their version is the one that was seen. */
  settle: (theirs: Regions) => void;
  dismiss: () => void;
}

export function useSaving(camera: string, first: Regions, drawing: Drawing, onSaved: () => void): Saving {
  const [saved, setSaved] = useState(first);
  const [conflict, setConflict] = useState<Regions | null>(null);

  const save = async (base: Regions): Promise<void> => {
    try {
      setSaved(await putRegions(camera, drawing, base.version));
      setConflict(null);
      onSaved();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
      await meet(await getRegions(camera), base);
    }
  };

  /** The version is that of all cameras: where this one's regions are as they were, there is nothing to ask. */
  const meet = async (theirs: Regions, base: Regions): Promise<void> => {
    if (sameDrawing(theirs.regions, base.regions) && theirs.version !== base.version) await save(theirs);
    else setConflict(theirs);
  };

  const doing = useDoing(() => save(conflict ?? saved));
  const settle = (theirs: Regions): void => {
    setSaved(theirs);
    setConflict(null);
  };
  return { ...doing, saved, conflict, settle, dismiss: () => setConflict(null) };
}
