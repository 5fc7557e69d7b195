// One line, zone, mask or floor on the picture, and, while it is selected, its points.

import { dragging } from "./drag";
import { type Kind, nameOf, pointsOf, type Ref, refKey, WORDS } from "./drawing";
import { FloorLines } from "./floor-lines";
import { asPoints, centre, type Size, toPx } from "./geometry";
import { isDelete, nudge } from "./keys";
import { LineArrows } from "./line-arrows";
import { moved } from "./moves";
import { PointHandles } from "./point-handles";
import type { Editor } from "./use-editor";

interface ShapeProps {
  editor: Editor;
  of: Ref;
  size: Size;
  isSelected: boolean;
  isReadOnly: boolean;
}

export function RegionShape({ editor, of, size, isSelected, isReadOnly }: ShapeProps) {
  const { drawing } = editor;
  const points = pointsOf(drawing, of);
  const name = nameOf(drawing, of);
  const line = of.kind === "lines" ? drawing.lines[of.index] : undefined;
  const canDrag = isSelected && !isReadOnly;
  const drag = dragging((by, tag) => editor.change(moved(drawing, of, by, size), tag));
  const press = (event: PointerEvent): void => {
    if (editor.draft) return;
    event.stopPropagation();
    editor.select(of);
    if (canDrag || (event.pointerType === "mouse" && !isReadOnly)) drag(event);
  };
  return (
    <g class={`region ${of.kind} ${isSelected ? "selected" : ""}`}>
      <g
        class="region-body"
        role="button"
        tabindex={0}
        aria-label={of.kind === "floor" ? "Measured floor" : `${WORDS[of.kind]} ${name}`}
        aria-pressed={isSelected}
        onFocus={() => editor.select(of)}
        onPointerDown={press}
        onKeyDown={(event) => !isReadOnly && regionKey(event, editor, of)}
      >
        <Outline kind={of.kind} points={asPoints(points.map((point) => toPx(point, size)))} isSelected={isSelected} />
        {of.kind === "floor" && <FloorLines points={points} floor={drawing.floor} size={size} />}
        {of.kind !== "lines" && of.kind !== "floor" && <Label name={name} {...toPx(centre(points), size)} />}
      </g>
      <g pointer-events="none">{line && <LineArrows line={line} size={size} />}</g>
      {isSelected && !isReadOnly && (
        <PointHandles key={refKey(of)} editor={editor} of={of} points={points} size={size} />
      )}
    </g>
  );
}

function regionKey(event: KeyboardEvent, editor: Editor, of: Ref): void {
  const step = nudge(event);
  if (step) editor.change(moved(editor.drawing, of, step, { width: 1, height: 1 }), `nudge-${refKey(of)}`);
  else if (isDelete(event)) editor.remove(of);
  else return;
  event.preventDefault();
}

function Outline({ kind, points, isSelected }: { kind: Kind; points: string; isSelected: boolean }) {
  const shape = (name: string) =>
    kind === "lines" ? <polyline class={name} points={points} /> : <polygon class={name} points={points} />;
  return (
    <>
      {shape(isSelected ? "grip grabbed" : "grip")}
      {shape("casing")}
      {shape(isSelected ? "stroke grabbed" : "stroke")}
    </>
  );
}

export function Label({ name, x, y }: { name: string; x: number; y: number }) {
  return (
    <text class="label" x={x} y={y} text-anchor="middle" dominant-baseline="middle">
      {name}
    </text>
  );
}
