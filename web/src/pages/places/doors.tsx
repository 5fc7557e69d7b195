// Doors to choose: lines and zones, and which way over them is in.

import type { LineRegion } from "../../api/regions";
import { Check, Select } from "../../ui";
import { useCameras, useDrawings } from "../cameras-known";
import { type Door, isPassable, isTurned, keyOf } from "./door";

export interface Choice extends Door {
  readonly title: string;
  /** What people call the ways over it. */
  readonly words: { readonly right: string; readonly left: string };
}

/** Every line and passable zone of every camera, and those of `present`; null while they are loaded. */
export function useChoices(present: readonly Door[]): readonly Choice[] | null {
  const cameras = useCameras().data;
  const drawings = useDrawings((cameras ?? []).map(({ name }) => name));
  if (drawings.size !== cameras?.length) return null;
  const drawn = [...drawings].flatMap(([camera, { lines, zones }]) => [
    ...lines.map((line) => ofLine(camera, line)),
    ...zones.filter(isPassable).map(({ name }) => ofZone(camera, name)),
  ]);
  const keys = new Set(drawn.map(keyOf));
  return [...drawn, ...present.filter((door) => !keys.has(keyOf(door))).map(asWritten)];
}

function ofLine(camera: string, line: LineRegion): Choice {
  const { right, left } = line.names;
  const words = { right: right || "to the right", left: left || "to the left" };
  return { camera, region: line.name, isTurned: isTurned(line), title: `${line.name} (${camera})`, words };
}

function ofZone(camera: string, region: string): Choice {
  const words = { right: "into the zone", left: "out of the zone" };
  return { camera, region, isTurned: false, title: `${region} (${camera}, zone)`, words };
}

function asWritten(door: Door): Choice {
  const words = { right: "to the right, or into it", left: "to the left, or out of it" };
  return { ...door, title: `${door.region} (${door.camera || "any camera"})`, words };
}

interface DoorProps {
  readonly choice: Choice;
  /** null: not one of its doors. */
  readonly door: Door | null;
  readonly onDoor: (door: Door | null) => void;
}

export function DoorFields({ choice: { words, title, ...usual }, door, onDoor }: DoorProps) {
  return (
    <div class="stack">
      <Check label={title} value={door !== null} onValue={(isOn) => onDoor(isOn ? usual : null)} />
      {door && (
        <Select
          label={`Into the place over ${title}`}
          value={door.isTurned ? "left" : "right"}
          onValue={(way) => onDoor({ ...door, isTurned: way === "left" })}
          options={[
            ["right", words.right],
            ["left", words.left],
          ]}
        />
      )}
    </div>
  );
}
