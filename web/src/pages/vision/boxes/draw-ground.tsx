import { dragging } from "../../regions/drag";
import { type Size, toPoint } from "../../regions/geometry";
import { isTiny, spanned } from "./box";
import type { Boxes } from "./use-boxes";

interface Props {
  readonly boxes: Boxes;
  readonly size: Size;
  /** A finger draws, too, and does not scroll. */
  readonly isDrawing: boolean;
}

/** The free part of the picture: boxes are drawn there from corner to corner. */
export function DrawGround({ boxes, size, isDrawing }: Props) {
  const press = (down: PointerEvent): void => {
    boxes.select(null);
    if (!boxes.tagId || (down.pointerType !== "mouse" && !isDrawing)) return;
    const frame = (down.currentTarget as Element).getBoundingClientRect();
    const [x, y] = [down.clientX - frame.left, down.clientY - frame.top];
    const before = boxes.all;
    dragging((by, step) => {
      const box = spanned(toPoint({ x, y }, size), toPoint({ x: x + by.x, y: y + by.y }, size));
      if (isTiny(box)) return;
      boxes.change([...before, { ...box, tagId: boxes.tagId }], step);
      boxes.select(before.length);
    })(down);
  };
  return (
    <rect
      class={isDrawing ? "draft-ground grabbed" : "draft-ground"}
      width={size.width}
      height={size.height}
      onPointerDown={press}
    />
  );
}
