// What pages load: once, again every so often, and again when asked.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "./client";

export interface Loaded<T> {
  data: T | undefined;
  error: ApiError | null;
  /** Nothing is known yet. */
  isLoading: boolean;
  reload: () => Promise<void>;
}

/** An answer that is so long on its way does not come any more. */
const PATIENCE_MS = 30_000;

/**
 * Load something when the page opens and whenever `key` changes. What was loaded stays while it is loaded again.
 *
 * everyMs: repeat so often while the tab is visible; what is on its way is waited for, however slow the service is.
 */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>, everyMs?: number): Loaded<T> {
  const [state, setState] = useState<{ key: string; data?: T; error: ApiError | null }>({ key, error: null });
  const latest = useRef(load);
  latest.current = load;
  const abort = useRef<AbortController | null>(null);
  const askedMs = useRef(0);

  const reload = useCallback(async () => {
    abort.current?.abort();
    const mine = new AbortController();
    abort.current = mine;
    askedMs.current = performance.now();
    try {
      const data = await latest.current(mine.signal);
      if (!mine.signal.aborted) setState({ key, data, error: null });
    } catch (error) {
      if (mine.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      setState((old) => (old.key === key ? { ...old, error } : { key, error }));
    } finally {
      if (abort.current === mine) abort.current = null;
    }
  }, [key]);

  useEffect(() => {
    void reload();
    return () => abort.current?.abort();
  }, [reload]);

  useEffect(() => {
    if (!everyMs) return;
    const isWaiting = (): boolean => abort.current !== null && performance.now() - askedMs.current < PATIENCE_MS;
    const timer = setInterval(() => document.hidden || isWaiting() || void reload(), everyMs);
    return () => clearInterval(timer);
  }, [reload, everyMs]);

  const data = state.key === key ? state.data : undefined;
  const error = state.key === key ? state.error : null;
  return { data, error, isLoading: data === undefined && error === null, reload };
}

export interface Doing {
  isBusy: boolean;
  error: ApiError | null;
  /** True when it went well. */
  run: () => Promise<boolean>;
  clear: () => void;
}

/** Something that a button does: one at a time, with its error kept for showing. */
export function useDoing(action: () => Promise<unknown>): Doing {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const run = async (): Promise<boolean> => {
    if (isBusy) return false;
    setBusy(true);
    setError(null);
    try {
      await action();
      return true;
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, error, run, clear: () => setError(null) };
}
