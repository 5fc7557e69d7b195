import { describe, expect, it } from "vitest";
import type { EventAnswer } from "../../../src/api/events";
import { wayKey } from "../../../src/charts/hours";
import { certaintyOf, inWords } from "../../../src/pages/events/words";

const event = (type: string, properties: object): EventAnswer => ({
  id: "1",
  camera: "front",
  at: "2026-11-21T10:00:00.000Z",
  type,
  region: "door",
  track_id: "",
  body: { events: [{ type, properties }] },
});

describe("events in words", () => {
  it.each([
    ["personLineEvent", { status: "CrossRight" }, "Crossed door to the right"],
    ["personLineEvent", { status: "CrossLeft" }, "Crossed door to the left"],
    ["personZoneEnterExitEvent", { status: "Enter" }, "Came into door"],
    ["personZoneEnterExitEvent", { status: "Exit" }, "Left door"],
    ["personZoneDwellTimeEvent", { status: "Exit", dwellTime: 65_000 }, "Was in door for 1 min 5 s"],
    ["personCountEvent", { personCount: 1 }, "1 person in door"],
    ["personDistanceEvent", { personCount: 3, eventName: "TooClose" }, "3 people in door, some too close"],
    ["personDistanceEvent", { personCount: 0, eventName: "unknown" }, "0 people in door"],
    ["cameraCalibrationEvent", {}, "Calibration of a camera"],
    ["somethingNew", {}, "somethingNew"],
  ])("%s %j: %s", (type, properties, words) => expect(inWords(event(type, properties), new Map())).toBe(words));

  it("calls the ways over a line as people do", () => {
    const ways = new Map([[wayKey("front", "door"), { right: "in", left: "" }]]);
    expect(inWords(event("personLineEvent", { status: "CrossRight" }), ways)).toBe("Crossed door: in");
    expect(inWords(event("personLineEvent", { status: "CrossLeft" }), ways)).toBe("Crossed door to the left");
  });

  it("says how sure an event is, where it says so", () => {
    expect(certaintyOf(event("personLineEvent", { certainty: 0.97 }))).toBe(0.97);
    expect(certaintyOf(event("personLineEvent", {}))).toBeNull();
    expect(certaintyOf({ ...event("personLineEvent", {}), body: {} })).toBeNull();
  });
});
