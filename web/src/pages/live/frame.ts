// What the live view sends: the head's length (uint32, big-endian), the head as JSON, the picture as JPEG.

import type { Point } from "../../api/regions";

export interface Person {
  /** x0, y0, x1, y1: shares of the picture. */
  box: readonly [number, number, number, number];
  footprint: Point;
  zone_names: readonly string[];
  label: string;
}

export interface DrawnRegion {
  name: string;
  points: readonly Point[];
}

export interface Head {
  t: string;
  view: "privacy" | "real";
  size: readonly [number, number];
  people: readonly Person[];
  /** People in each zone now. */
  zones: Readonly<Record<string, number>>;
  totals: {
    lines: Readonly<Record<string, { right: number; left: number }>>;
    zones: Readonly<Record<string, { enters: number; exits: number; mean_dwell_s: number | null }>>;
  };
  regions: { lines: readonly DrawnRegion[]; zones: readonly DrawnRegion[]; masks: readonly DrawnRegion[] };
  /** Share of the empty background that is known by now; absent in the real view. */
  learnt?: number | null;
}

export interface LiveFrame {
  head: Head;
  jpeg: Blob;
}

/** Take a message apart; throws where it is cut short. */
export function unpack(message: ArrayBuffer): LiveFrame {
  const length = new DataView(message).getUint32(0);
  if (4 + length > message.byteLength) throw new RangeError("the message is shorter than its head");
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(message, 4, length))) as Head;
  return { head, jpeg: new Blob([new Uint8Array(message, 4 + length)], { type: "image/jpeg" }) };
}
