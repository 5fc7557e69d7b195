import type { BoundingBox } from "../../../api/vision-types";
import type { Size } from "../../regions/geometry";
import { BoxOutline } from "./box-shape";

export interface Shown {
  readonly box: BoundingBox;
  readonly words: string;
  /** `told`: by the model; `true`: by people. */
  readonly by: "told" | "true";
}

/** Boxes to look at: what the model told in full lines, what people drew in dashes. */
export function BoxesShown({ boxes, size }: { boxes: readonly Shown[]; size: Size }) {
  return (
    <>
      {boxes.map(({ box, words, by }, at) => (
        <g key={at} class={`region boxes ${by}`} pointer-events="none">
          <BoxOutline box={box} size={size} words={words} />
        </g>
      ))}
    </>
  );
}
