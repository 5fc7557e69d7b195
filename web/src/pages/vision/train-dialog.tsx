import { useState } from "preact/hooks";
import { useDoing } from "../../api/use";
import { train } from "../../api/vision-models";
import { Button, Check, Dialog, ErrorNote, Field, Note, Select, toast } from "../../ui";
import type { Work } from "./use-work";
import { missing } from "./words";

const KINDS = [
  ["Regular", "Quick"],
  ["Advanced", "Advanced"],
] as const;
const HINTS = {
  Regular: "One fixed recipe: about a minute for a hundred pictures.",
  Advanced: "Tries more, and takes the best within the time that you give it.",
};
const MOST_HOURS = 96;

/** How much is to be tried. */
export function TrainDialog({ work, onClose }: { work: Work; onClose: () => void }) {
  const [kind, setKind] = useState<keyof typeof HINTS>("Regular");
  const [hours, setHours] = useState("1");
  const [isForced, setForced] = useState(false);
  const [lacking, count] = [missing(work.tags, work.kind), Number(hours)];
  const isBudget = kind === "Regular" || (Number.isInteger(count) && count >= 1 && count <= MOST_HOURS);
  const starting = useDoing(() => train(work.id, kind, kind === "Advanced" ? count : 0, isForced));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!isBudget || !(await starting.run())) return;
    toast("The training has begun");
    onClose();
    await work.reload();
  };
  return (
    <Dialog title="Train a model" onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        {lacking.length > 0 && (
          <Note tone="warn" title="More pictures are needed">
            <ul>
              {lacking.map((words) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
          </Note>
        )}
        <Select
          label="Training"
          value={kind}
          onValue={(value) => setKind(value as keyof typeof HINTS)}
          options={KINDS}
          hint={HINTS[kind]}
        />
        {kind === "Advanced" && (
          <Field
            label="At most so many hours"
            type="number"
            min={1}
            max={MOST_HOURS}
            value={hours}
            onValue={setHours}
            problem={isBudget ? undefined : `A whole number from 1 to ${MOST_HOURS}.`}
          />
        )}
        <Check label="Train even if nothing has changed since the last time" value={isForced} onValue={setForced} />
        <ErrorNote error={starting.error} />
        <div class="row">
          <Button type="submit" kind="main" isBusy={starting.isBusy} disabled={!isBudget}>
            Start the training
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
