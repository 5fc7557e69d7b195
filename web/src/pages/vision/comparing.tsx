import { useState } from "preact/hooks";
import {
  endComparison,
  getComparison,
  type ModelAtCamera,
  type ModelComparison,
  startComparison,
} from "../../api/models";
import { useDoing, useLoad } from "../../api/use";
import type { Iteration } from "../../api/vision-types";
import { Button, ErrorNote, Note, Progress, Select, Table } from "../../ui";
import { sentence } from "../../words";
import { rivals, share, verdict } from "./at-cameras-words";
import type { Work } from "./use-work";
import { pictures } from "./words";

const EVERY_MS = 1000;

interface Props {
  readonly work: Work;
  readonly iteration: Iteration;
  /** Those that ask another model. */
  readonly cameras: readonly ModelAtCamera[];
}

/** This iteration and one that runs, on the same labelled pictures. */
export function Comparing({ work, iteration, cameras }: Props) {
  const models = rivals(cameras);
  const [chosen, setChosen] = useState("");
  const camera = models.find(([one]) => one === chosen)?.[0] ?? models[0]?.[0];
  const [id, setId] = useState<string | null>(null);
  const starting = useDoing(async () => {
    if (camera) setId((await startComparison(work.id, iteration.id, camera)).id);
  });
  const ending = useDoing(async () => {
    if (id) await endComparison(id);
  });
  const leave = (): void => {
    setId(null); // not to be asked about what may be gone
    void ending.run();
  };
  if (!camera) return null;
  if (id) return <Comparison key={id} id={id} onLeave={leave} />;
  return (
    <>
      {models.length > 1 && <Select label="Compare with" value={camera} onValue={setChosen} options={models} />}
      <ErrorNote error={starting.error ?? ending.error} />
      <div class="row">
        <Button kind="main" isBusy={starting.isBusy || ending.isBusy} onClick={() => void starting.run()}>
          Compare with {models.length > 1 ? "it" : (models[0]?.[1] ?? "")}
        </Button>
      </div>
    </>
  );
}

function Comparison({ id, onLeave }: { id: string; onLeave: () => void }) {
  const [isOver, setOver] = useState(false);
  const loaded = useLoad(
    id,
    async (signal) => {
      const found = await getComparison(id, signal);
      setOver(found.state !== "running");
      return found;
    },
    isOver ? undefined : EVERY_MS,
  );
  const found = loaded.data;
  return (
    <div class="stack">
      <ErrorNote error={loaded.error} />
      {found?.state === "running" && (
        <Progress
          label="Comparing"
          share={found.total ? found.done / found.total : null}
          words={found.total ? `${found.done} of ${pictures(found.total)}` : "Opening both models."}
        />
      )}
      {found?.state === "failed" && (
        <Note tone="bad" title="The comparison failed">
          <p>{sentence(found.words)}</p>
        </Note>
      )}
      {found?.state === "done" && <Outcome of={found} />}
      <div class="row">
        <Button onClick={onLeave}>{found?.state === "running" ? "End it" : "Close"}</Button>
      </div>
    </div>
  );
}

function Outcome({ of }: { of: ModelComparison }) {
  return (
    <>
      <p role="status">
        <strong>{verdict(of)}</strong>
      </p>
      {of.tags.length > 0 && (
        <>
          <Table
            caption="Both models, tag by tag"
            rows={of.tags}
            rowKey={({ tag }) => tag ?? ""}
            columns={[
              {
                title: "Tag",
                cell: ({ tag }) => (tag === null ? <strong>All</strong> : <span class="vision-compared">{tag}</span>),
              },
              { title: "Running", cell: (one) => share(one.running, one), isNumber: true },
              { title: "New", cell: (one) => share(one.new, one), isNumber: true },
              { title: "Mended", cell: ({ mended }) => mended, isNumber: true },
              { title: "Broken", cell: ({ broken }) => broken, isNumber: true },
              { title: "Pictures", cell: (one) => one.pictures, isNumber: true, isExtra: true },
            ]}
          />
          <p class="quiet small">
            Running: {of.running}. New: {of.new}.{" "}
            {of.is_unseen
              ? `On tagged pictures that ${of.new} has not learned from.`
              : `${of.new} has learned from all of these pictures: tag new ones for an honest comparison.`}
          </p>
        </>
      )}
    </>
  );
}
