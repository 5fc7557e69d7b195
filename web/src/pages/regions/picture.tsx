// The still below the drawing: the privacy view, or, for who may, the real one.

import { useEffect, useMemo, useState } from "preact/hooks";
import { stillAddress, type View } from "../../api/cameras";
import type { Regions } from "../../api/regions";
import { maySeeRealPixels } from "../../api/session";
import { Badge, Button } from "../../ui";
import { useLive } from "../live/use-live";
import { footsteps } from "./footsteps";

type Shape = readonly [number, number];
const USUAL: Shape = [16, 9];

/** Width and height of the picture: of the analysed frames, or, before the first one, of the still. */
export function useShape(first: Regions) {
  return useState<Shape>(first.size ? [first.size.width, first.size.height] : USUAL);
}

export interface PictureState {
  view: View;
  /** Counts the real pictures that were asked for. */
  turn: number;
  change: (view: View) => void;
}

export function usePicture(): PictureState {
  const [{ view, turn }, set] = useState<{ view: View; turn: number }>({ view: "privacy", turn: 0 });
  return { view, turn, change: (next) => set((old) => ({ view: next, turn: old.turn + 1 })) };
}

interface PictureProps {
  camera: string;
  picture: PictureState;
  onShape: (shape: Shape) => void;
}

export function Picture({ camera, picture: { view, turn }, onShape }: PictureProps) {
  if (view === "privacy") return <EmptyPlace camera={camera} onShape={onShape} />;
  const loaded = (event: Event): void => {
    const image = event.currentTarget;
    if (image instanceof HTMLImageElement && image.naturalWidth) onShape([image.naturalWidth, image.naturalHeight]);
  };
  return (
    <>
      <img class="stage-picture" src={stillAddress(camera, view, turn)} alt={`${camera} now`} onLoad={loaded} />
      <div class="stage-badge">
        <Badge tone="alarm">Real picture</Badge>
      </div>
    </>
  );
}

/** The privacy view, live: without it nobody sees where people walk while the place is still being learnt. */
function EmptyPlace({ camera, onShape }: { camera: string; onShape: (shape: Shape) => void }) {
  const draw = useMemo(footsteps, []);
  const { canvas, head } = useLive(camera, "privacy", draw);
  const [width, height] = head?.size ?? [0, 0];
  useEffect(() => {
    if (width && height) onShape([width, height]);
  }, [width, height, onShape]);
  return (
    <>
      <canvas
        class="stage-picture"
        ref={canvas}
        role="img"
        aria-label={`${camera} without people, and where feet have been`}
      />
      {!head && <p class="stage-missing">No picture yet. You can draw all the same.</p>}
    </>
  );
}

/** Below the picture: what it shows, and, for who may, the real one. */
export function PictureTools({ picture: { view, change } }: { picture: PictureState }) {
  const isReal = view === "real";
  return (
    <div class="picture-tools">
      {maySeeRealPixels() && (
        <span class="row">
          <Button icon="eye" onClick={() => change(isReal ? "privacy" : "real")}>
            {isReal ? "Back to the privacy view" : "Show the real picture"}
          </Button>
          {isReal && <Button onClick={() => change("real")}>New picture</Button>}
        </span>
      )}
      <p class="quiet small">
        {isReal
          ? "Each real picture is kept in the audit log."
          : "The place without people: coarse after ten seconds, sharper after half an hour in which nothing stirs. Dots are where feet have been since you came."}
        {!isReal && !maySeeRealPixels() && " An administrator can let you draw on a real picture."}
      </p>
    </div>
  );
}
