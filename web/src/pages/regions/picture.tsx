// The still below the drawing: the privacy view, or, for who may, the real one.

import { useState } from "preact/hooks";
import { getCamera, stillAddress, type View } from "../../api/cameras";
import type { Regions } from "../../api/regions";
import { maySeeRealPixels } from "../../api/session";
import { useLoad } from "../../api/use";
import { Badge, Button } from "../../ui";
import { useTurn } from "../cameras/turn";

type Shape = readonly [number, number];
const USUAL: Shape = [16, 9];

/** Width and height of the picture: of the analysed frames, or, before the first one, of the still. */
export function useShape(first: Regions) {
  return useState<Shape>(first.size ? [first.size.width, first.size.height] : USUAL);
}

export interface PictureState {
  /** Nothing is asked for before the camera has sent its first frame. */
  isUp: boolean;
  view: View;
  turn: number;
  change: (view: View) => void;
}

const NEWER_MS = 5000;
const LOOK_MS = 2000;

/** The privacy view is renewed by itself, while the place is learnt; a real picture stays. */
export function usePicture(camera: string): PictureState {
  const state = useLoad(`picture of ${camera}`, (signal) => getCamera(camera, signal), LOOK_MS);
  const isUp = state.data?.state === "running" && state.data.size !== null;
  const [{ view, asked }, set] = useState<{ view: View; asked: number }>({ view: "privacy", asked: 0 });
  const passed = useTurn(NEWER_MS);
  const turn = view === "privacy" ? asked + passed : asked;
  return { isUp, view, turn, change: (next) => set((old) => ({ view: next, asked: old.asked + 1 })) };
}

interface PictureProps {
  camera: string;
  picture: PictureState;
  onShape: (shape: Shape) => void;
}

export function Picture({ camera, picture: { isUp, view, turn }, onShape }: PictureProps) {
  const [isThere, setThere] = useState(false);
  const loaded = (event: Event): void => {
    const image = event.currentTarget;
    if (!(image instanceof HTMLImageElement) || !image.naturalWidth) return;
    setThere(true);
    onShape([image.naturalWidth, image.naturalHeight]);
  };
  return (
    <>
      {isUp && (
        <img
          class="stage-picture"
          src={stillAddress(camera, view, turn)}
          alt={`${camera}, seen now`}
          onLoad={loaded}
          onError={() => setThere(false)}
        />
      )}
      {!(isUp && isThere) && <p class="stage-missing">No picture yet. You can draw all the same.</p>}
      {view === "real" && (
        <div class="stage-badge">
          <Badge tone="bad">Real picture</Badge>
        </div>
      )}
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
          : "The place without people: coarse after ten seconds, sharper after half an hour in which nothing stirs."}
        {!isReal && !maySeeRealPixels() && " An administrator can let you draw on a real picture."}
      </p>
    </div>
  );
}
