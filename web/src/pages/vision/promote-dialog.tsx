import { useState } from "preact/hooks";
import { useDoing } from "../../api/use";
import { promote } from "../../api/vision";
import type { Region, StoredPrediction } from "../../api/vision-types";
import { Button, Check, Dialog, ErrorNote, toast } from "../../ui";
import { TagChips } from "./tag-chips";
import type { Work } from "./use-work";
import { pictures } from "./words";

const LIKELY = 0.5;

interface Props {
  readonly work: Work;
  readonly predictions: readonly StoredPrediction[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Predictions become training pictures, with tags or with the boxes that were told. */
export function PromoteDialog({ work, predictions, onClose, onDone }: Props) {
  const [given, setGiven] = useState<readonly string[]>([]);
  const [hasBoxes, setBoxes] = useState(true);
  const press = (id: string): void => {
    if (given.includes(id)) setGiven(given.filter((one) => one !== id));
    else setGiven(work.kind === "many" ? [...given, id] : [id]);
  };
  const promoting = useDoing(() => {
    const entries = predictions.map((one) => ({
      id: one.id,
      regions: work.kind === "boxes" && hasBoxes ? likelyBoxes(one) : [],
    }));
    return promote(work.id, entries, given);
  });
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!(await promoting.run())) return;
    toast(`${pictures(predictions.length)} added for training`);
    onDone();
  };
  return (
    <Dialog title={`Use ${pictures(predictions.length)} for training`} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <p>They leave this list, and stay as long as the project unless you delete them.</p>
        {work.kind === "boxes" ? (
          <Check
            label="With the boxes that were told"
            hint="Those that are at least 50 % likely; correct them afterwards."
            value={hasBoxes}
            onValue={setBoxes}
          />
        ) : (
          work.tags.length > 0 && (
            <TagChips
              label="What they really show"
              tags={work.tags}
              mark={(id) => (given.includes(id) ? "all" : "none")}
              onPress={({ id }) => press(id)}
            />
          )
        )}
        <ErrorNote error={promoting.error} />
        <div class="row">
          <Button type="submit" kind="main" isBusy={promoting.isBusy}>
            Use for training
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function likelyBoxes({ predictions }: StoredPrediction): Region[] {
  return predictions.flatMap(({ probability, tagId, boundingBox }) =>
    boundingBox && probability >= LIKELY ? [{ tagId, ...boundingBox }] : [],
  );
}
