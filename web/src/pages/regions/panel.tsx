// Beside the picture: every region with its names, what is wrong with it, and what it would have counted.

import type { Drawing, Finding, Preview } from "../../api/regions";
import { Empty } from "../../ui";
import { allRefs, nameOf, type Ref, refKey, sameRef } from "./drawing";
import { FloorCard } from "./floor-card";
import "./panel.css";
import { RegionCard } from "./region-card";
import type { Editor } from "./use-editor";
import type { Trial } from "./use-trial";

interface PanelProps {
  editor: Editor;
  findings: readonly Finding[];
  preview: Trial<Preview>;
  isReadOnly: boolean;
}

const ORDER = ["lines", "zones", "masks"] as const;

export function Panel({ editor, findings, preview, isReadOnly }: PanelProps) {
  const { drawing, selected } = editor;
  const refs = ORDER.flatMap((kind) => allRefs(drawing).filter((ref) => ref.kind === kind));
  return (
    <div class="panel">
      {refs.length === 0 && (
        <Empty title="Nothing is drawn yet">
          <p>Draw a line where people walk through, or a zone in which they stay.</p>
        </Empty>
      )}
      {refs.map((ref) => (
        <RegionCard
          key={refKey(ref)}
          editor={editor}
          of={ref}
          findings={findingsOf(findings, drawing, ref)}
          preview={preview}
          isSelected={sameRef(ref, selected)}
          isReadOnly={isReadOnly}
        />
      ))}
      <FloorCard editor={editor} isReadOnly={isReadOnly} />
    </div>
  );
}

/** What was found about one region. */
export function findingsOf(findings: readonly Finding[], drawing: Drawing, ref: Ref): Finding[] {
  const kind = { lines: "line", zones: "zone", masks: "mask", floor: "camera" }[ref.kind];
  return findings.filter((one) => one.kind === kind && one.region === nameOf(drawing, ref));
}
