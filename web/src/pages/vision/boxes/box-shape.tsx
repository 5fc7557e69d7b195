import type { BoundingBox } from "../../../api/vision-types";
import { dragging } from "../../regions/drag";
import { type Px, type Size, toPx } from "../../regions/geometry";
import { isDelete, nudge } from "../../regions/keys";
import { CORNER_WORDS, corners, movedBox, movedCorner } from "./box";
import type { Boxes } from "./use-boxes";

const TOUCH = 18;
/** Pixels that words above a box take, and one of their letters. */
const ROOM_ABOVE = 22;
const LETTER = 8;

interface Props {
  readonly boxes: Boxes;
  readonly at: number;
  readonly name: string;
  readonly size: Size;
}

/** A box to be selected, moved and, by its corners, resized: by mouse, finger or keyboard. */
export function BoxShape({ boxes, at, name, size }: Props) {
  const box = boxes.all[at];
  if (!box) return null;
  const isSelected = boxes.selected === at;
  const move = (by: Px, step: string): void => boxes.put(at, movedBox(box, by.x, by.y), step);
  const drag = dragging((by, step) => move({ x: by.x / size.width, y: by.y / size.height }, step));
  const press = (event: PointerEvent): void => {
    event.stopPropagation();
    boxes.select(at);
    if (isSelected || event.pointerType === "mouse") drag(event);
  };
  const key = (event: KeyboardEvent): void => {
    const step = nudge(event);
    if (step) move(step, `nudge-${at}`);
    else if (isDelete(event)) boxes.remove(at);
    else return;
    event.preventDefault();
  };
  return (
    <g class={isSelected ? "region boxes selected" : "region boxes"}>
      <g
        class="region-body"
        role="button"
        tabindex={0}
        aria-label={`Box ${at + 1}: ${name}`}
        aria-pressed={isSelected}
        onFocus={() => boxes.select(at)}
        onPointerDown={press}
        onKeyDown={key}
      >
        <BoxOutline box={box} size={size} words={name} grip={isSelected ? "grip grabbed" : "grip"} />
      </g>
      {isSelected &&
        CORNER_WORDS.map((_, corner) => (
          <Corner key={CORNER_WORDS[corner]} boxes={boxes} at={at} corner={corner} name={name} size={size} />
        ))}
    </g>
  );
}

function Corner({ boxes, at, corner, name, size }: Props & { readonly corner: number }) {
  const box = boxes.all[at];
  const point = box && corners(box)[corner];
  if (!box || !point) return null;
  const to = (by: Px, step: string): void => boxes.put(at, movedCorner(box, corner, by.x, by.y), step);
  const drag = dragging((by, step) => to({ x: by.x / size.width, y: by.y / size.height }, step));
  const key = (event: KeyboardEvent): void => {
    const step = nudge(event);
    if (step) to(step, `corner-${at}-${corner}`);
    else if (isDelete(event)) boxes.remove(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const { x, y } = toPx(point, size);
  return (
    <g
      class="handle"
      role="button"
      tabindex={0}
      aria-roledescription="movable corner"
      aria-label={`Box ${at + 1}, ${name}, ${CORNER_WORDS[corner]} corner`}
      onPointerDown={drag}
      onKeyDown={key}
    >
      <circle class="handle-touch grabbed" cx={x} cy={y} r={TOUCH} />
      <circle class="handle-dot grabbed" cx={x} cy={y} r="6" />
    </g>
  );
}

interface OutlineProps {
  readonly box: BoundingBox;
  readonly size: Size;
  readonly words: string;
  /** Class of the invisible part that takes the pointer; empty where nothing does. */
  readonly grip?: string;
}

/** A rectangle and its words, legible on any picture. */
export function BoxOutline({ box, size, words, grip = "" }: OutlineProps) {
  const [x, y] = [box.left * size.width, box.top * size.height];
  const place = { x, y, width: box.width * size.width, height: box.height * size.height };
  const isAtTop = y < ROOM_ABOVE;
  const isAtRight = x + words.length * LETTER > size.width;
  return (
    <>
      {grip && <rect class={grip} {...place} />}
      <rect class="casing" {...place} />
      <rect class={grip.includes("grabbed") ? "stroke grabbed" : "stroke"} {...place} />
      <text
        class="label"
        x={isAtRight ? x + place.width - 5 : x + 5}
        y={isAtTop ? y + 17 : y - 6}
        text-anchor={isAtRight ? "end" : "start"}
      >
        {words}
      </text>
    </>
  );
}
