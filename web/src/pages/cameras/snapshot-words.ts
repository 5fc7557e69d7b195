// What keeping pictures to learn from means, in words. Pure.

import type { SnapshotSettings, Snapshots } from "../../api/snapshots";
import type { Tone } from "../../ui";
import { days, pictures } from "../vision/words";

export const STANDING: Readonly<Record<Snapshots["state"], readonly [Tone, string]>> = {
  off: ["neutral", "Off"],
  on: ["accent", "Pictures are kept"],
  full: ["neutral", "The cap is reached: no more are taken"],
  failed: ["warn", "No picture can be kept"],
};

export const DEFAULTS: SnapshotSettings = {
  project: "",
  consent: "",
  given_by: "",
  of: "people",
  every: 30,
  a_day: 50,
  in_all: 500,
  days: 30,
};

/** What is kept, how many, how long, and who sees it. */
export function promise({ of, every, a_day, in_all, days: kept }: SnapshotSettings): string {
  const what = of === "people" ? "of one person, cut out" : "of everything, after privacy masks";
  return (
    `While somebody is there, a picture is kept every ${every} s, ${what}: at most ${pictures(a_day)} a day and ${in_all} in all. ` +
    `Each is encrypted with a key of its own and stays on this machine. What nobody has tagged is erased after ${days(kept)}. ` +
    "Operators and administrators who see all cameras can look at them, and programs with a training key."
  );
}
