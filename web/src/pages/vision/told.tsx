import type { Prediction } from "../../api/vision-types";
import type { Size } from "../regions/geometry";
import { BoxesShown } from "./boxes/boxes-shown";
import { PictureStage } from "./picture-stage";
import { Scores } from "./scores";
import { type Kind, percent } from "./words";

interface Props {
  readonly kind: Kind;
  readonly src: string;
  readonly alt: string;
  readonly size: Size;
  readonly predictions: readonly Prediction[];
  /** Of boxes: the least likely that is shown. */
  readonly threshold: number;
}

/** What a model told about a picture: boxes drawn on it, or tags beside it. */
export function Told({ kind, src, alt, size, predictions, threshold }: Props) {
  const likely = predictions.filter(({ probability }) => probability >= threshold);
  const boxes = likely.flatMap(({ boundingBox, tagName, probability }) =>
    boundingBox ? [{ box: boundingBox, words: `${tagName ?? "?"} ${percent(probability)}`, by: "told" as const }] : [],
  );
  return (
    <div class="vision-told">
      <PictureStage src={src} alt={alt} {...size} label="Boxes that were told">
        {(room) => <BoxesShown boxes={boxes} size={room} />}
      </PictureStage>
      <div role="status">
        {kind !== "boxes" && predictions.length > 0 && <Scores predictions={predictions} />}
        {kind === "boxes" && boxes.length > 0 && <Scores predictions={likely} />}
        {kind === "boxes" && predictions.length > 0 && boxes.length === 0 && <p>Nothing is that likely.</p>}
      </div>
    </div>
  );
}
