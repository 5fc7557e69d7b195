import { useEffect, useState } from "preact/hooks";

/** A number that grows every so often while the tab is visible: for asking pictures anew. */
export function useTurn(everyMs: number): number {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || setTurn((old) => old + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return turn;
}
