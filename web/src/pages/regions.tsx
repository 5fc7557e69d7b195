// Lines, zones, privacy masks and floor of one camera, drawn on its picture.

import { getRegions, type Regions } from "../api/regions";
import { useLoad } from "../api/use";
import type { PageProps } from "../routes";
import { ErrorNote, Page, Spinner } from "../ui";
import { RegionEditor } from "./regions/region-editor";

const BACK = ["#/cameras", "Cameras"] as const;

export default function RegionsPage({ params: { camera = "" } }: PageProps) {
  const loaded = useLoad<Regions>(camera, (signal) => getRegions(camera, signal));
  if (loaded.data) return <RegionEditor camera={camera} first={loaded.data} />;
  return (
    <Page title={camera} back={BACK} isWide>
      <ErrorNote error={loaded.error} />
      {loaded.isLoading && <Spinner />}
    </Page>
  );
}
