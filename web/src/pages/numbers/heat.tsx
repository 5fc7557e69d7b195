import type { Camera } from "../../api/cameras";
import { getHeatmap, type Heatmap } from "../../api/numbers";
import { useLoad } from "../../api/use";
import { spanOf } from "../../charts/days";
import { Figure } from "../../charts/figure";
import { HeatLegend, HeatMap } from "../../charts/heat-map";
import { heatInWords, hottest } from "../../charts/heat-words";
import { duration } from "../../charts/likely";
import { Regions } from "../../charts/regions";
import { Empty, Select } from "../../ui";
import { useDrawings } from "../cameras-known";
import { choose, chosen, chosenDay } from "../choice";
import { Shown } from "../shown";
import { DayChoice } from "./day-choice";
import type { View } from "./view";

const PLANES = [
  ["picture", "The picture"],
  ["floor", "The floor, from above"],
] as const;

/** Where people were, on the picture or on the floor. */
export function Heat({ cameras, zone }: View) {
  const [on, day] = [chosen("on", "picture"), chosenDay(zone)];
  return (
    <div class="stack">
      <div class="choices">
        <DayChoice zone={zone} day={day} />
        <Select label="Drawn on" value={on} onValue={(value) => choose({ on: value })} options={PLANES} />
      </div>
      <div class="figures">
        {cameras.map((camera) => (
          <HeatFigure key={camera.name} camera={camera} on={on} day={day} zone={zone} />
        ))}
      </div>
    </div>
  );
}

interface HeatProps {
  readonly camera: Camera;
  readonly on: string;
  readonly day: string;
  readonly zone: string;
}

function HeatFigure({ camera, on, day, zone }: HeatProps) {
  const span = spanOf(day, zone);
  const heat = useLoad(JSON.stringify([camera.name, span, on]), (signal) => getHeatmap(camera.name, span, on, signal));
  return <Shown of={heat}>{(map) => <HeatOf camera={camera} map={map} />}</Shown>;
}

function HeatOf({ camera, map }: { camera: Camera; map: Heatmap }) {
  const drawn = useDrawings([camera.name]).get(camera.name);
  const values = map.cells.flat();
  const most = Math.max(0, ...values);
  if (most === 0) return <NobodyThere camera={camera.name} />;
  const isFloor = map.on === "floor";
  const aspect = isFloor ? 1 : pictureAspect(camera, map);
  const summary = heatInWords(map.cells);
  const over = !isFloor && drawn && <Regions drawn={drawn} width={map.columns} height={map.rows * aspect} />;
  return (
    <Figure
      title={camera.name}
      summary={summary}
      table={hottest(map.cells)}
      legend={<HeatLegend most={duration(most)} />}
    >
      <HeatMap columns={map.columns} rows={map.rows} values={values} aspect={aspect} summary={summary} over={over} />
    </Figure>
  );
}

function NobodyThere({ camera }: { camera: string }) {
  return (
    <Empty title={`${camera}: nothing to draw.`}>
      <p>
        Heat maps are made from recorded tracks, and squares that too few different people have shared are left out:
        keep tracks, and wait until more have walked by.
      </p>
    </Empty>
  );
}

/** Height over width of a cell, so that the whole has the shape of the picture. */
function pictureAspect({ size }: Camera, { columns, rows }: Heatmap): number {
  const shape = size ? size.height / size.width : 9 / 16;
  return (shape * columns) / Math.max(rows, 1);
}
