// What the reader has chosen to see: kept in the address, so that it can be sent to somebody else.

import { dayOf, isDay, zones } from "../charts/days";
import { go, link, place } from "../router";

const ZONE_KEY = "footfall-time-zone";

/** One value of the address, or `other` where it is not given. */
export function chosen(name: string, other = ""): string {
  return place.value.query.get(name) || other;
}

/** Put values into the address; empty ones leave it. */
export function choose(values: Readonly<Record<string, string>>): void {
  const query = new URLSearchParams(place.value.query);
  for (const [name, value] of Object.entries(values)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  go(`${link(...place.value.parts)}${query.size ? `?${query}` : ""}`, { replace: true });
}

/** The time zone of days and hours: of the address, else the last one chosen here, else the browser's. */
export function chosenZone(): string {
  const wanted = chosen("tz") || localStorage.getItem(ZONE_KEY) || "";
  return isZone(wanted) ? wanted : zones().own;
}

export function chooseZone(zone: string): void {
  localStorage.setItem(ZONE_KEY, zone);
  choose({ tz: zone });
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name !== "";
  } catch {
    return false;
  }
}

/** The day of the address, else today. */
export function chosenDay(zone: string, name = "day"): string {
  const day = chosen(name);
  return isDay(day) ? day : dayOf(new Date(), zone);
}
