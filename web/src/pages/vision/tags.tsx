import { useState } from "preact/hooks";
import { useDoing } from "../../api/use";
import { changeTag, createTag, removeTag } from "../../api/vision";
import type { Tag } from "../../api/vision-types";
import { Badge, Button, Check, Confirm, Dialog, Empty, ErrorNote, Field, IconButton, Table, toast } from "../../ui";
import type { Work } from "./use-work";
import { FEWEST } from "./words";

/** The words that pictures or boxes get. */
export function Tags({ work }: { work: Work }) {
  const [changing, setChanging] = useState<Tag | null>(null);
  const [leaving, setLeaving] = useState<Tag | null>(null);
  return (
    <div class="stack">
      <NewTag work={work} />
      {work.tags.length > 0 ? (
        <TagTable work={work} onChange={setChanging} onRemove={setLeaving} />
      ) : (
        <Empty title="No tag yet.">
          <p>A tag is a word for what your model is to tell: mask, no mask.</p>
        </Empty>
      )}
      {changing && <TagDialog work={work} tag={changing} onClose={() => setChanging(null)} />}
      {leaving && <Removal work={work} tag={leaving} onClose={() => setLeaving(null)} />}
    </div>
  );
}

/** One more tag, wherever tags are given. */
export function NewTag({ work }: { work: Work }) {
  const [name, setName] = useState("");
  const making = useDoing(async () => {
    await createTag(work.id, name.trim(), "Regular");
    setName((typed) => (typed === name ? "" : typed)); // the next one may be typed already
    await work.reload();
  });
  const submit = (event: Event): void => {
    event.preventDefault();
    if (name.trim()) void making.run();
  };
  return (
    <form class="stack" onSubmit={submit}>
      <div class="vision-inline">
        <Field label="New tag" value={name} onValue={setName} autocomplete="off" />
        <Button type="submit" icon="add" isBusy={making.isBusy} disabled={!name.trim()}>
          Add
        </Button>
      </div>
      <ErrorNote error={making.error} />
    </form>
  );
}

interface TableProps {
  readonly work: Work;
  readonly onChange: (tag: Tag) => void;
  readonly onRemove: (tag: Tag) => void;
}

function TagTable({ work, onChange, onRemove }: TableProps) {
  const fewest = FEWEST[work.kind];
  return (
    <Table
      caption="Tags"
      rows={work.tags}
      rowKey={({ id }) => id}
      columns={[
        {
          title: "Tag",
          cell: ({ name, type }) => (
            <span class="vision-tag">
              {name} {type === "Negative" && <Badge>negative</Badge>}
            </span>
          ),
        },
        { title: "Pictures", cell: ({ imageCount }) => imageCount, isNumber: true },
        {
          title: "For a training",
          cell: ({ imageCount, type }) =>
            imageCount >= fewest || type === "Negative" ? "enough" : `${fewest - imageCount} more`,
          isExtra: true,
        },
        {
          title: "Change",
          cell: (tag) => (
            <span class="actions">
              <IconButton icon="edit" label={`Change ${tag.name}`} onClick={() => onChange(tag)} />
              <IconButton icon="remove" label={`Delete ${tag.name}`} onClick={() => onRemove(tag)} />
            </span>
          ),
        },
      ]}
    />
  );
}

function TagDialog({ work, tag, onClose }: { work: Work; tag: Tag; onClose: () => void }) {
  const [name, setName] = useState(tag.name);
  const [isNegative, setNegative] = useState(tag.type === "Negative");
  const type = isNegative ? "Negative" : tag.type === "Negative" ? "Regular" : tag.type;
  const saving = useDoing(() => changeTag(work.id, { ...tag, name: name.trim(), type }));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!name.trim() || !(await saving.run())) return;
    onClose();
    await work.reload();
  };
  return (
    <Dialog title={`Change ${tag.name}`} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <Field label="Name" value={name} onValue={setName} autocomplete="off" required autofocus />
        {work.kind !== "boxes" && (
          <Check
            label="Negative: the picture shows none of the other tags"
            hint="A project has at most one negative tag, and its pictures have no other."
            value={isNegative}
            onValue={setNegative}
          />
        )}
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

function Removal({ work, tag, onClose }: { work: Work; tag: Tag; onClose: () => void }) {
  const removing = useDoing(() => removeTag(work.id, tag.id));
  const done = (): void => {
    toast(`${tag.name} is deleted`);
    onClose();
    void work.reload();
  };
  return (
    <Confirm title={`Delete ${tag.name}?`} verb="Delete the tag" doing={removing} onClose={onClose} onDone={done}>
      <p>
        It goes from {tag.imageCount} of the pictures{work.kind === "boxes" && ", with its boxes"}. The pictures stay.
      </p>
    </Confirm>
  );
}
