import { useState } from "preact/hooks";
import { useDoing } from "../api/use";
import { removeIteration, renameIteration } from "../api/vision-models";
import type { Iteration } from "../api/vision-types";
import { stamp } from "../charts/days";
import { go, link } from "../router";
import type { PageProps } from "../routes";
import { Button, Card, Confirm, Dialog, Empty, ErrorNote, Field, IconButton, Page, toast } from "../ui";
import { chosenZone } from "./choice";
import { Shown } from "./shown";
import { AtCameras } from "./vision/at-cameras";
import { Exporting } from "./vision/exporting";
import { Performance } from "./vision/performance";
import { Publishing } from "./vision/publishing";
import { Failure, TrainingNow } from "./vision/training-now";
import { State } from "./vision/trainings";
import { useWork, type Work } from "./vision/use-work";
import "./vision/vision.css";

/** One iteration: how good it is, for whom it answers, and taking it away. */
export default function VisionIterationPage({ params: { project = "", iteration: id = "" } }: PageProps) {
  const work = useWork(project);
  const [open, setOpen] = useState<"name" | "remove" | null>(null);
  const iteration = work.data?.iterations.find((one) => one.id === id);
  const close = (): void => setOpen(null);
  const back = `${link("vision", project)}?view=training`;
  return (
    <Page
      title={iteration?.name ?? "Iteration"}
      back={[back, work.data?.project.name ?? "Project"]}
      actions={
        iteration && (
          <>
            <IconButton icon="edit" label="Another name" onClick={() => setOpen("name")} />
            <IconButton icon="remove" label={`Delete ${iteration.name}`} onClick={() => setOpen("remove")} />
          </>
        )
      }
    >
      <Shown of={work}>
        {(present) =>
          iteration ? (
            <>
              <Body work={present} iteration={iteration} />
              {open === "name" && <Rename work={present} iteration={iteration} onClose={close} />}
              {open === "remove" && <Removal work={present} iteration={iteration} back={back} onClose={close} />}
            </>
          ) : (
            <Empty title="There is no such iteration." />
          )
        }
      </Shown>
    </Page>
  );
}

interface Props {
  readonly work: Work;
  readonly iteration: Iteration;
}

function Body({ work, iteration }: Props) {
  if (iteration.status === "Training") return <TrainingNow work={work} />;
  if (iteration.status === "Failed")
    return (
      <>
        <Facts work={work} iteration={iteration} />
        <Failure iteration={iteration} />
      </>
    );
  return (
    <>
      <Facts work={work} iteration={iteration} />
      <Performance work={work} iteration={iteration} />
      <AtCameras work={work} iteration={iteration} />
      <div class="vision-two">
        <Publishing work={work} iteration={iteration} />
        <Exporting work={work} iteration={iteration} />
      </div>
    </>
  );
}

function Facts({ iteration }: Props) {
  const { trainedAt, trainingType, reservedBudgetInHours, trainingTimeInMinutes } = iteration;
  const kind = trainingType === "Advanced" ? `advanced, at most ${reservedBudgetInHours} h` : "quick";
  return (
    <Card>
      <dl class="fact-list">
        <Fact title="State">
          <State of={iteration} />
        </Fact>
        {trainedAt && <Fact title="Trained">{stamp(trainedAt, chosenZone())}</Fact>}
        <Fact title="Training">{kind}</Fact>
        {trainedAt && (
          <Fact title="It took">
            {trainingTimeInMinutes > 1 ? `${trainingTimeInMinutes} minutes` : "a minute or less"}
          </Fact>
        )}
      </dl>
    </Card>
  );
}

function Fact({ title, children }: { title: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Rename({ work, iteration, onClose }: Props & { readonly onClose: () => void }) {
  const [name, setName] = useState(iteration.name);
  const saving = useDoing(() => renameIteration(work.id, iteration.id, name.trim()));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!name.trim() || !(await saving.run())) return;
    onClose();
    await work.reload();
  };
  return (
    <Dialog title={`Another name for ${iteration.name}`} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <Field label="Name" value={name} onValue={setName} autocomplete="off" required autofocus />
        <ErrorNote error={saving.error} />
        <div class="row">
          <Button type="submit" kind="main" isBusy={saving.isBusy} disabled={!name.trim()}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface RemovalProps extends Props {
  readonly back: string;
  readonly onClose: () => void;
}

function Removal({ work, iteration, back, onClose }: RemovalProps) {
  const removing = useDoing(() => removeIteration(work.id, iteration.id));
  const done = (): void => {
    toast(`${iteration.name} is deleted`);
    go(back);
  };
  return (
    <Confirm title={`Delete ${iteration.name}?`} verb="Delete" doing={removing} onClose={onClose} onDone={done}>
      <p>Its model, its figures and its exports are gone at once and for good. Pictures and tags stay.</p>
    </Confirm>
  );
}
