import { useState } from "preact/hooks";
import { exportAddress } from "../../api/numbers";
import { addDays, spanOf } from "../../charts/days";
import { Select } from "../../ui";
import { chosen, chosenDay } from "../choice";
import { DayChoice } from "./day-choice";
import type { View } from "./view";

const STEPS = [
  ["hour", "One row an hour"],
  ["day", "One row a day"],
  ["minute", "One row a minute"],
] as const;
const FORMATS = [
  ["csv", "CSV, for spreadsheets"],
  ["parquet", "Parquet, for programs"],
] as const;
const WEEK = 7;

/** The numbers as a file, for somebody else's tools. */
export function Download({ camera, zone }: View) {
  const [by, setBy] = useState("hour");
  const [format, setFormat] = useState("csv");
  const last = chosenDay(zone);
  const first = chosen("first") ? chosenDay(zone, "first") : addDays(last, 1 - WEEK);
  const span = { from: spanOf(first, zone).from, to: spanOf(last, zone).to };
  const file = exportAddress({ camera, ...span, tz: zone }, by, format);
  return (
    <div class="stack">
      <div class="choices roomy">
        <DayChoice zone={zone} day={first} name="first" label="First day" />
        <DayChoice zone={zone} day={last} label="Last day" />
        <Select label="Rows" value={by} onValue={setBy} options={STEPS} />
        <Select label="Format" value={format} onValue={setFormat} options={FORMATS} />
      </div>
      <p class="quiet">
        Every row has its count and both ends of the likely range. Times are UTC; days are those of {zone}.
      </p>
      <p>
        <a class="button main" href={file} download={`footfall-${first}-${last}.${format}`}>
          Download
        </a>
      </p>
    </div>
  );
}
