import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ApiError } from "../../../api/client";
import { useDoing } from "../../../api/use";
import { addRegions, removeRegions } from "../../../api/vision";
import type { VisionImage } from "../../../api/vision-types";
import { guardLeaving } from "../../../router";
import { Button, Card, ErrorNote, IconButton, Note } from "../../../ui";
import type { Size } from "../../regions/geometry";
import { isRedo, isUndo } from "../../regions/keys";
import { PictureFacts } from "../picture-facts";
import { PictureStage } from "../picture-stage";
import { tagOfKey } from "../tagging";
import { NewTag } from "../tags";
import type { Work } from "../use-work";
import { difference, plain, usualBox } from "./box";
import { BoxList } from "./box-list";
import { BoxShape } from "./box-shape";
import { DrawGround } from "./draw-ground";
import { type Boxes, useBoxes } from "./use-boxes";

interface Props {
  readonly work: Work;
  readonly image: VisionImage;
  /** Asked before the page goes to another picture: saves, and tells whether that went well. */
  readonly beforeLeaving: { current: () => Promise<boolean> };
  readonly onSave: () => Promise<void>;
}

/** Boxes drawn on one picture. Who takes the focused one away goes on by keyboard from here. */
export function BoxEditor({ work, image, beforeLeaving, onSave }: Props) {
  const boxes = useBoxes((image.regions ?? []).map(plain), work.tags[0]?.id ?? "");
  const [isDrawing, setDrawing] = useState(false);
  const saving = useSaving(work, image, boxes, onSave);
  const tagId = boxes.tagId || (work.tags[0]?.id ?? "");
  const tagged = { ...boxes, tagId };
  const room = useRef<HTMLDivElement>(null);
  beforeLeaving.current = saving.run;
  useLayoutEffect(() => {
    if (document.activeElement === document.body) room.current?.focus({ preventScroll: true });
  }, [boxes.all.length]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that work wherever the focus is in here
    <div class="vision-work" ref={room} tabIndex={-1} onKeyDown={(event) => editorKey(event, boxes, work)}>
      <div class="stack">
        {work.tags.length === 0 ? (
          <Note tone="warn">Make a tag first: it says what is in a box.</Note>
        ) : (
          <Tools boxes={tagged} isDrawing={isDrawing} onDrawing={setDrawing} saving={saving} />
        )}
        <PictureStage
          src={image.resizedImageUri || image.originalImageUri}
          alt=""
          width={image.width}
          height={image.height}
          label={`The picture with ${boxes.all.length} boxes`}
          isDrawing={isDrawing}
        >
          {(size) => <Drawn work={work} boxes={tagged} size={size} isDrawing={isDrawing} />}
        </PictureStage>
        <ErrorNote error={saving.error} />
      </div>
      <div class="stack">
        <Card title="Boxes">
          <BoxList boxes={tagged} tags={work.tags} />
          <NewTag work={work} />
        </Card>
        <PictureFacts image={image} />
      </div>
    </div>
  );
}

interface DrawnProps {
  readonly work: Work;
  readonly boxes: Boxes;
  readonly size: Size;
  readonly isDrawing: boolean;
}

function Drawn({ work, boxes, size, isDrawing }: DrawnProps) {
  return (
    <>
      <DrawGround boxes={boxes} size={size} isDrawing={isDrawing} />
      {boxes.all.map((box, at) => (
        <BoxShape key={at} boxes={boxes} at={at} name={nameOf(work, box.tagId)} size={size} />
      ))}
    </>
  );
}

const nameOf = (work: Work, tagId: string): string => work.tags.find(({ id }) => id === tagId)?.name ?? "?";

interface Saving {
  readonly isDirty: boolean;
  readonly isBusy: boolean;
  readonly error: ApiError | null;
  readonly run: () => Promise<boolean>;
}

function useSaving(work: Work, image: VisionImage, boxes: Boxes, onSave: () => Promise<void>): Saving {
  const { added, removed } = difference(image.regions ?? [], boxes.all);
  const isDirty = added.length > 0 || removed.length > 0;
  const dirty = useRef(isDirty);
  dirty.current = isDirty;
  useEffect(() => guardLeaving(() => (dirty.current ? "Leave without saving your boxes?" : null)), []);
  const doing = useDoing(async () => {
    await addRegions(work.id, image.id, added);
    await removeRegions(work.id, removed);
  });
  const run = async (): Promise<boolean> => {
    if (!isDirty) return true;
    const isSaved = await doing.run();
    await Promise.all([onSave(), work.reload()]);
    if (isSaved) dirty.current = false;
    return isSaved;
  };
  return { isDirty, isBusy: doing.isBusy, error: doing.error, run };
}

interface ToolsProps {
  readonly boxes: Boxes;
  readonly isDrawing: boolean;
  readonly onDrawing: (isDrawing: boolean) => void;
  readonly saving: Saving;
}

function Tools({ boxes, isDrawing, onDrawing, saving }: ToolsProps) {
  return (
    <div class="stack vision-tools">
      <div class="row spread">
        <div class="row" role="toolbar" aria-label="Draw">
          <Button icon="edit" aria-pressed={isDrawing} onClick={() => onDrawing(!isDrawing)}>
            Draw
          </Button>
          <Button icon="add" onClick={() => boxes.add(usualBox())}>
            Box
          </Button>
          <IconButton icon="undo" label="Undo (Ctrl+Z)" disabled={!boxes.canUndo} onClick={boxes.undo} />
          <IconButton icon="redo" label="Redo (Ctrl+Shift+Z)" disabled={!boxes.canRedo} onClick={boxes.redo} />
        </div>
        <div class="row">
          <span class="quiet small" role="status">
            {saving.isDirty ? "Not saved yet" : "Saved"}
          </span>
          <Button kind="main" isBusy={saving.isBusy} disabled={!saving.isDirty} onClick={() => void saving.run()}>
            Save
          </Button>
        </div>
      </div>
      <p class="small quiet">
        {isDrawing
          ? "Press and draw from corner to corner, also over other boxes. The corners of the last one can still be moved."
          : "Draw from corner to corner with the mouse; with a finger, press Draw first. By keyboard: Box puts one into the middle, arrow keys move it and its corners, with Shift in big steps, digits change its tag, Delete takes it away."}
      </p>
    </div>
  );
}

function editorKey(event: KeyboardEvent, boxes: Boxes, work: Work): void {
  const isText = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  const tag = isText || event.ctrlKey || event.metaKey || event.altKey ? undefined : tagOfKey(event.key, work.tags);
  if (event.key === "Escape" && boxes.selected !== null) boxes.select(null);
  else if (isUndo(event) && !isText) boxes.undo();
  else if (isRedo(event) && !isText) boxes.redo();
  else if (tag) boxes.chooseTag(tag.id);
  else return;
  event.preventDefault();
}
