import type { Filter } from "../../api/events";
import { Button, Field, Select } from "../../ui";
import { useCameras } from "../cameras-known";
import { choose } from "../choice";
import { TYPES } from "./words";

/** Which events are shown; kept in the address. Times are those of this browser. */
export function Filters({ filter }: { filter: Filter }) {
  const all = useCameras().data ?? [];
  const cameras = all.filter(({ name }) => filter.camera === "" || name === filter.camera);
  const regions = [...new Set(cameras.flatMap(({ regions: { lines, zones } }) => [...lines, ...zones]))];
  const isAny = Object.values(filter).some((value) => value !== "");
  return (
    <div class="choices">
      <Select
        label="Camera"
        value={filter.camera}
        onValue={(camera) => choose({ camera, region: "" })}
        options={[["", "All cameras"], ...all.map(({ name }) => [name, name] as const)]}
      />
      <Select
        label="What"
        value={filter.type}
        onValue={(type) => choose({ type })}
        options={[["", "Everything"], ...TYPES]}
      />
      <Select
        label="Line or zone"
        value={filter.region}
        onValue={(region) => choose({ region })}
        options={[["", "All"], ...regions.map((name) => [name, name] as const)]}
      />
      <Field
        label="From"
        type="datetime-local"
        value={local(filter.from)}
        onValue={(from) => choose({ from: utc(from) })}
      />
      <Field label="Until" type="datetime-local" value={local(filter.to)} onValue={(to) => choose({ to: utc(to) })} />
      {isAny && (
        <Button onClick={() => choose({ camera: "", type: "", region: "", from: "", to: "" })}>Show all</Button>
      )}
    </div>
  );
}

/** RFC 3339 -> what an input for local times shows. */
function local(at: string): string {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return "";
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function utc(value: string): string {
  const moment = new Date(value);
  return Number.isNaN(moment.getTime()) ? "" : moment.toISOString();
}
