// The still below the drawing: the privacy view, or, for who may, the real one.

import { useState } from "preact/hooks";
import { stillAddress, type View } from "../../api/cameras";
import type { Regions } from "../../api/regions";
import { maySeeRealPixels } from "../../api/session";
import { Badge, Button } from "../../ui";

type Shape = readonly [number, number];
const USUAL: Shape = [16, 9];

/** Width and height of the picture: of the analysed frames, or, before the first one, of the still. */
export function useShape(first: Regions) {
  return useState<Shape>(first.size ? [first.size.width, first.size.height] : USUAL);
}

export interface PictureState {
  view: View;
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
  const [isMissing, setMissing] = useState(false);
  const loaded = (event: Event): void => {
    const image = event.currentTarget;
    if (!(image instanceof HTMLImageElement) || !image.naturalWidth) return;
    setMissing(false);
    onShape([image.naturalWidth, image.naturalHeight]);
  };
  return (
    <>
      <img
        class="stage-picture"
        src={stillAddress(camera, view, turn)}
        alt={`${camera}, seen now`}
        hidden={isMissing}
        onLoad={loaded}
        onError={() => setMissing(true)}
      />
      {isMissing && <p class="stage-missing">No picture yet. You can draw all the same.</p>}
      {view === "real" && (
        <div class="stage-badge">
          <Badge tone="bad">Real picture</Badge>
        </div>
      )}
    </>
  );
}

/** Below the picture: another one, or, for who may, the real one. */
export function PictureTools({ picture: { view, change } }: { picture: PictureState }) {
  return (
    <div class="row">
      <Button onClick={() => change(view)}>New picture</Button>
      {maySeeRealPixels() && (
        <Button icon="eye" onClick={() => change(view === "real" ? "privacy" : "real")}>
          {view === "real" ? "Back to the privacy view" : "Show the real picture"}
        </Button>
      )}
      <span class="quiet small">
        {view === "real" ? "This was kept in the audit log." : "People are left out of this picture."}
      </span>
    </div>
  );
}
