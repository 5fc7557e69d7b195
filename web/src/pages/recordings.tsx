import { useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { may, maySeeRealPixels } from "../api/session";
import { deleteRecording, listRecordings, type Recording, recordingAddress } from "../api/system";
import { useDoing, useLoad } from "../api/use";
import { stamp } from "../charts/days";
import { duration } from "../charts/likely";
import { size } from "../charts/sizes";
import { link } from "../router";
import { Button, Card, Confirm, Empty, IconButton, Page, Select, Table, toast } from "../ui";
import { useCameras } from "./cameras-known";
import { choose, chosen, chosenZone } from "./choice";
import { DeleteDialog } from "./recordings/delete-dialog";
import { Shown } from "./shown";

/** Video that was kept, where that is switched on. Opening and deleting it is written into the audit log. */
export default function RecordingsPage() {
  return maySeeRealPixels() ? <Chosen /> : <NoRight />;
}

function NoRight() {
  const cameras = useCameras().data ?? [];
  const [isDeleting, setDeleting] = useState(false);
  return (
    <Frame onDelete={may("admin") ? () => setDeleting(true) : null}>
      <Empty title="Recordings are not open to you.">
        <p>
          They show people as they are. An administrator can give you that right on the page{" "}
          {may("admin") ? <a href={link("users")}>Users</a> : "Users"}.
        </p>
      </Empty>
      {isDeleting && (
        <DeleteDialog
          cameras={cameras.map(({ name }) => name)}
          camera=""
          zone={chosenZone()}
          onClose={() => setDeleting(false)}
          onDone={() => setDeleting(false)}
        />
      )}
    </Frame>
  );
}

interface FrameProps {
  /** null: they may not. */
  readonly onDelete: (() => void) | null;
  readonly children: preact.ComponentChildren;
}

function Frame({ onDelete, children }: FrameProps) {
  return (
    <Page
      title="Recordings"
      lead="Real pictures of people. Every one that you open or delete is noted in the audit log."
      actions={
        onDelete && (
          <Button icon="remove" onClick={onDelete}>
            Delete by time
          </Button>
        )
      }
    >
      <Card>{children}</Card>
    </Page>
  );
}

function Chosen() {
  const camera = chosen("camera");
  const cameras = (useCameras().data ?? []).map(({ name }) => name);
  const recordings = useLoad(camera, (signal) => listRecordings(camera, signal));
  const [going, setGoing] = useState<Recording | "some" | null>(null);
  const close = (): void => setGoing(null);
  const done = (): void => {
    close();
    void recordings.reload();
  };
  const recorded = (recordings.data?.recordings ?? []).map((one) => one.camera);
  return (
    <Frame onDelete={() => setGoing("some")}>
      <div class="choices">
        <Select
          label="Camera"
          value={camera}
          onValue={(name) => choose({ camera: name })}
          options={[["", "All cameras"], ...cameras.map((name) => [name, name] as const)]}
        />
      </div>
      <Shown of={recordings}>
        {({ is_on, recordings: all }) =>
          all.length > 0 ? <List all={all} onDelete={setGoing} /> : <Nothing isOn={is_on} />
        }
      </Shown>
      {going === "some" && (
        <DeleteDialog
          cameras={[...new Set([...cameras, ...recorded])]}
          camera={camera}
          zone={chosenZone()}
          onClose={close}
          onDone={done}
        />
      )}
      {going && going !== "some" && <Deletion recording={going} onClose={close} onDone={done} />}
    </Frame>
  );
}

function Nothing({ isOn }: { isOn: boolean }) {
  if (isOn) return <Empty title="There are no recordings." />;
  return (
    <Empty title="Nothing is recorded.">
      <p>No picture is kept unless somebody switches recording on in the configuration.</p>
    </Empty>
  );
}

interface ListProps {
  readonly all: readonly Recording[];
  readonly onDelete: (recording: Recording) => void;
}

function List({ all, onDelete }: ListProps) {
  const zone = chosenZone();
  return (
    <Table
      caption="Recordings, newest first"
      rows={all}
      rowKey={({ id }) => id}
      columns={[
        { title: `Begin (${zone})`, cell: (one) => <Opener recording={one} zone={zone} /> },
        { title: "Camera", cell: ({ camera }) => camera, isExtra: true },
        { title: "Length", cell: lengthOf, isNumber: true },
        { title: "Size", cell: ({ size_bytes }) => size(size_bytes), isNumber: true, isExtra: true },
        {
          title: "Delete",
          cell: (one) => (
            <IconButton
              icon="remove"
              label={`Delete the recording of ${one.camera}, ${stamp(one.begin, zone)}`}
              onClick={() => onDelete(one)}
            />
          ),
        },
      ]}
    />
  );
}

function lengthOf({ begin, end }: Recording): string {
  return end === null ? "goes on" : duration((Date.parse(end) - Date.parse(begin)) / 1000);
}

function Opener({ recording: { id, camera, begin }, zone }: { recording: Recording; zone: string }) {
  return (
    <a href={recordingAddress(id)} download>
      <span class="spoken">Download the recording of {camera}, </span>
      {stamp(begin, zone)}
    </a>
  );
}

interface DeletionProps {
  readonly recording: Recording;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function Deletion({ recording, onClose, onDone }: DeletionProps) {
  const deleting = useDoing(() => gone(recording.id));
  const done = (): void => {
    toast("Deleted: 1 recording");
    onDone();
  };
  const zone = chosenZone();
  return (
    <Confirm title="Delete this recording?" verb="Delete it" doing={deleting} onClose={onClose} onDone={done}>
      <p>
        {recording.camera}, {stamp(recording.begin, zone)} ({zone}), {lengthOf(recording)}, {size(recording.size_bytes)}
        . This cannot be undone. Counts and events stay.
      </p>
    </Confirm>
  );
}

/** Deleted by this or, faster, by somebody else. */
async function gone(id: string): Promise<void> {
  try {
    await deleteRecording(id);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}
