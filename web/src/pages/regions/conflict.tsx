import type { Drawing, Regions } from "../../api/regions";
import { Button, Dialog } from "../../ui";
import { allRefs, nameOf, pointsOf, refKey, WORDS } from "./drawing";
import { asPoints, toPx } from "./geometry";

interface ConflictProps {
  theirs: Regions;
  mine: Drawing;
  shape: readonly [number, number];
  isBusy: boolean;
  onTheirs: () => void;
  onMine: () => void;
  onClose: () => void;
}

/** Somebody else saved first: both drawings, and which of them goes on. */
export function ConflictDialog({ theirs, mine, shape, isBusy, onTheirs, onMine, onClose }: ConflictProps) {
  const actions = (
    <>
      <Button onClick={onClose}>Back to the drawing</Button>
      <Button onClick={onTheirs}>Take theirs</Button>
      <Button kind="main" isBusy={isBusy} onClick={onMine}>
        Save mine
      </Button>
    </>
  );
  return (
    <Dialog title="Somebody else has changed these regions" onClose={onClose} actions={actions} isWide>
      <p>Nothing of yours is saved yet. Theirs stays in the configuration's history, whichever you choose.</p>
      <div class="versions">
        <Version title="Yours" drawing={mine} shape={shape} />
        <Version title={`Theirs (version ${theirs.version})`} drawing={theirs.regions} shape={shape} />
      </div>
    </Dialog>
  );
}

function Version({
  title,
  drawing,
  shape: [w, h],
}: {
  title: string;
  drawing: Drawing;
  shape: readonly [number, number];
}) {
  const size = { width: 480, height: (480 * h) / w };
  const refs = allRefs(drawing);
  return (
    <figure>
      <figcaption>
        <strong>{title}</strong>
      </figcaption>
      <svg class="version" viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
        {refs.map((ref) => {
          const points = asPoints(pointsOf(drawing, ref).map((point) => toPx(point, size)));
          return (
            <g key={refKey(ref)} class={`region ${ref.kind}`}>
              {ref.kind === "lines" ? (
                <polyline class="stroke" points={points} />
              ) : (
                <polygon class="stroke" points={points} />
              )}
            </g>
          );
        })}
      </svg>
      <ul class="small">
        {refs.map((ref) => (
          <li key={refKey(ref)}>
            {WORDS[ref.kind]} {ref.kind === "floor" ? "" : nameOf(drawing, ref)}
          </li>
        ))}
      </ul>
    </figure>
  );
}
