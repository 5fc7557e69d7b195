// All cameras: whether they run, why not, and how well they keep up.

import { type Camera, listCameras } from "../api/cameras";
import { mayAddCameras } from "../api/session";
import { useLoad } from "../api/use";
import { ErrorNote, LinkButton, Page, Spinner } from "../ui";
import { CameraRow } from "./cameras/row";
import { useTurn } from "./cameras/turn";
import { NoCamera } from "./no-camera";

const EVERY_MS = 2000;
const STILL_MS = 10_000;

export default function Cameras() {
  const loaded = useLoad("cameras", listCameras, EVERY_MS);
  const add = mayAddCameras() && (loaded.data?.length ?? 0) > 0 && (
    <LinkButton to="#/cameras/add" kind="main" icon="add">
      Add camera
    </LinkButton>
  );
  return (
    <Page title="Cameras" lead={summary(loaded.data)} actions={add}>
      <ErrorNote error={loaded.error} />
      {loaded.isLoading && <Spinner />}
      {loaded.data && <List cameras={loaded.data} />}
    </Page>
  );
}

function List({ cameras }: { cameras: readonly Camera[] }) {
  const turn = useTurn(STILL_MS);
  if (!cameras.length) return <NoCamera />;
  return (
    <div class="camera-list">
      {cameras.map((camera) => (
        <CameraRow key={camera.name} camera={camera} turn={turn} />
      ))}
    </div>
  );
}

/** One sentence on all cameras; a blank keeps the room while there are none. */
function summary(cameras: readonly Camera[] | undefined): string {
  if (!cameras?.length) return "\u00a0";
  const enabled = cameras.filter((camera) => camera.is_enabled);
  const running = enabled.filter((camera) => camera.state === "running").length;
  const people = enabled.reduce((sum, camera) => sum + camera.people, 0);
  return `${running} of ${enabled.length} running, ${people} ${people === 1 ? "person" : "people"} in view`;
}
