import { useEffect, useRef, useState } from "preact/hooks";
import { useDoing, useLoad } from "../../api/use";
import { getProgress, removeIteration } from "../../api/vision-models";
import type { Iteration, TrainingProgress } from "../../api/vision-types";
import { duration } from "../../charts/likely";
import { Button, Card, Confirm, ErrorNote, Note, Progress, toast } from "../../ui";
import { sentence } from "../../words";
import type { Work } from "./use-work";

const EVERY_MS = 1000;

/** The training that runs, or why the last one failed. */
export function TrainingNow({ work }: { work: Work }) {
  const running = work.iterations.find(({ status }) => status === "Training");
  const before = useRef<string | undefined>(undefined);
  useEffect(() => {
    const ended = work.iterations.find(({ id, status }) => id === before.current && status === "Completed");
    if (ended) toast(`${ended.name} is trained`);
    before.current = running?.id;
  }, [running, work.iterations]);
  if (running) return <Running key={running.id} work={work} iteration={running} />;
  const [last] = work.iterations;
  return last?.status === "Failed" ? <Failure iteration={last} /> : null;
}

/** Why a training failed. */
export function Failure({ iteration }: { iteration: Iteration }) {
  return (
    <Note tone="bad" title={`${iteration.name} failed`}>
      <p>{sentence(iteration.trainingErrorDetails ?? "nothing more is known")}</p>
    </Note>
  );
}

type Stage = "running" | "asked" | "ended";

function Running({ work, iteration }: { work: Work; iteration: Iteration }) {
  const [stage, setStage] = useState<Stage>("running");
  const ending = useDoing(() => removeIteration(work.id, iteration.id));
  const ended = (): void => {
    toast(`${iteration.name} has ended`);
    setStage("ended");
    void work.reload();
  };
  const isOver = stage === "ended";
  return (
    <Card
      title={`${iteration.name} is in training`}
      actions={!isOver && <Button onClick={() => setStage("asked")}>End it</Button>}
    >
      {stage === "running" ? <Steps work={work} iteration={iteration} /> : <Progress label="Progress" share={null} />}
      {stage === "asked" && (
        <Confirm
          title={`End ${iteration.name}?`}
          verb="End the training"
          doing={ending}
          onClose={() => setStage("running")}
          onDone={ended}
        >
          <p>What it has learnt so far is lost. Pictures and tags stay.</p>
        </Confirm>
      )}
    </Card>
  );
}

/** How far it is, every second: not to be asked about what may be gone. */
function Steps({ work, iteration }: { work: Work; iteration: Iteration }) {
  const progress = useLoad(iteration.id, (signal) => getProgress(work.id, iteration.id, signal), EVERY_MS);
  return (
    <>
      <Progress label="Progress" share={progress.data?.share ?? null} words={progress.data && inWords(progress.data)} />
      <ErrorNote error={progress.error} />
    </>
  );
}

/** `Embedding pictures. About 40 s left.` */
export function inWords({ words, secondsLeft }: TrainingProgress): string {
  const left = secondsLeft === null ? "" : ` About ${duration(Math.max(1, secondsLeft))} left.`;
  return `${sentence(words)}${left}`.trim();
}
