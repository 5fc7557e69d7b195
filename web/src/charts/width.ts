// Charts are drawn in real pixels, so that text keeps its size on small screens.

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** A reference to put on an element, and its width in pixels; `first` until it is known. */
export function useWidth(first = 320): [RefObject<HTMLDivElement | null>, number] {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(first);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const found = Math.floor(entry?.contentRect.width ?? 0);
      if (found > 0) setWidth(found);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}
