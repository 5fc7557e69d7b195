// Drawing a new region: press for each point, or press and draw for a line.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Point } from "../../api/regions";
import { fewestPoints } from "./drawing";
import { asPoints, distance, type Px, type Size, toPoint, toPx } from "./geometry";
import { isDelete } from "./keys";
import type { Draft, Editor } from "./use-editor";

const NEAR = 16;

export function DraftLayer({ editor, draft, size }: { editor: Editor; draft: Draft; size: Size }) {
  const ground = useRef<SVGRectElement>(null);
  const pressed = useRef<Px | null>(null);
  const [pointer, setPointer] = useState<Point | null>(null);
  useLayoutEffect(() => ground.current?.focus(), []);
  const points = draft.points.map((point) => toPx(point, size));
  const closes = (at: Px): boolean => {
    const first = points[0];
    return first !== undefined && points.length >= fewestPoints(draft.kind) && distance(first, at) < NEAR;
  };
  const press = (event: PointerEvent): void => {
    const at = locate(event);
    pressed.current = at;
    if (closes(at)) editor.finishDraft();
    else editor.addToDraft(toPoint(at, size));
  };
  const release = (event: PointerEvent): void => {
    const at = locate(event);
    const isDrawn = pressed.current && distance(pressed.current, at) > NEAR;
    if (isDrawn && draft.kind === "lines") editor.addToDraft(toPoint(at, size));
  };
  const all = pointer ? [...points, toPx(pointer, size)] : points;
  return (
    <g class={`region ${draft.kind} selected`}>
      <polyline class="casing" points={asPoints(all)} />
      <polyline class="stroke" points={asPoints(all)} />
      {points.map((point, at) => (
        <circle key={`${at}`} class="handle-dot" cx={point.x} cy={point.y} r={at === 0 ? 8 : 6} />
      ))}
      <rect
        ref={ground}
        class="draft-ground grabbed"
        width={size.width}
        height={size.height}
        role="button"
        tabindex={0}
        aria-label="Press for each point. Enter finishes, or puts a usual one into the middle; Escape gives up."
        onPointerDown={press}
        onPointerUp={release}
        onPointerMove={(event) => setPointer(toPoint(locate(event), size))}
        onPointerLeave={() => setPointer(null)}
        onKeyDown={(event) => draftKey(event, editor)}
      />
    </g>
  );
}

function draftKey(event: KeyboardEvent, editor: Editor): void {
  if (event.key === "Enter" || event.key === " ") editor.finishDraft();
  else if (isDelete(event)) editor.takeFromDraft();
  else return;
  event.preventDefault();
}

/** Where a pointer is, in pixels of the stage. */
function locate(event: PointerEvent): Px {
  const target = event.currentTarget;
  if (!(target instanceof Element)) return { x: 0, y: 0 };
  const box = target.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}
