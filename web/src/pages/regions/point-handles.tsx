import type { Point } from "../../api/regions";
import { dragging } from "./drag";
import { canAddPoints, type Kind, movedPoint, nameOf, type Ref, refKey, withoutPoint, withPointAfter } from "./drawing";
import { between, type Px, type Size, toPx } from "./geometry";
import { isDelete, isInsert, nudge } from "./keys";
import type { Editor } from "./use-editor";

const TOUCH = 20;

interface HandlesProps {
  editor: Editor;
  of: Ref;
  points: readonly Point[];
  size: Size;
}

/** The points of the selected region, and between them those that would be new ones. */
export function PointHandles({ editor, of, points, size }: HandlesProps) {
  return (
    <>
      {canAddPoints(of.kind) &&
        points.map((_, at) => (
          <NewPoint key={`new-${at}`} editor={editor} of={of} at={at} points={points} size={size} />
        ))}
      {points.map((point, at) => (
        <Handle key={`point-${at}`} editor={editor} of={of} at={at} point={point} size={size} />
      ))}
    </>
  );
}

function Handle({ editor, of, at, point, size }: Omit<HandlesProps, "points"> & { at: number; point: Point }) {
  const { drawing } = editor;
  const to = (by: Px, tag: string): void =>
    editor.change(movedPoint(drawing, of, at, [point[0] + by.x, point[1] + by.y]), tag);
  const drag = dragging((by, tag) => to({ x: by.x / size.width, y: by.y / size.height }, tag));
  const { x, y } = toPx(point, size);
  return (
    <g
      class="handle"
      role="button"
      tabindex={0}
      aria-roledescription="movable point"
      aria-label={`${nameOf(drawing, of)}, ${pointName(of.kind, at)}: ${percent(point[0])} from the left, ${percent(point[1])} from the top`}
      onPointerDown={drag}
      onKeyDown={(event) => pointKey(event, editor, of, at, to)}
    >
      <circle class="handle-touch grabbed" cx={x} cy={y} r={TOUCH} />
      <circle class="handle-dot grabbed" cx={x} cy={y} r="6.5" />
      {of.kind === "lines" && at === 0 && <circle class="handle-start" cx={x} cy={y} r="2.5" />}
    </g>
  );
}

function pointKey(event: KeyboardEvent, editor: Editor, of: Ref, at: number, to: (by: Px, tag: string) => void): void {
  const step = nudge(event);
  if (step) to(step, `nudge-${refKey(of)}-${at}`);
  else if (isInsert(event)) editor.change(withPointAfter(editor.drawing, of, at));
  else if (isDelete(event)) {
    const fewer = withoutPoint(editor.drawing, of, at);
    if (fewer) editor.change(fewer);
    else editor.remove(of);
  } else return;
  event.preventDefault();
}

function NewPoint({ editor, of, at, points, size }: HandlesProps & { at: number }) {
  const [here, next] = [points[at], points[(at + 1) % points.length]];
  if (!here || !next) return null;
  const { x, y } = toPx(between(here, next), size);
  const grown = withPointAfter(editor.drawing, of, at);
  const middle = between(here, next);
  const drag = dragging((by, tag) =>
    editor.change(movedPoint(grown, of, at + 1, [middle[0] + by.x / size.width, middle[1] + by.y / size.height]), tag),
  );
  return (
    <g class="new-point" onPointerDown={drag}>
      <circle class="handle-touch grabbed" cx={x} cy={y} r={TOUCH * 0.7} />
      <circle class="handle-dot grabbed" cx={x} cy={y} r="4" />
    </g>
  );
}

function pointName(kind: Kind, at: number): string {
  if (kind === "lines") return at === 0 ? "start" : "end";
  return `corner ${at + 1}`;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
