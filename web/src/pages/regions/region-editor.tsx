import { useEffect, useRef } from "preact/hooks";
import { checkRegions, previewRegions, type Regions } from "../../api/regions";
import { may } from "../../api/session";
import { guardLeaving } from "../../router";
import { Button, ErrorNote, Page, toast } from "../../ui";
import { ConflictDialog } from "./conflict";
import { allRefs, nameProblem, sameDrawing } from "./drawing";
import { Findings } from "./findings";
import { isRedo, isUndo } from "./keys";
import { findingsOf, Panel } from "./panel";
import { PastHour } from "./past-hour";
import { Picture, PictureTools, usePicture, useShape } from "./picture";
import { Stage } from "./stage";
import { Toolbar } from "./toolbar";
import { type Editor, useEditor } from "./use-editor";
import { type Saving, useSaving } from "./use-saving";
import { useTrial } from "./use-trial";

const CHECK_AFTER_MS = 350;
const PREVIEW_AFTER_MS = 900;

export function RegionEditor({ camera, first }: { camera: string; first: Regions }) {
  const [shape, setShape] = useShape(first);
  const picture = usePicture();
  const editor = useEditor(first.regions, shape);
  const { drawing } = editor;
  const saving = useSaving(camera, first, drawing, () => toast("Saved: the camera counts by this from now on"));
  const isDirty = !sameDrawing(drawing, saving.saved.regions);
  const isReadOnly = !may("operator");
  useGuard(isDirty);
  const check = useTrial(drawing, isReadOnly ? null : (now) => checkRegions(camera, now), CHECK_AFTER_MS);
  const preview = useTrial(drawing, isReadOnly ? null : (now) => previewRegions(camera, now), PREVIEW_AFTER_MS);
  const findings = check.answer?.findings ?? [];
  const proposal = editor.selected
    ? (findingsOf(findings, drawing, editor.selected).find((one) => one.better)?.better ?? null)
    : null;
  return (
    <Page
      title={camera}
      back={["#/cameras", "Cameras"]}
      lead="Lines, zones, privacy masks and floor"
      isWide
      actions={<Save editor={editor} saving={saving} isDirty={isDirty} />}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys that work wherever the focus is */}
      <div class="editor" onKeyDown={(event) => editorKey(event, editor)}>
        <div class="editor-picture">
          {!isReadOnly && <Toolbar editor={editor} />}
          <Stage editor={editor} shape={shape} proposal={proposal} isReadOnly={isReadOnly}>
            <Picture camera={camera} picture={picture} onShape={setShape} />
          </Stage>
          <PictureTools picture={picture} />
        </div>
        <div class="editor-panel">
          <ErrorNote error={saving.error ?? check.error} />
          <Findings findings={findings.filter((one) => one.kind === "camera")} isReadOnly />
          <PastHour preview={preview} onTracks={preview.again} />
          <Panel editor={editor} findings={findings} preview={preview} isReadOnly={isReadOnly} />
        </div>
      </div>
      <Conflict editor={editor} saving={saving} shape={shape} />
    </Page>
  );
}

function Save({ editor, saving, isDirty }: { editor: Editor; saving: Saving; isDirty: boolean }) {
  if (!may("operator")) return null;
  const isNamed = allRefs(editor.drawing).every((ref) => ref.kind === "floor" || !nameProblem(editor.drawing, ref));
  return (
    <>
      <span class="quiet small" role="status">
        {isDirty ? "Not saved yet" : "Saved"}
      </span>
      <Button kind="main" isBusy={saving.isBusy} disabled={!isDirty || !isNamed} onClick={() => void saving.run()}>
        Save
      </Button>
    </>
  );
}

function Conflict({ editor, saving, shape }: { editor: Editor; saving: Saving; shape: readonly [number, number] }) {
  const theirs = saving.conflict;
  if (!theirs) return null;
  const takeTheirs = (): void => {
    saving.settle(theirs);
    editor.replace(theirs.regions);
  };
  return (
    <ConflictDialog
      theirs={theirs}
      mine={editor.drawing}
      shape={shape}
      onTheirs={takeTheirs}
      isBusy={saving.isBusy}
      onMine={() => void saving.run()}
      onClose={saving.dismiss}
    />
  );
}

function useGuard(isDirty: boolean): void {
  const dirty = useRef(isDirty);
  dirty.current = isDirty;
  useEffect(() => guardLeaving(() => (dirty.current ? "Leave without saving what you have drawn?" : null)), []);
}

function editorKey(event: KeyboardEvent, editor: Editor): void {
  const isText = event.target instanceof HTMLInputElement;
  if (event.key === "Escape" && editor.draft) editor.cancelDraft();
  else if (event.key === "Escape" && editor.selected) editor.select(null);
  else if (isUndo(event) && !isText) editor.undo();
  else if (isRedo(event) && !isText) editor.redo();
  else return;
  event.preventDefault();
}
