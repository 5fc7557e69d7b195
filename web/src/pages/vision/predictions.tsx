import { useEffect, useState } from "preact/hooks";
import { predictionDays } from "../../api/session";
import { useDoing, useLoad } from "../../api/use";
import { listPredictions, removePredictions } from "../../api/vision-models";
import type { StoredPrediction } from "../../api/vision-types";
import { pictureAddress } from "../../api/vision-urls";
import { stamp } from "../../charts/days";
import { Button, Confirm, Dialog, Empty, Select, toast } from "../../ui";
import { choose, chosen, chosenZone } from "../choice";
import { Shown } from "../shown";
import { PromoteDialog } from "./promote-dialog";
import { Told } from "./told";
import type { Work } from "./use-work";
import { likeliest } from "./verdict";
import { days, daysLeft, percent, pictures } from "./words";

const PAGE = 60;
const LIKELY = 0.5;

/** Answers that were kept with their pictures. */
export function Predictions({ work }: { work: Work }) {
  const tag = chosen("tag");
  const [count, setCount] = useState(PAGE);
  const stored = useLoad(JSON.stringify([work.id, tag]), () => listPredictions(work.id, tag, count));
  useEffect(() => {
    if (count > PAGE) void stored.reload();
  }, [count, stored.reload]);
  return (
    <div class="stack">
      <p class="quiet">
        {predictionDays() > 0
          ? `What programs and quick tests asked and had kept. Each goes by itself ${days(predictionDays())} after it came, unless you make a training picture of it: those stay.`
          : "Nothing that programs and quick tests ask is kept here: this service was started so."}
      </p>
      <div class="choices">
        <Select
          label="Tag that was told"
          value={tag}
          onValue={(id) => choose({ tag: id })}
          options={[["", "All tags"], ...work.tags.map(({ id, name }) => [id, name] as const)]}
        />
      </div>
      <Shown of={stored}>
        {({ all, hasMore }) => (
          <>
            {all.length > 0 ? (
              <Chosen key={tag} work={work} all={all} onChange={() => void stored.reload()} />
            ) : (
              <Empty title="No prediction is kept." />
            )}
            {hasMore && (
              <div class="row">
                <Button onClick={() => setCount(count + PAGE)}>Show more</Button>
              </div>
            )}
          </>
        )}
      </Shown>
    </div>
  );
}

interface ChosenProps {
  readonly work: Work;
  readonly all: readonly StoredPrediction[];
  readonly onChange: () => void;
}

function Chosen({ work, all, onChange }: ChosenProps) {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<StoredPrediction | "promote" | "remove" | null>(null);
  const some = all.filter(({ id }) => picked.has(id));
  const close = (): void => setOpen(null);
  const done = (): void => {
    close();
    setPicked(new Set());
    onChange();
    void work.reload();
  };
  const toggle = (id: string): void => {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    setPicked(next);
  };
  return (
    <>
      <ul class="vision-grid">
        {all.map((one) => (
          <Thumbnail
            key={one.id}
            one={one}
            isPicked={picked.has(one.id)}
            onPick={() => toggle(one.id)}
            onOpen={() => setOpen(one)}
          />
        ))}
      </ul>
      {some.length > 0 && (
        <section class="vision-bar" aria-label="Chosen predictions">
          <div class="row spread">
            <strong role="status">{pictures(some.length)} chosen</strong>
            <span class="row">
              <Button onClick={() => setOpen("promote")}>Use for training</Button>
              <Button kind="danger" icon="remove" onClick={() => setOpen("remove")}>
                Delete
              </Button>
            </span>
          </div>
        </section>
      )}
      {open === "promote" && <PromoteDialog work={work} predictions={some} onClose={close} onDone={done} />}
      {open === "remove" && <Removal work={work} predictions={some} onClose={close} onDone={done} />}
      {open && typeof open === "object" && <One work={work} one={open} onClose={close} />}
    </>
  );
}

interface ThumbnailProps {
  readonly one: StoredPrediction;
  readonly isPicked: boolean;
  readonly onPick: () => void;
  readonly onOpen: () => void;
}

function Thumbnail({ one, isPicked, onPick, onOpen }: ThumbnailProps) {
  const words = answerOf(one);
  return (
    <li class={isPicked ? "vision-thumb picked" : "vision-thumb"}>
      <button type="button" class="vision-open" onClick={onOpen}>
        {one.thumbnailUri && <img src={pictureAddress(one.thumbnailUri)} alt="" loading="lazy" />}
        <span class="vision-thumb-words small">
          {words}
          <span class="hint">{days(daysLeft(one.created, Date.now(), predictionDays()))} left</span>
        </span>
      </button>
      <label class="vision-pick">
        <input
          type="checkbox"
          checked={isPicked}
          aria-label={`${words}, ${stamp(one.created, chosenZone())}`}
          onChange={onPick}
        />
      </label>
    </li>
  );
}

/** `mask 83 %`. */
function answerOf({ predictions }: StoredPrediction): string {
  const [best] = likeliest(predictions);
  return best ? `${best.tagName ?? "?"} ${percent(best.probability)}` : "nothing";
}

function One({ work, one, onClose }: { work: Work; one: StoredPrediction; onClose: () => void }) {
  const iteration = work.iterations.find(({ id }) => id === one.iteration);
  const shape = useLoad(one.id, () => shapeOf(pictureAddress(one.resizedImageUri || one.originalImageUri)));
  return (
    <Dialog title={answerOf(one)} onClose={onClose} isWide>
      <p class="quiet">
        {stamp(one.created, chosenZone())}
        {iteration && `, by ${iteration.name}`}; {days(daysLeft(one.created, Date.now(), predictionDays()))} left
      </p>
      <Shown of={shape}>
        {(size) => (
          <Told
            kind={work.kind}
            src={one.resizedImageUri || one.originalImageUri}
            alt="The picture that was asked about"
            size={size}
            predictions={one.predictions}
            threshold={LIKELY}
          />
        )}
      </Shown>
    </Dialog>
  );
}

/** Width and height of a picture; a square where it cannot be read. */
async function shapeOf(address: string): Promise<{ width: number; height: number }> {
  const image = new Image();
  image.src = address;
  return image.decode().then(
    () => ({ width: image.naturalWidth, height: image.naturalHeight }),
    () => ({ width: 1, height: 1 }),
  );
}

interface RemovalProps {
  readonly work: Work;
  readonly predictions: readonly StoredPrediction[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function Removal({ work, predictions, onClose, onDone }: RemovalProps) {
  const ids = predictions.map(({ id }) => id);
  const removing = useDoing(() => removePredictions(work.id, ids));
  const done = (): void => {
    toast(`${pictures(ids.length)} deleted`);
    onDone();
  };
  return (
    <Confirm title={`Delete ${pictures(ids.length)}?`} verb="Delete" doing={removing} onClose={onClose} onDone={done}>
      <p>The pictures and what was told about them are gone at once and for good.</p>
    </Confirm>
  );
}
