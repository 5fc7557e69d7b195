// All cameras as a wall, or one of them large.

import { type Camera, listCameras } from "../api/cameras";
import { useLoad } from "../api/use";
import { link } from "../router";
import type { PageProps } from "../routes";
import { Empty, ErrorNote, Page, Spinner, StateDot } from "../ui";
import { STATE } from "./cameras/words";
import { OneCamera } from "./live/one";
import { LiveView } from "./live/view";
import { NoCamera } from "./no-camera";

const EVERY_MS = 3000;

export default function Live({ params }: PageProps) {
  const loaded = useLoad("cameras", listCameras, EVERY_MS);
  if (params.camera !== undefined) {
    const camera = loaded.data?.find((one) => one.name === params.camera);
    if (camera) return <OneCamera camera={camera} />;
  }
  return (
    <Page title="Live" lead="People are drawn as boxes on an empty picture." isWide>
      <ErrorNote error={loaded.error} />
      {loaded.isLoading && <Spinner />}
      {params.camera !== undefined && loaded.data && <Empty title={`There is no camera ${params.camera}.`} />}
      {params.camera === undefined && loaded.data && <Wall cameras={loaded.data} />}
    </Page>
  );
}

function Wall({ cameras }: { cameras: readonly Camera[] }) {
  if (!cameras.length) return <NoCamera />;
  return (
    <div class="wall">
      {cameras.map((camera) => (
        <a key={camera.name} class="wall-tile" href={link("live", camera.name)}>
          <LiveView camera={camera} view="privacy" />
          <span class="row spread">
            <strong>{camera.name}</strong>
            {camera.state === "running" ? (
              <span class="quiet">{camera.people} in view</span>
            ) : (
              <StateDot tone={STATE[camera.state][0]}>{STATE[camera.state][1]}</StateDot>
            )}
          </span>
        </a>
      ))}
    </div>
  );
}
