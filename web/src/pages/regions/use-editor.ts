// The editor's state: the drawing with its history, what is selected, what is being drawn.

import { useState } from "preact/hooks";
import type { Drawing, Point } from "../../api/regions";
import { defaultPoints, fewestPoints, type Kind, pointsWanted, type Ref, withNew, without } from "./drawing";
import { advanced, begun, type History, redone, undone } from "./history";

export interface Draft {
  kind: Kind;
  points: readonly Point[];
}

export interface Editor {
  drawing: Drawing;
  selected: Ref | null;
  draft: Draft | null;
  canUndo: boolean;
  canRedo: boolean;
  select: (ref: Ref | null) => void;
  /** Changes in a row under one tag are one step of undo. */
  change: (drawing: Drawing, tag?: string) => void;
  /** Another drawing from elsewhere: history begins anew. */
  replace: (drawing: Drawing) => void;
  remove: (ref: Ref) => void;
  undo: () => void;
  redo: () => void;
  startDraft: (kind: Kind) => void;
  addToDraft: (point: Point) => void;
  takeFromDraft: () => void;
  /** Make a region of the draft; of an empty one, a usual one in the middle. */
  finishDraft: () => void;
  cancelDraft: () => void;
}

/** shape: width and height of the picture, for the floor. */
export function useEditor(initial: Drawing, shape: readonly number[]): Editor {
  const [history, setHistory] = useState<History<Drawing>>(() => begun(initial));
  const [selected, setSelected] = useState<Ref | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const drawing = history.present;
  const change = (next: Drawing, tag = ""): void => setHistory((old) => advanced(old, next, tag));
  const travel = (step: (old: History<Drawing>) => History<Drawing>): void => {
    setSelected(null);
    setDraft(null);
    setHistory(step);
  };
  const finish = ({ kind, points }: Draft): void => {
    if (points.length && points.length < fewestPoints(kind)) return;
    const [next, ref] = withNew(drawing, kind, points.length ? points : defaultPoints(kind), shape);
    change(next);
    setSelected(ref);
    setDraft(null);
  };
  return {
    drawing,
    selected,
    draft,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    select: setSelected,
    change,
    replace: (next) => travel(() => begun(next)),
    remove: (ref) => {
      setSelected(null);
      change(without(drawing, ref));
    },
    undo: () => travel(undone),
    redo: () => travel(redone),
    startDraft: (kind) => {
      setSelected(null);
      setDraft({ kind, points: [] });
    },
    addToDraft: (point) => {
      if (!draft) return;
      const next = { ...draft, points: [...draft.points, point] };
      if (next.points.length === pointsWanted(draft.kind)) finish(next);
      else setDraft(next);
    },
    takeFromDraft: () => setDraft(draft && { ...draft, points: draft.points.slice(0, -1) }),
    finishDraft: () => draft && finish(draft),
    cancelDraft: () => setDraft(null),
  };
}
