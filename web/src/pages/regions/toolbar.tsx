import { Button, IconButton, type IconName } from "../../ui";
import type { Kind } from "./drawing";
import type { Editor } from "./use-editor";

const TOOLS: readonly (readonly [Kind, string, IconName])[] = [
  ["lines", "Line", "line"],
  ["zones", "Zone", "zone"],
  ["masks", "Mask", "mask"],
  ["floor", "Floor", "floor"],
];

const HINTS: Record<Kind, string> = {
  lines: "Press where the line begins, and where it ends: on the floor, from wall to wall.",
  zones: "Press for each corner of the floor on which people stand; the first one again closes it.",
  masks: "Press for each corner of what nobody, footfall included, may see.",
  floor: "Press on four corners of something measured on the floor, one after the other round it.",
};

/** What can be drawn; while something is drawn, how. */
export function Toolbar({ editor }: { editor: Editor }) {
  const { draft, drawing } = editor;
  return (
    <div class="toolbar">
      <div class="row" role="toolbar" aria-label="Draw">
        {TOOLS.map(([kind, words, icon]) => (
          <Button
            key={kind}
            icon={icon}
            aria-pressed={draft?.kind === kind}
            disabled={kind === "floor" && Boolean(drawing.floor?.points)}
            onClick={() => (draft?.kind === kind ? editor.cancelDraft() : editor.startDraft(kind))}
          >
            {words}
          </Button>
        ))}
      </div>
      <div class="tool-hint">
        <p class="small quiet" role="status">
          {draft
            ? HINTS[draft.kind]
            : "Tab goes from point to point, arrow keys move them, with Shift in big steps; Delete takes away."}
        </p>
        <span class="tool-steps">{draft ? <Finishing editor={editor} /> : <Steps editor={editor} />}</span>
      </div>
    </div>
  );
}

function Finishing({ editor }: { editor: Editor }) {
  return (
    <>
      <Button onClick={editor.finishDraft}>{editor.draft?.points.length ? "Finish" : "Place one"}</Button>
      <Button kind="bare" onClick={editor.cancelDraft}>
        Cancel
      </Button>
    </>
  );
}

function Steps({ editor }: { editor: Editor }) {
  return (
    <>
      <IconButton icon="undo" label="Undo (Ctrl+Z)" disabled={!editor.canUndo} onClick={editor.undo} />
      <IconButton icon="redo" label="Redo (Ctrl+Shift+Z)" disabled={!editor.canRedo} onClick={editor.redo} />
    </>
  );
}
