import { may, maySeeRealPixels } from "../api/session";
import { listRecordings, type Recording, recordingAddress } from "../api/system";
import { useLoad } from "../api/use";
import { stamp } from "../charts/days";
import { duration } from "../charts/likely";
import { size } from "../charts/sizes";
import { link } from "../router";
import { Card, Empty, Page, Select, Table } from "../ui";
import { useCameras } from "./cameras-known";
import { choose, chosen, chosenZone } from "./choice";
import { Shown } from "./shown";

/** Video that was kept, where that is switched on. Opening it is written into the audit log. */
export default function RecordingsPage() {
  return (
    <Page title="Recordings" lead="Real pictures of people. Every one that you open is noted in the audit log.">
      <Card>{maySeeRealPixels() ? <Chosen /> : <NoRight />}</Card>
    </Page>
  );
}

function NoRight() {
  return (
    <Empty title="Recordings are not open to you.">
      <p>
        They show people as they are. An administrator can give you that right on the page{" "}
        {may("admin") ? <a href={link("users")}>Users</a> : "Users"}.
      </p>
    </Empty>
  );
}

function Chosen() {
  const camera = chosen("camera");
  const cameras = useCameras().data ?? [];
  const recordings = useLoad(camera, (signal) => listRecordings(camera, signal));
  return (
    <>
      <div class="choices">
        <Select
          label="Camera"
          value={camera}
          onValue={(name) => choose({ camera: name })}
          options={[["", "All cameras"], ...cameras.map(({ name }) => [name, name] as const)]}
        />
      </div>
      <Shown of={recordings}>
        {({ is_on, recordings: all }) => (all.length > 0 ? <List all={all} /> : <Nothing isOn={is_on} />)}
      </Shown>
    </>
  );
}

function Nothing({ isOn }: { isOn: boolean }) {
  if (isOn) return <Empty title="Nothing is recorded yet." />;
  return (
    <Empty title="Nothing is recorded.">
      <p>No picture is kept unless somebody switches recording on in the configuration.</p>
    </Empty>
  );
}

function List({ all }: { all: readonly Recording[] }) {
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
