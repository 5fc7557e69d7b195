import { useState } from "preact/hooks";
import { session } from "../../api/session";
import { keepSnapshots, type SnapshotSettings, type Snapshots } from "../../api/snapshots";
import { useDoing, useLoad } from "../../api/use";
import { listProjects } from "../../api/vision";
import { link } from "../../router";
import { Button, Check, Dialog, ErrorNote, Field, LinkButton, Select, TextArea } from "../../ui";
import { Shown } from "../shown";
import { DEFAULTS, promise } from "./snapshot-words";

interface Props {
  readonly camera: string;
  readonly present: Snapshots;
  readonly onClose: () => void;
  readonly onDone: (words: string) => void;
}

/** Asks for consent in words, and for the caps. */
export function SnapshotDialog({ camera, present, onClose, onDone }: Props) {
  const projects = useLoad("projects", listProjects);
  return (
    <Dialog title={`Keep pictures of ${camera}`} onClose={onClose}>
      <Shown of={projects}>
        {(all) =>
          all.length > 0 ? (
            <Form camera={camera} present={present} names={all.map(({ name }) => name)} onDone={onDone} />
          ) : (
            <>
              <p>Pictures go into a project of Custom Vision: make one first.</p>
              <div class="row">
                <LinkButton to={link("vision")}>Custom Vision</LinkButton>
              </div>
            </>
          )
        }
      </Shown>
    </Dialog>
  );
}

interface FormProps extends Pick<Props, "camera" | "present" | "onDone"> {
  readonly names: readonly string[];
}

function Form({ camera, present, names, onDone }: FormProps) {
  const first = present.settings ?? { ...DEFAULTS, project: names[0] ?? "", given_by: session.value?.name ?? "" };
  const [wish, setWish] = useState<SnapshotSettings>(first);
  const [isSure, setSure] = useState(false);
  const change = (more: Partial<SnapshotSettings>): void => setWish({ ...wish, ...more });
  const keeping = useDoing(() => keepSnapshots(camera, trimmed(wish)));
  const isWhole = isSure && wish.consent.trim() !== "" && wish.given_by.trim() !== "";
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isWhole && (await keeping.run())) onDone(`Pictures of ${camera} are kept for ${wish.project}`);
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <Select
        label="Project"
        value={wish.project}
        onValue={(project) => change({ project })}
        options={[...new Set([wish.project, ...names])].map((name) => [name, name] as const)}
      />
      <Select
        label="What is kept"
        value={wish.of}
        onValue={(of) => change({ of: of as SnapshotSettings["of"] })}
        options={[
          ["people", "People, each cut out"],
          ["picture", "The whole picture"],
        ]}
        hint={wish.of === "people" ? "For models that tell what people wear." : "For models that find things."}
      />
      <Caps wish={wish} onChange={change} />
      <p class="note accent">{promise(wish)}</p>
      <TextArea
        label="What was agreed with those who are filmed"
        value={wish.consent}
        onValue={(consent) => change({ consent })}
        rows={3}
        hint="Which agreement, which notice, until when. It goes into the audit log."
      />
      <Field
        label="Who says so"
        value={wish.given_by}
        onValue={(given_by) => change({ given_by })}
        autocomplete="off"
        required
      />
      <Check label="Those who are filmed have agreed to this." value={isSure} onValue={setSure} />
      <ErrorNote error={keeping.error} />
      <div class="row">
        <Button type="submit" kind="main" isBusy={keeping.isBusy} disabled={!isWhole}>
          Keep pictures
        </Button>
        <span class="quiet small">The camera starts anew; the others go on.</span>
      </div>
    </form>
  );
}

type Cap = "a_day" | "in_all" | "days" | "every";
const CAPS: readonly (readonly [Cap, string, number])[] = [
  ["a_day", "At most a day", 10_000],
  ["in_all", "At most in all", 100_000],
  ["every", "Seconds between two", 86_400],
  ["days", "Days until erased", 365],
];

function Caps({ wish, onChange }: { wish: SnapshotSettings; onChange: (more: Partial<SnapshotSettings>) => void }) {
  return (
    <div class="pair">
      {CAPS.map(([key, label, max]) => (
        <Field
          key={key}
          label={label}
          type="number"
          min={1}
          max={max}
          value={String(wish[key])}
          onValue={(value) => onChange({ [key]: Number(value) })}
          required
        />
      ))}
    </div>
  );
}

const trimmed = (wish: SnapshotSettings): SnapshotSettings => ({
  ...wish,
  consent: wish.consent.trim(),
  given_by: wish.given_by.trim(),
});
