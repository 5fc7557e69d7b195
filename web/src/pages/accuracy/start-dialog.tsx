import { useState } from "preact/hooks";
import { startAudit } from "../../api/accuracy";
import { useDoing } from "../../api/use";
import { go, link } from "../../router";
import { Button, Dialog, ErrorNote, Field, Select } from "../../ui";
import { useCameras } from "../cameras-known";

const HOUR_MS = 3_600_000;
const MOMENTS = [
  ["12", "12, about 3 minutes"],
  ["24", "24, about 6 minutes"],
  ["60", "60, about 15 minutes"],
] as const;

/** Which camera, which time, how many moments. */
export function StartDialog({ onClose }: { onClose: () => void }) {
  const cameras = useCameras().data ?? [];
  const [chosen, setCamera] = useState("");
  const camera = chosen || cameras[0]?.name || "";
  const [from, setFrom] = useState(local(Date.now() - HOUR_MS));
  const [to, setTo] = useState(local(Date.now()));
  const [moments, setMoments] = useState("24");
  const isSpan = new Date(from) < new Date(to);
  const starting = useDoing(async () => {
    const audit = await startAudit(camera, new Date(from).toISOString(), new Date(to).toISOString(), Number(moments));
    go(link("accuracy", audit.id));
  });
  const submit = (event: Event): void => {
    event.preventDefault();
    if (isSpan && camera) void starting.run();
  };
  return (
    <Dialog title="New audit" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Select
          label="Camera"
          value={camera}
          onValue={setCamera}
          options={cameras.map(({ name }) => [name, name] as const)}
        />
        <Field label="From" type="datetime-local" value={from} onValue={setFrom} />
        <Field
          label="Until"
          type="datetime-local"
          value={to}
          onValue={setTo}
          problem={isSpan ? undefined : "The end has to be after the beginning."}
          hint="At most six hours, of which tracks are recorded."
        />
        <Select label="Moments to look at" value={moments} onValue={setMoments} options={MOMENTS} />
        <ErrorNote error={starting.error} />
        <div class="row">
          <Button type="submit" kind="main" isBusy={starting.isBusy} disabled={!isSpan || !camera}>
            Draw moments
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What an input for local times shows. */
function local(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
