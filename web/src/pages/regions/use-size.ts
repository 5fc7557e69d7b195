import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Size } from "./geometry";

/** Size of an element in CSS pixels, from its first picture on and kept up to date. */
export function useSize() {
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size | null>(null);
  useLayoutEffect(() => {
    if (!frame.current) return;
    setSize({ width: frame.current.clientWidth, height: frame.current.clientHeight });
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  return [frame, size] as const;
}
