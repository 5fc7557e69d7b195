import { useState } from "preact/hooks";
import { useDoing } from "../../api/use";
import { removeProject } from "../../api/vision";
import type { Project } from "../../api/vision-types";
import { Button, Dialog, ErrorNote, Field, toast } from "../../ui";

interface Props {
  readonly project: Project;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Everything of a project goes: only who writes its name may do that. */
export function RemoveProject({ project, onClose, onDone }: Props) {
  const [name, setName] = useState("");
  const removing = useDoing(() => removeProject(project.id));
  const isMeant = name.trim() === project.name;
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!isMeant || !(await removing.run())) return;
    toast(`${project.name} is deleted`);
    onClose();
    onDone();
  };
  return (
    <Dialog title={`Delete ${project.name}?`} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <p>
          All its pictures, tags, trained models and stored predictions are deleted, at once and for good. A project of
          which a model is published has to be unpublished first.
        </p>
        <Field
          label={`To go on, write its name: ${project.name}`}
          value={name}
          onValue={setName}
          autocomplete="off"
          autofocus
        />
        <ErrorNote error={removing.error} />
        <div class="row">
          <Button type="submit" kind="danger" isBusy={removing.isBusy} disabled={!isMeant}>
            Delete the project
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}
