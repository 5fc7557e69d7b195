import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../../api/client";
import { type Config, type Conflict, checkConfig, conflictOf, saveConfig } from "../../api/config";
import { useDoing, useLoad } from "../../api/use";
import { guardLeaving } from "../../router";
import { Button, ErrorNote, Field, toast } from "../../ui";
import { CodeArea, goToLine } from "./code-area";
import { ConflictView } from "./conflict-view";
import { lineOf } from "./locate";
import { Problems } from "./problems";

const PAUSE_MS = 500;

interface Props {
  readonly present: Config;
  readonly onSave: () => void;
}

/** The text with what is wrong in it; it is judged while one types. */
export function Editor({ present, onSave }: Props) {
  const [text, setText] = useState(present.text);
  const [comment, setComment] = useState("");
  const [base, setBase] = useState(present.version);
  const area = useRef<HTMLTextAreaElement>(null);
  const settled = useSettled(text, PAUSE_MS);
  const check = useLoad(settled, () => checkConfig(settled));
  const saving = useDoing(async () => saveConfig(text, comment, base));
  const problems = check.data ?? [];
  const isChanged = text !== present.text;
  const isWrong = problems.some(({ is_warning }) => !is_warning);
  const conflict = conflictOf(saving.error);
  useEffect(
    () => guardLeaving(() => (isChanged ? "The configuration has changes that are not saved. Leave?" : null)),
    [isChanged],
  );
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!(await saving.run())) return;
    toast("The new configuration runs");
    onSave();
  };
  const settle = (newer: Conflict, kept: string): void => {
    setText(kept);
    setBase(newer.current.version);
    saving.clear();
  };
  const show = ({ path }: Problem): void => {
    if (area.current) goToLine(area.current, lineOf(text, path) ?? 1);
  };
  return (
    <form class="stack" onSubmit={(event) => void save(event)}>
      <CodeArea area={area} label="Configuration" text={text} onText={setText} marked={linesOf(text, problems)} />
      <Problems
        problems={problems}
        isJudging={settled !== text || check.isLoading}
        lineOf={({ path }) => lineOf(text, path)}
        onShow={show}
      />
      <ErrorNote error={check.error} />
      {conflict ? (
        <ConflictView conflict={conflict} mine={text} onSettle={(kept) => settle(conflict, kept)} />
      ) : (
        <ErrorNote error={saving.error} />
      )}
      <Field label="Why" value={comment} onValue={setComment} hint="Stands in the history beside your name." />
      <div class="row">
        <Button type="submit" kind="main" isBusy={saving.isBusy} disabled={!isChanged || isWrong || conflict !== null}>
          Save and run
        </Button>
        <Button disabled={!isChanged} onClick={() => setText(present.text)}>
          Discard changes
        </Button>
      </div>
    </form>
  );
}

function linesOf(text: string, problems: readonly Problem[]): ReadonlySet<number> {
  return new Set(problems.flatMap(({ path }) => lineOf(text, path) ?? []));
}

/** A value once it has not changed for a while. */
function useSettled(value: string, pauseMs: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value, pauseMs]);
  return settled;
}
