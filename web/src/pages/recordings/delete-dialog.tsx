import { useState } from "preact/hooks";
import { countRecordings, type DeletedRecordings, deleteRecordings, type RecordedTime } from "../../api/system";
import { useDoing } from "../../api/use";
import { momentOf, wallOf } from "../../charts/days";
import { size } from "../../charts/sizes";
import { Button, Confirm, Dialog, ErrorNote, Field, Note, Select, toast } from "../../ui";
import { growingInWords, manyInWords } from "./words";

const HOUR_MS = 3_600_000;

interface Props {
  /** That may be chosen. */
  readonly cameras: readonly string[];
  /** That is chosen first; empty: all. */
  readonly camera: string;
  readonly zone: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Which camera, from when to when; then how many that are, and whether they are to go. */
export function DeleteDialog({ cameras, zone, onClose, onDone, ...first }: Props) {
  const [camera, setCamera] = useState(first.camera);
  const [from, setFrom] = useState(wallOf(new Date(Date.now() - HOUR_MS), zone));
  const [to, setTo] = useState(wallOf(new Date(), zone));
  const [count, setCount] = useState<DeletedRecordings | null>(null);
  const time = timeOf(camera, momentOf(from, zone), momentOf(to, zone));
  const counting = useDoing(async () => time && setCount(await countRecordings(time)));
  const change = (set: (value: string) => void) => (value: string) => {
    setCount(null);
    set(value);
  };
  if (time && count && count.recordings > 0) {
    const words = `${camera || "all cameras"}, ${from.replace("T", " ")} to ${to.replace("T", " ")} (${zone})`;
    return <Sure time={time} count={count} words={words} onClose={() => setCount(null)} onDone={onDone} />;
  }
  return (
    <Dialog title="Delete by time" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void counting.run();
        }}
      >
        <p>A recording that shows any of this time goes as a whole. Counts and events stay.</p>
        <Select
          label="Camera"
          value={camera}
          onValue={change(setCamera)}
          options={[["", "All cameras"], ...cameras.map((name) => [name, name] as const)]}
        />
        <Field label={`From (${zone})`} type="datetime-local" value={from} onValue={change(setFrom)} />
        <Field
          label={`Until (${zone})`}
          type="datetime-local"
          value={to}
          onValue={change(setTo)}
          problem={time ? undefined : "The end has to be after the beginning."}
        />
        {count && (
          <Note title="Nothing to delete">
            <p>There is no complete recording of this time. {growingInWords(count.growing)}</p>
          </Note>
        )}
        <ErrorNote error={counting.error} />
        <div class="row">
          <Button type="submit" kind="main" isBusy={counting.isBusy} disabled={!time}>
            Count them
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface SureProps {
  readonly time: RecordedTime;
  readonly count: DeletedRecordings;
  /** Whose, and of when. */
  readonly words: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function Sure({ time, count, words, onClose, onDone }: SureProps) {
  const deleting = useDoing(async () => {
    const { recordings } = await deleteRecordings(time);
    toast(`Deleted: ${manyInWords(recordings)}`);
  });
  const many = manyInWords(count.recordings);
  return (
    <Confirm title={`Delete ${many}?`} verb={`Delete ${many}`} doing={deleting} onClose={onClose} onDone={onDone}>
      <p>
        {words}: {many}, {size(count.size_bytes)}. This cannot be undone.
      </p>
      {count.growing > 0 && <p>{growingInWords(count.growing)}</p>}
    </Confirm>
  );
}

function timeOf(camera: string, from: Date | null, to: Date | null): RecordedTime | null {
  return from && to && from < to ? { camera, from: from.toISOString(), to: to.toISOString() } : null;
}
