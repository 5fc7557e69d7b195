import { describe, expect, it } from "vitest";
import {
  addDays,
  clock,
  dayOf,
  hoursOf,
  isDay,
  momentOf,
  spanOf,
  spelt,
  stamp,
  startOf,
  wallOf,
  zones,
} from "../../src/charts/days";

describe("days of a time zone", () => {
  it.each([
    ["2026-11-21", "UTC", "2026-11-21T00:00:00.000Z", "an ordinary day"],
    ["2026-11-21", "Europe/Berlin", "2026-11-20T23:00:00.000Z", "winter east of Greenwich"],
    ["2026-07-01", "Europe/Berlin", "2026-06-30T22:00:00.000Z", "summer east of Greenwich"],
    ["2026-11-21", "America/New_York", "2026-11-21T05:00:00.000Z", "winter west of Greenwich"],
    ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z", "clocks go forward later that day"],
    ["2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00.000Z", "clocks go back later that day"],
    ["2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00.000Z", "clocks go forward at midnight"],
    ["2026-11-21", "Asia/Kathmandu", "2026-11-20T18:15:00.000Z", "three quarters of an hour"],
    ["2026-11-21", "Pacific/Kiritimati", "2026-11-20T10:00:00.000Z", "fourteen hours ahead"],
  ])("%s begins in %s at %s: %s", (day, zone, utc) => {
    expect(startOf(day, zone).toISOString()).toBe(utc);
    expect(dayOf(startOf(day, zone), zone)).toBe(day);
  });

  it.each([
    ["2026-11-21", 24],
    ["2026-03-29", 23],
    ["2026-10-25", 25],
  ])("%s has %d hours in Berlin", (day, hours) => {
    expect(hoursOf(day, "Europe/Berlin")).toHaveLength(hours);
  });

  it.each([
    ["2026-11-21T17:05", "UTC", "2026-11-21T17:05:00.000Z"],
    ["2026-11-21T17:05", "Europe/Berlin", "2026-11-21T16:05:00.000Z"],
    ["2026-07-01T00:30", "Europe/Berlin", "2026-06-30T22:30:00.000Z"],
    ["2026-03-29T03:30", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
    ["2026-11-21T00:05", "America/New_York", "2026-11-21T05:05:00.000Z"],
    ["2026-11-21T23:59", "Asia/Kathmandu", "2026-11-21T18:14:00.000Z"],
  ])("clocks that show %s in %s mean %s, and back", (wall, zone, utc) => {
    expect(momentOf(wall, zone)?.toISOString()).toBe(utc);
    expect(wallOf(new Date(utc), zone)).toBe(wall);
  });

  it.each(["", "soon", "2026-13-21T17:05"])("%j is no date and time", (text) => {
    expect(momentOf(text, "UTC")).toBeNull();
  });

  it("counts days over the ends of months and years", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2028-03-01", -1)).toBe("2028-02-29");
  });

  it("gives spans without gaps", () => {
    const [one, next] = [spanOf("2026-10-25", "Europe/Berlin"), spanOf("2026-10-26", "Europe/Berlin")];
    expect(one.to).toBe(next.from);
    expect(spanOf("2026-10-25", "Europe/Berlin", 2).to).toBe(next.to);
  });

  it("says moments on the clock of the zone", () => {
    expect(clock("2026-11-21T16:05:09Z", "Europe/Berlin")).toBe("17:05");
    expect(stamp("2026-11-21T23:05:09Z", "Europe/Berlin")).toBe("2026-11-22 00:05:09");
    expect(spelt("2026-11-21")).toMatch(/^Saturday,? 21 November 2026$/);
  });

  it("knows a day when it sees one", () => {
    expect(isDay("2026-11-21")).toBe(true);
    expect(isDay("2026-13-21")).toBe(false);
    expect(isDay("yesterday")).toBe(false);
  });

  it("offers the browser's zone first", () => {
    const { own, all } = zones();
    expect(all[0]).toBe(own);
    expect(all).toContain("UTC");
  });
});
