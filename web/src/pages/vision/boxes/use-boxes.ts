// The state of drawing boxes: the boxes with their history, which one is selected, and the tag of the next one.

import { useState } from "preact/hooks";
import type { BoundingBox, Region } from "../../../api/vision-types";
import { advanced, begun, type History, redone, undone } from "../../regions/history";

export interface Boxes {
  readonly all: readonly Region[];
  readonly selected: number | null;
  /** What the next box is. */
  readonly tagId: string;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly select: (at: number | null) => void;
  /** Changes in a row under one tag are one step of undo. */
  readonly change: (all: readonly Region[], step?: string) => void;
  readonly put: (at: number, box: Region, step?: string) => void;
  readonly add: (box: BoundingBox) => void;
  readonly remove: (at: number) => void;
  /** Of the selected box and of those to come. */
  readonly chooseTag: (tagId: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
}

export function useBoxes(first: readonly Region[], firstTag: string): Boxes {
  const [history, setHistory] = useState<History<readonly Region[]>>(() => begun(first));
  const [selected, select] = useState<number | null>(null);
  const [tagId, setTag] = useState(firstTag);
  const all = history.present;
  const change = (next: readonly Region[], step = ""): void => setHistory((old) => advanced(old, next, step));
  const put = (at: number, box: Region, step = ""): void => change(all.with(at, box), step);
  const travel = (step: (old: History<readonly Region[]>) => History<readonly Region[]>): void => {
    select(null);
    setHistory(step);
  };
  return {
    all,
    selected: selected !== null && selected < all.length ? selected : null,
    tagId,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    select,
    change,
    put,
    add: (box) => {
      change([...all, { ...box, tagId }]);
      select(all.length);
    },
    remove: (at) => {
      select(null);
      change(all.toSpliced(at, 1));
    },
    chooseTag: (next) => {
      const box = selected === null ? undefined : all[selected];
      if (box && selected !== null) put(selected, { ...box, tagId: next });
      setTag(next);
    },
    undo: () => travel(undone),
    redo: () => travel(redone),
  };
}
