import type { Drawing } from "../../api/regions";
import { movedRegion, type Ref } from "./drawing";
import type { Px, Size } from "./geometry";

/** All of a region moved by so many pixels of the stage. */
export function moved(drawing: Drawing, ref: Ref, by: Px, size: Size): Drawing {
  return movedRegion(drawing, ref, by.x / size.width, by.y / size.height);
}
