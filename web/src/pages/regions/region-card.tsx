import type { Finding, Preview } from "../../api/regions";
import { Badge, Button, Field, Icon, type IconName, type Tone } from "../../ui";
import { Counts } from "./counts";
import { changed, type Kind, nameOf, nameProblem, type Ref, refKey, turned, WORDS } from "./drawing";
import { Findings } from "./findings";
import type { Editor } from "./use-editor";
import type { Trial } from "./use-trial";
import { ZoneRules } from "./zone-rules";

const ICONS: Record<Kind, IconName> = { lines: "line", zones: "zone", masks: "mask", floor: "floor" };

interface CardProps {
  editor: Editor;
  of: Ref;
  findings: readonly Finding[];
  preview: Trial<Preview>;
  isSelected: boolean;
  isReadOnly: boolean;
}

/** One region: closed, its name and counts; selected, all that can be changed. */
export function RegionCard({ editor, of, findings, preview, isSelected, isReadOnly }: CardProps) {
  const name = nameOf(editor.drawing, of);
  const worst = worstOf(findings);
  return (
    <section class={isSelected ? "region-card selected" : "region-card"} aria-label={`${WORDS[of.kind]} ${name}`}>
      <button
        type="button"
        class={`region-title ${of.kind}`}
        aria-expanded={isSelected}
        onClick={() => editor.select(isSelected ? null : of)}
      >
        <Icon name={ICONS[of.kind]} />
        <strong>{name || "without a name"}</strong>
        {findings.length > 0 && <Badge tone={worst}>{findings.length} to look at</Badge>}
        <Icon name="down" />
      </button>
      {of.kind !== "masks" && <Counts editor={editor} of={of} preview={preview} />}
      {isSelected && !isReadOnly && <Settings editor={editor} of={of} />}
      <Findings
        findings={findings}
        onTake={(points) => editor.change(changed(editor.drawing, of, { points }))}
        isReadOnly={isReadOnly}
      />
    </section>
  );
}

function worstOf(findings: readonly Finding[]): Tone {
  const has = (severity: Finding["severity"]): boolean => findings.some((one) => one.severity === severity);
  if (has("error")) return "bad";
  return has("warning") ? "warn" : "neutral";
}

function Settings({ editor, of }: { editor: Editor; of: Ref }) {
  const { drawing } = editor;
  const rename = (name: string): void => editor.change(changed(drawing, of, { name }), `name-${refKey(of)}`);
  return (
    <div class="stack region-settings">
      <Field label="Name" value={nameOf(drawing, of)} onValue={rename} problem={nameProblem(drawing, of)} />
      {of.kind === "lines" && <LineSettings editor={editor} of={of} />}
      {of.kind === "zones" && <ZoneRules editor={editor} of={of} />}
      <div class="row">
        <Button icon="remove" onClick={() => editor.remove(of)}>
          Delete
        </Button>
      </div>
    </div>
  );
}

function LineSettings({ editor, of }: { editor: Editor; of: Ref }) {
  const line = editor.drawing.lines[of.index];
  if (!line) return null;
  const { names } = line;
  const change = (next: Partial<typeof names>): void =>
    editor.change(changed(editor.drawing, of, { names: { ...names, ...next } }), `ways-${refKey(of)}`);
  return (
    <>
      <div class="ways">
        <Field
          label="Along the full arrow"
          value={names.right}
          onValue={(right) => change({ right })}
          placeholder="in"
        />
        <Field label="The other way" value={names.left} onValue={(left) => change({ left })} placeholder="out" />
      </div>
      <div>
        <Button icon="swap" onClick={() => editor.change(turned(editor.drawing, of))}>
          Swap the ways
        </Button>
      </div>
    </>
  );
}
