import { useState } from "preact/hooks";
import { makeToken, type Rights } from "../../api/people";
import { useDoing } from "../../api/use";
import { Button, Dialog, ErrorNote, Field, Note, Select, toast } from "../../ui";
import { LEAST, RightsFields } from "./rights";

const LIVES = [
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "A year"],
  ["", "Until it is removed"],
] as const;

/** A new token; it is shown this once. */
export function TokenDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const [rights, setRights] = useState<Rights>(LEAST);
  const [secret, setSecret] = useState("");
  const making = useDoing(async () => {
    const made = await makeToken(name.trim(), rights, days ? Number(days) : null);
    setSecret(made.secret);
    onDone();
  });
  if (secret) return <Secret secret={secret} name={name} onClose={onClose} />;
  return (
    <Dialog title="New token" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void making.run();
        }}
      >
        <Field
          label="Name"
          value={name}
          onValue={setName}
          hint="What it is for: shown in lists and in the audit log."
          required
        />
        <Select label="It ends after" value={days} onValue={setDays} options={LIVES} />
        <RightsFields rights={rights} onRights={setRights} />
        <ErrorNote error={making.error} />
        <div class="row">
          <Button type="submit" kind="main" isBusy={making.isBusy} disabled={!name.trim()}>
            Make the token
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Secret({ secret, name, onClose }: { secret: string; name: string; onClose: () => void }) {
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(secret);
    toast("Copied");
  };
  return (
    <Dialog
      title={name}
      onClose={onClose}
      actions={
        <Button kind="main" onClick={onClose}>
          I have kept it
        </Button>
      }
    >
      <Note tone="warn" title="This is shown only once.">
        <p>footfall keeps no copy. If it is lost, remove the token and make another one.</p>
      </Note>
      <code class="secret">{secret}</code>
      <div class="row">
        <Button icon="copy" onClick={() => void copy()}>
          Copy
        </Button>
      </div>
      <p class="quiet">
        Programs send it as <code>Authorization: Bearer …</code>
      </p>
    </Dialog>
  );
}
