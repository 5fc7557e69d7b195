import type { Camera } from "../api/cameras";
import { zones } from "../charts/days";
import { Card, Page, Select, Tabs } from "../ui";
import { useCameras } from "./cameras-known";
import { choose, chooseZone, chosen, chosenZone } from "./choice";
import { NoCamera } from "./no-camera";
import { Compare } from "./numbers/compare";
import { Day } from "./numbers/day";
import { Download } from "./numbers/download";
import { Heat } from "./numbers/heat";
import { NowCard } from "./numbers/now";
import type { View } from "./numbers/view";
import { Visits } from "./numbers/visits";
import { Shown } from "./shown";
import "./numbers/numbers.css";

const TABS = [
  ["day", "By the hour"],
  ["visits", "Visits and queues"],
  ["heat", "Heat map"],
  ["compare", "Compare days"],
  ["download", "Download"],
] as const;

/** How many, how long, where; always with the likely range. */
export default function NumbersPage() {
  const cameras = useCameras();
  return (
    <Page
      title="Numbers"
      lead="No count of a camera is exact. 12 (11 to 16) means: 12 were counted, and 19 times out of 20 the truth lies between 11 and 16."
    >
      <Shown of={cameras}>
        {(all) =>
          all.length === 0 ? (
            <NoCamera />
          ) : (
            <>
              <NowCard />
              <Chosen all={all} />
            </>
          )
        }
      </Shown>
    </Page>
  );
}

function Chosen({ all }: { all: readonly Camera[] }) {
  const [zone, tab] = [chosenZone(), chosen("view", "day")];
  const camera = all.some(({ name }) => name === chosen("camera")) ? chosen("camera") : "";
  const view = { cameras: camera ? all.filter(({ name }) => name === camera) : all, camera, zone };
  return (
    <Card>
      <div class="choices">
        <Select
          label="Camera"
          value={camera}
          onValue={(name) => choose({ camera: name })}
          options={[["", "All cameras"], ...all.map(({ name }) => [name, name] as const)]}
        />
        <Select
          label="Time zone"
          value={zone}
          onValue={chooseZone}
          options={zones().all.map((name) => [name, name] as const)}
        />
      </div>
      <Tabs label="Numbers" tabs={TABS} chosen={tab} onChoose={(key) => choose({ view: key })}>
        <Panel tab={tab} view={view} />
      </Tabs>
    </Card>
  );
}

function Panel({ tab, view }: { tab: string; view: View }) {
  if (tab === "visits") return <Visits {...view} />;
  if (tab === "heat") return <Heat {...view} />;
  if (tab === "compare") return <Compare {...view} />;
  if (tab === "download") return <Download {...view} />;
  return <Day {...view} />;
}
