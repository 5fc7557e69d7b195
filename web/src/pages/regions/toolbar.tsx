import { Button, IconButton, type IconName } from "../../ui";
import type { Kind } from "./drawing";
import type { Editor } from "./use-editor";

const TOOLS: readonly (readonly [Kind, string, IconName])[] = [
  ["lines", "Line", "line"],
  ["zones", "Zone", "zone"],
  ["masks", "Privacy mask", "mask"],
  ["floor", "Floor", "floor"],
];

const HINTS: Record<Kind, string> = {
  lines: "Press where the line begins, then where it ends. Draw it on the floor, from wall to wall.",
  zones: "Press for each corner of the floor on which people stand; the first corner again, or Finish, closes it.",
  masks: "Press for each corner of what nobody may see. It is blackened before anything else sees the picture.",
  floor: "Press on the four corners of something on the floor whose sides you have measured, in their order.",
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
        <span class="row toolbar-end">
          <IconButton icon="undo" label="Undo (Ctrl+Z)" disabled={!editor.canUndo} onClick={editor.undo} />
          <IconButton icon="redo" label="Redo (Ctrl+Shift+Z)" disabled={!editor.canRedo} onClick={editor.redo} />
        </span>
      </div>
      <p class="small quiet tool-hint" role="status">
        {draft
          ? HINTS[draft.kind]
          : "Tab goes from point to point, arrow keys move them, with Shift in big steps; Delete takes away."}
      </p>
      {draft && (
        <div class="row">
          <Button onClick={editor.finishDraft}>{draft.points.length ? "Finish" : "Put one into the middle"}</Button>
          <Button kind="bare" onClick={editor.cancelDraft}>
            Cancel
          </Button>
        </div>
      )}
    </div>
  );
}
