import { useState } from "preact/hooks";
import { useDoing } from "../../api/use";
import { removePictures } from "../../api/vision";
import type { VisionImage } from "../../api/vision-types";
import { Button, Confirm, toast } from "../../ui";
import { TagChips } from "./tag-chips";
import { markOf } from "./tagging";
import type { TagDoing } from "./use-tagging";
import type { Work } from "./use-work";
import { pictures } from "./words";

interface Props {
  readonly work: Work;
  /** Those that are chosen: one at least. */
  readonly images: readonly VisionImage[];
  readonly tagging: TagDoing;
  readonly onNone: () => void;
  readonly onGone: () => void;
}

/** What can be done with the chosen pictures. It stays in sight at the bottom of the window. */
export function ChosenBar({ work, images, tagging, onNone, onGone }: Props) {
  const [isLeaving, setLeaving] = useState(false);
  return (
    <section class="vision-bar" aria-label="Chosen pictures">
      <div class="row spread">
        <strong role="status">{pictures(images.length)} chosen</strong>
        <span class="row">
          <Button kind="bare" onClick={onNone}>
            Choose none
          </Button>
          <Button kind="danger" icon="remove" onClick={() => setLeaving(true)}>
            Delete
          </Button>
        </span>
      </div>
      {work.kind === "boxes" && <p class="small quiet">Open a picture to draw boxes on it.</p>}
      {work.kind !== "boxes" && work.tags.length > 0 && (
        <TagChips
          label="Tags: press to give, press again to take away"
          tags={work.tags}
          mark={(id) => markOf(images, id)}
          onPress={(tag) => tagging.press(tag, images)}
          disabled={tagging.isBusy}
          hasKeys
        />
      )}
      {work.kind !== "boxes" && work.tags.length === 0 && <p class="small quiet">Make tags first: see Tags above.</p>}
      {isLeaving && <RemovePictures work={work} images={images} onClose={() => setLeaving(false)} onDone={onGone} />}
    </section>
  );
}

interface RemovalProps {
  readonly work: Work;
  readonly images: readonly VisionImage[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function RemovePictures({ work, images, onClose, onDone }: RemovalProps) {
  const removing = useDoing(() =>
    removePictures(
      work.id,
      images.map(({ id }) => id),
    ),
  );
  const done = (): void => {
    toast(`${pictures(images.length)} deleted`);
    onClose();
    onDone();
  };
  return (
    <Confirm
      title={`Delete ${pictures(images.length)}?`}
      verb="Delete"
      doing={removing}
      onClose={onClose}
      onDone={done}
    >
      <p>They are gone at once and for good, from earlier trainings, too. Models that were trained stay.</p>
    </Confirm>
  );
}
