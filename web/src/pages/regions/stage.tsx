// The picture with everything that is drawn on it.

import type { ComponentChildren } from "preact";
import type { Point } from "../../api/regions";
import { DraftLayer } from "./draft-layer";
import { allRefs, refKey, sameRef } from "./drawing";
import { RegionShape } from "./region-shape";
import "./stage.css";
import { Proposal } from "./proposal";
import type { Editor } from "./use-editor";
import { useSize } from "./use-size";

interface StageProps {
  editor: Editor;
  /** Width and height of the picture, whatever its unit. */
  shape: readonly [number, number];
  /** A better place to be shown. */
  proposal: readonly Point[] | null;
  isReadOnly: boolean;
  /** The picture below. */
  children: ComponentChildren;
}

export function Stage({ editor, shape, proposal, isReadOnly, children }: StageProps) {
  const [frame, size] = useSize();
  const { drawing, selected, draft } = editor;
  return (
    <div class={draft ? "stage drawing" : "stage"} ref={frame}>
      <svg class="stage-room" viewBox={`0 0 ${shape[0]} ${shape[1]}`} aria-hidden="true" />
      {children}
      {size && (
        <svg
          class="stage-lines"
          viewBox={`0 0 ${size.width} ${size.height}`}
          role="group"
          aria-label="Picture with lines and zones"
          onPointerDown={(event) => event.target === event.currentTarget && !draft && editor.select(null)}
        >
          {allRefs(drawing).map((ref) => (
            <RegionShape
              key={refKey(ref)}
              editor={editor}
              of={ref}
              size={size}
              isSelected={sameRef(selected, ref)}
              isReadOnly={isReadOnly}
            />
          ))}
          {proposal && <Proposal points={proposal} size={size} />}
          {draft && <DraftLayer editor={editor} draft={draft} size={size} />}
        </svg>
      )}
    </div>
  );
}
