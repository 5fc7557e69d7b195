// Dragging by mouse, pen or finger.

import type { Px } from "./geometry";

type Handler = (event: PointerEvent) => void;

/** A handler for `pointerdown`: follows the pointer until it is let go. */
export function dragging(onMove: (by: Px, tag: string) => void): Handler {
  return (down) => {
    const target = down.currentTarget;
    if (down.button !== 0 || !(target instanceof Element)) return;
    down.stopPropagation();
    target.setPointerCapture(down.pointerId);
    const tag = `drag-${down.pointerId}-${down.timeStamp}`;
    const move = (event: Event): void => {
      if (event instanceof PointerEvent)
        onMove({ x: event.clientX - down.clientX, y: event.clientY - down.clientY }, tag);
    };
    const end = (): void => {
      target.removeEventListener("pointermove", move);
      target.removeEventListener("lostpointercapture", end);
    };
    target.addEventListener("pointermove", move);
    target.addEventListener("lostpointercapture", end);
  };
}
