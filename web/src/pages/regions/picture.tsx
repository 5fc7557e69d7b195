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

export function Picture({ camera, onShape }: { camera: string; onShape: (shape: Shape) => void }) {
  const [view, setView] = useState<View>("privacy");
  const [turn, setTurn] = useState(0);
  const [isMissing, setMissing] = useState(false);
  const loaded = (event: Event): void => {
    const image = event.currentTarget;
    if (!(image instanceof HTMLImageElement) || !image.naturalWidth) return;
    setMissing(false);
    onShape([image.naturalWidth, image.naturalHeight]);
  };
  const change = (next: View): void => {
    setView(next);
    setTurn(turn + 1);
  };
  return (
    <>
      <img
        class="stage-picture"
        src={stillAddress(camera, view, turn)}
        alt={`${camera}, seen now`}
        onLoad={loaded}
        onError={() => setMissing(true)}
      />
      {isMissing && <p class="stage-missing">No picture yet. You can draw all the same.</p>}
      <div class="stage-tools row">
        {view === "real" && <Badge tone="bad">Real picture</Badge>}
        <Button onClick={() => change(view)}>New picture</Button>
        {maySeeRealPixels() && (
          <Button onClick={() => change(view === "real" ? "privacy" : "real")}>
            {view === "real" ? "Privacy view" : "Real picture"}
          </Button>
        )}
      </div>
    </>
  );
}
