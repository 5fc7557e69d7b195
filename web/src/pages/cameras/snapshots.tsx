import { useRef, useState } from "preact/hooks";
import { may, maySeeRealPixels } from "../../api/session";
import { endSnapshots, eraseSnapshots, getSnapshots, type SnapshotSettings, type Snapshots } from "../../api/snapshots";
import { useDoing, useLoad } from "../../api/use";
import { listProjects } from "../../api/vision";
import { link } from "../../router";
import { Button, Card, Check, Confirm, LinkButton, Note, StateDot, toast } from "../../ui";
import { sentence } from "../../words";
import { Shown } from "../shown";
import { pictures } from "../vision/words";
import { promise, STANDING } from "./snapshot-words";
import { SnapshotDialog } from "./snapshots-dialog";

const EVERY_MS = 5000;

interface CardProps {
  readonly camera: string;
  /** The camera is about to be removed: not to be asked about any more. */
  readonly isLeaving: boolean;
  readonly onChange: () => void;
}

/** Whether pictures of a camera are kept to learn from: off until somebody has consented. */
export function SnapshotsCard({ camera, isLeaving, onChange }: CardProps) {
  const loaded = useLoad(camera, (signal) => getSnapshots(camera, signal), isLeaving ? undefined : EVERY_MS);
  const [open, setOpen] = useState<"on" | "off" | "erase" | null>(null);
  const close = (): void => setOpen(null);
  const done = (words: string): void => {
    toast(words);
    close();
    void loaded.reload();
    onChange();
  };
  return (
    <Card title="Pictures to learn from">
      <Shown of={loaded}>
        {(present) => (
          <>
            {present.settings ? <Kept present={present} settings={present.settings} /> : <Off />}
            <Actions present={present} onOpen={setOpen} />
            {open === "on" && <SnapshotDialog camera={camera} present={present} onClose={close} onDone={done} />}
            {open === "off" && <Ending camera={camera} present={present} onClose={close} onDone={done} />}
            {open === "erase" && <Erasing camera={camera} present={present} onClose={close} onDone={done} />}
          </>
        )}
      </Shown>
    </Card>
  );
}

function Off() {
  return (
    <p class="quiet">
      No picture of this camera is kept. Where those who are filmed have agreed, some can be kept, encrypted and
      counted, to train a model of your own with.
    </p>
  );
}

function Kept({ present, settings }: { present: Snapshots; settings: SnapshotSettings }) {
  const [tone, state] = STANDING[present.state];
  return (
    <>
      <StateDot tone={tone}>{state}</StateDot>
      {present.state === "failed" && (
        <Note tone="warn">
          <p>{sentence(present.words)}</p>
        </Note>
      )}
      <dl class="fact-list">
        <Fact title="Today">
          {present.today} of {settings.a_day}
        </Fact>
        <Fact title="In all">
          {present.in_all} of {settings.in_all}
        </Fact>
        <Fact title="Not tagged yet">{present.untagged}</Fact>
        <Fact title="Project">{settings.project}</Fact>
        <Fact title="Who says so">{settings.given_by}</Fact>
      </dl>
      <p>{promise(settings)}</p>
      <blockquote class="quiet snapshots-consent">{settings.consent}</blockquote>
    </>
  );
}

function Fact({ title, children }: { title: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface ActionsProps {
  readonly present: Snapshots;
  readonly onOpen: (what: "on" | "off" | "erase") => void;
}

function Actions({ present, onOpen }: ActionsProps) {
  const name = present.settings?.project;
  const projects = useLoad("projects", listProjects);
  const project = projects.data?.find((one) => one.name === name);
  if (!name)
    return maySeeRealPixels() ? (
      <div class="row">
        <Button onClick={() => onOpen("on")}>Keep pictures …</Button>
      </div>
    ) : (
      <p class="quiet small">
        This takes the right to real pictures of people, which an administrator gives on the page{" "}
        {may("admin") ? <a href={link("users")}>Users</a> : "Users"}.
      </p>
    );
  return (
    <div class="row">
      {project && <LinkButton to={`${link("vision", project.id)}?show=Untagged`}>Tag them</LinkButton>}
      {maySeeRealPixels() && <Button onClick={() => onOpen("on")}>Change …</Button>}
      {present.untagged > 0 && <Button onClick={() => onOpen("erase")}>Erase those not tagged …</Button>}
      <Button onClick={() => onOpen("off")}>Keep no more …</Button>
    </div>
  );
}

interface Leaving {
  readonly camera: string;
  readonly present: Snapshots;
  readonly onClose: () => void;
  readonly onDone: (words: string) => void;
}

function Ending({ camera, present, onClose, onDone }: Leaving) {
  const [isErasing, setErasing] = useState(true);
  const gone = useRef(0);
  const ending = useDoing(async () => {
    gone.current = await endSnapshots(camera, isErasing);
  });
  const words = (): string =>
    isErasing ? `No more pictures are kept; ${pictures(gone.current)} erased` : "No more pictures are kept";
  return (
    <Confirm
      title={`Keep no more pictures of ${camera}?`}
      verb="Keep no more"
      doing={ending}
      onClose={onClose}
      onDone={() => onDone(words())}
    >
      <p>The consent ends with it. Tagged pictures stay in the project until somebody deletes them there.</p>
      {present.untagged > 0 && (
        <Check
          label={`Erase the ${pictures(present.untagged)} that nobody has tagged, too`}
          value={isErasing}
          onValue={setErasing}
        />
      )}
      <p class="quiet small">The camera starts anew; the others go on.</p>
    </Confirm>
  );
}

function Erasing({ camera, present, onClose, onDone }: Leaving) {
  const gone = useRef(0);
  const erasing = useDoing(async () => {
    gone.current = await eraseSnapshots(camera);
  });
  return (
    <Confirm
      title={`Erase ${pictures(present.untagged)}?`}
      verb="Erase"
      doing={erasing}
      onClose={onClose}
      onDone={() => onDone(`${pictures(gone.current)} erased`)}
    >
      <p>
        Those of {camera} in {present.settings?.project} that nobody has tagged. They are gone at once and for good, and
        do not come back into the caps.
      </p>
    </Confirm>
  );
}
