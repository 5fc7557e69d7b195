import { useState } from "preact/hooks";
import { type Config, getVersion, restoreConfig } from "../../api/config";
import { useDoing, useLoad } from "../../api/use";
import { Button, Dialog, ErrorNote, Field, Tabs, toast } from "../../ui";
import { Shown } from "../shown";
import { DiffView } from "./diff-view";

const VIEWS = [
  ["change", "What it changed"],
  ["now", "Against what runs now"],
] as const;

interface Props {
  readonly number: number;
  readonly present: Config;
  readonly onClose: () => void;
  readonly onRestore: () => void;
}

/** One version: what it changed, how it differs from now, and the way back to it. */
export function VersionDialog({ number, present, onClose, onRestore }: Props) {
  const [view, setView] = useState("change");
  const [comment, setComment] = useState("");
  const pair = useLoad(String(number), (signal) =>
    Promise.all([getVersion(number, signal), number > 1 ? getVersion(number - 1, signal).catch(() => null) : null]),
  );
  const restoring = useDoing(() => restoreConfig(number, comment, present.version));
  const restore = async (): Promise<void> => {
    if (!(await restoring.run())) return;
    toast(`Version ${number} runs again`);
    onRestore();
    onClose();
  };
  return (
    <Dialog title={`Version ${number}`} onClose={onClose} isWide>
      <Shown of={pair}>
        {([version, before]) => (
          <Tabs label="Differences" tabs={VIEWS} chosen={view} onChoose={setView}>
            {view === "now" ? (
              <DiffView before={present.text} after={version.text} label="What going back would change" />
            ) : (
              <DiffView before={before?.text ?? ""} after={version.text} label="What it changed" />
            )}
          </Tabs>
        )}
      </Shown>
      {number !== present.version && (
        <>
          <Field label="Why go back" value={comment} onValue={setComment} />
          <ErrorNote error={restoring.error} />
          <div class="row">
            <Button kind="main" icon="undo" isBusy={restoring.isBusy} onClick={() => void restore()}>
              Go back to version {number}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
