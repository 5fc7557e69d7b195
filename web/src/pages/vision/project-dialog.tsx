import { useState } from "preact/hooks";
import { useDoing } from "../../api/use";
import { changeProject, createProject } from "../../api/vision";
import type { Domain } from "../../api/vision-types";
import { go, link } from "../../router";
import { Button, Dialog, ErrorNote, Field, Select, toast } from "../../ui";
import { KIND_WORDS, type Kind, type Subject, taskOf } from "./words";

interface Props {
  readonly domains: readonly Domain[];
  /** null: a new one. */
  readonly subject: Subject | null;
  readonly onClose: () => void;
  readonly onDone?: () => void;
}

const KINDS = Object.entries(KIND_WORDS) as [Kind, string][];
const KIND_HINTS: Record<Kind, string> = {
  one: "Every picture shows exactly one of your tags: with a mask or without.",
  many: "A picture may show any number of them: helmet, vest, both, none.",
  boxes: "Where things are, and what: a box for each of them.",
};

/** The compact one, if there is one: its models can be taken elsewhere. */
function usual(domains: readonly Domain[]): string {
  return (domains.find(({ exportable }) => exportable) ?? domains[0])?.id ?? "";
}

/** A new project, or another name, description or domain for one. */
export function ProjectDialog({ domains, subject, onClose, onDone }: Props) {
  const [name, setName] = useState(subject?.project.name ?? "");
  const [description, setDescription] = useState(subject?.project.description ?? "");
  const [kind, setKind] = useState<Kind>(subject?.kind ?? "one");
  const [chosen, setDomain] = useState(subject?.project.settings.domainId ?? "");
  const offered = domains.filter(({ type, enabled, id }) => type === taskOf(kind) && (enabled || id === chosen));
  const domain = offered.some(({ id }) => id === chosen) ? chosen : usual(offered);
  const saving = useDoing(() => save(subject, { name: name.trim(), description: description.trim(), domain, kind }));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!name.trim() || !(await saving.run())) return;
    if (subject) toast(`${name.trim()} is changed`);
    onClose();
    onDone?.();
  };
  return (
    <Dialog title={subject ? "Change the project" : "New project"} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <Field label="Name" value={name} onValue={setName} autocomplete="off" required autofocus />
        <Field label="Description" value={description} onValue={setDescription} autocomplete="off" />
        {!subject && (
          <Select
            label="What it tells"
            value={kind}
            onValue={(value) => setKind(value as Kind)}
            options={KINDS}
            hint={KIND_HINTS[kind]}
          />
        )}
        <Select
          label="Domain"
          value={domain}
          onValue={setDomain}
          options={offered.map(({ id, name }) => [id, name] as const)}
          hint={
            domains.find(({ id }) => id === domain)?.exportable
              ? "Models of a compact domain can be exported."
              : "Models of this domain cannot be exported: choose a compact one for that."
          }
        />
        {subject && <p class="quiet small">Another domain holds from the next training on.</p>}
        <ErrorNote error={saving.error} />
        <div class="row">
          <Button type="submit" kind="main" isBusy={saving.isBusy} disabled={!name.trim()}>
            {subject ? "Save" : "Make the project"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface Wanted {
  readonly name: string;
  readonly description: string;
  readonly domain: string;
  readonly kind: Kind;
}

async function save(subject: Subject | null, { name, description, domain, kind }: Wanted): Promise<void> {
  if (subject) {
    const { id, settings } = subject.project;
    await changeProject(id, { name, description, settings: { ...settings, domainId: domain } });
    return;
  }
  const type = { one: "Multiclass", many: "Multilabel", boxes: null } as const;
  const made = await createProject(name, description, domain, type[kind]);
  go(link("vision", made.id));
}
