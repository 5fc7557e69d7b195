// A picture, as large as there is room for, with what is drawn on it.

import type { ComponentChildren } from "preact";
import { pictureAddress } from "../../api/vision-urls";
import type { Size } from "../regions/geometry";
import { useSize } from "../regions/use-size";
import "../regions/stage.css";

interface Props {
  /** As the service sends it, or of this page (`blob:`). */
  readonly src: string;
  readonly alt: string;
  /** Of the picture, in whatever unit. */
  readonly width: number;
  readonly height: number;
  /** What the drawing is, for those who cannot see it. */
  readonly label?: string;
  /** What is drawn already lets the pointer through. */
  readonly isDrawing?: boolean;
  readonly children?: (size: Size) => ComponentChildren;
}

export function PictureStage({ src, alt, width, height, label, isDrawing = false, children }: Props) {
  const [frame, size] = useSize();
  const address = src.startsWith("blob:") ? src : pictureAddress(src);
  return (
    <div
      class={isDrawing ? "stage vision-stage drawing" : "stage vision-stage"}
      ref={frame}
      style={{ maxWidth: `calc(var(--stage-tall) * ${width / height})` }}
    >
      <svg class="stage-room" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" />
      {address ? (
        <img class="stage-picture" src={address} alt={alt} />
      ) : (
        <p class="stage-missing">Its pixels are gone</p>
      )}
      {size && children && (
        <svg class="stage-lines" viewBox={`0 0 ${size.width} ${size.height}`} role="group" aria-label={label}>
          {children(size)}
        </svg>
      )}
    </div>
  );
}
