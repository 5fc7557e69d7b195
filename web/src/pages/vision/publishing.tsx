import { useState } from "preact/hooks";
import { useDoing } from "../../api/use";
import { publish, unpublish } from "../../api/vision-models";
import type { Iteration } from "../../api/vision-types";
import { Button, Card, ErrorNote, Field, toast } from "../../ui";
import type { Work } from "./use-work";

interface Props {
  readonly work: Work;
  readonly iteration: Iteration;
}

/** Under which name programs ask this iteration. */
export function Publishing({ work, iteration }: Props) {
  return (
    <Card title="For programs">
      {iteration.publishName ? (
        <Published work={work} iteration={iteration} />
      ) : (
        <NotPublished work={work} iteration={iteration} />
      )}
    </Card>
  );
}

function Published({ work, iteration }: Props) {
  const ending = useDoing(() => unpublish(work.id, iteration.id));
  const end = async (): Promise<void> => {
    if (await ending.run()) await work.reload();
  };
  const verb = work.kind === "boxes" ? "detect" : "classify";
  const name = encodeURIComponent(iteration.publishName);
  const base = `customvision/v3.1/prediction/${work.id}/${verb}/iterations/${name}/image`;
  const address = new URL(base, document.baseURI).href;
  return (
    <>
      <p>
        Published as <strong>{iteration.publishName}</strong>. Programs send a picture with the header{" "}
        <code>Prediction-Key</code>; with <code>/nostore</code> at the end, nothing is kept.
      </p>
      <code class="secret">POST {address}</code>
      <ErrorNote error={ending.error} />
      <div class="row">
        <Button isBusy={ending.isBusy} onClick={() => void end()}>
          Unpublish
        </Button>
      </div>
    </>
  );
}

function NotPublished({ work, iteration }: Props) {
  const [name, setName] = useState("");
  const other = work.iterations.find(({ publishName }) => publishName !== "" && publishName === name.trim());
  const publishing = useDoing(() => publish(work.id, iteration.id, name.trim(), other !== undefined));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!name.trim() || !(await publishing.run())) return;
    toast(`${iteration.name} answers as ${name.trim()}`);
    await work.reload();
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <p>Under a name of your choice, programs may ask this iteration. Later, another one can take the name over.</p>
      <Field
        label="Publish as"
        value={name}
        onValue={setName}
        autocomplete="off"
        hint={other ? `${other.name} has this name: it moves from there to ${iteration.name}.` : undefined}
      />
      <ErrorNote error={publishing.error} />
      <div class="row">
        <Button type="submit" isBusy={publishing.isBusy} disabled={!name.trim()}>
          {other ? "Move the name here" : "Publish"}
        </Button>
      </div>
    </form>
  );
}
