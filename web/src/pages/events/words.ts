// What an event says, in words.

import type { EventAnswer } from "../../api/events";
import { type WayNames, wayKey } from "../../charts/hours";
import { duration } from "../../charts/likely";

export const TYPES = [
  ["personLineEvent", "Crossed a line"],
  ["personZoneEnterExitEvent", "Came into or left a zone"],
  ["personZoneDwellTimeEvent", "A visit of a zone is over"],
  ["personCountEvent", "People in a zone"],
  ["personDistanceEvent", "Distances between people"],
  ["cameraCalibrationEvent", "Calibration of a camera"],
] as const;

type Properties = Readonly<Record<string, unknown>>;

/** Crossed `door` to the right; where somebody has named the ways over it: `door: in`. */
export function inWords({ type, camera, region, body }: EventAnswer, ways: ReadonlyMap<string, WayNames>): string {
  const properties = propertiesOf(body);
  switch (type) {
    case "personLineEvent":
      return crossed(region, properties.status === "CrossLeft" ? "left" : "right", ways.get(wayKey(camera, region)));
    case "personZoneEnterExitEvent":
      return properties.status === "Exit" ? `Left ${region}` : `Came into ${region}`;
    case "personZoneDwellTimeEvent":
      return `Was in ${region} for ${duration(numberOf(properties.dwellTime) / 1000)}`;
    case "personCountEvent":
      return `${people(numberOf(properties.personCount))} in ${region}`;
    case "personDistanceEvent":
      return distance(region, properties);
    default:
      return TYPES.find(([key]) => key === type)?.[1] ?? type;
  }
}

function crossed(line: string, way: keyof WayNames, names: WayNames | undefined): string {
  return names?.[way] ? `Crossed ${line}: ${names[way]}` : `Crossed ${line} to the ${way}`;
}

function distance(region: string, properties: Properties): string {
  const name = { TooClose: "too close", TooFar: "too far apart" }[String(properties.eventName)];
  const many = people(numberOf(properties.personCount));
  return name ? `${many} in ${region}, some ${name}` : `${many} in ${region}`;
}

/** How sure it is, as a share; null where the event does not say. */
export function certaintyOf({ body }: EventAnswer): number | null {
  const { certainty } = propertiesOf(body);
  return typeof certainty === "number" ? certainty : null;
}

function propertiesOf(body: EventAnswer["body"]): Properties {
  const [first] = Array.isArray(body.events) ? (body.events as readonly unknown[]) : [];
  const properties = isObject(first) ? first.properties : undefined;
  return isObject(properties) ? properties : {};
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null;
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function people(count: number): string {
  return count === 1 ? "1 person" : `${count} people`;
}
