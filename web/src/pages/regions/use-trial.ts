// What the service says about a drawing that is not saved: findings, and what it would have counted.

import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../../api/client";
import type { Drawing } from "../../api/regions";

export interface Trial<T> {
  /** Of the latest drawing that was answered; may be older than the present one. */
  answer: T | null;
  error: ApiError | null;
  isPending: boolean;
}

export interface Asking<T> extends Trial<T> {
  /** Ask once more, as nothing was drawn in the meantime. */
  again: () => void;
}

type Ask<T> = (drawing: Drawing) => Promise<T>;

/** Ask about a drawing once it has been left alone for so long; null: nobody is asked. */
export function useTrial<T>(drawing: Drawing, ask: Ask<T> | null, afterMs: number): Asking<T> {
  const [trial, setTrial] = useState<Trial<T>>({ answer: null, error: null, isPending: true });
  const [round, setRound] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;
  const isAsked = ask !== null;
  useEffect(() => {
    if (!isAsked) return;
    let isCurrent = true;
    setTrial((old) => ({ ...old, isPending: true }));
    const take = (next: Partial<Trial<T>>): void => {
      if (isCurrent) setTrial((old) => ({ ...old, error: null, ...next, isPending: false }));
    };
    const timer = setTimeout(() => {
      latest.current?.(drawing).then(
        (answer) => take({ answer }),
        (error: unknown) => {
          if (!(error instanceof ApiError)) throw error;
          take({ error });
        },
      );
    }, afterMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [drawing, afterMs, round, isAsked]);
  return { ...trial, again: () => setRound(round + 1) };
}
