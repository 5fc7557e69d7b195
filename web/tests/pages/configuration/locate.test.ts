import { describe, expect, it } from "vitest";
import { lineOf } from "../../../src/pages/configuration/locate";

const YAML = `# cameras of the shop
fps: 10

cameras:
  - name: front
    url: rtsp://10.0.0.7/1
    lines:
      - {name: door, points: [[0.2, 0.6], [0.8, 0.6]]}
      - name: gate
        points: [[0.2, 0.6], [0.8, 0.6]]
  -
    name: back
    url: rtsp://10.0.0.8/1
sinks:
- "-"
- mqtt://broker/events
`;

const JSON_TEXT = JSON.stringify(
  {
    fps: 10,
    cameras: [
      { name: "front", url: "x" },
      { name: "back", url: "y" },
    ],
  },
  null,
  2,
);

describe("the line of a path", () => {
  it.each([
    ["$.fps", 2],
    ["$.cameras", 4],
    ["$.cameras[0]", 5],
    ["$.cameras[0].name", 5],
    ["$.cameras[0].url", 6],
    ["$.cameras[0].lines[1].points", 10],
    ["$.cameras[1].url", 13],
    ["$.sinks[1]", 16],
  ])("%s is line %d", (path, line) => expect(lineOf(YAML, path)).toBe(line));

  it("ends at the line of what is written in one line", () => {
    expect(lineOf(YAML, "$.cameras[0].lines[0].points[1]")).toBe(8);
  });

  it("ends at the parent of what is missing", () => {
    expect(lineOf(YAML, "$.cameras[0].login.user")).toBe(5);
  });

  it.each([
    ["$.fps", 2],
    ["$.cameras[1].url", 10],
  ])("reads JSON, too: %s", (path, line) => expect(lineOf(JSON_TEXT, path)).toBe(line));

  it("knows no line of the whole", () => {
    expect(lineOf(YAML, "$")).toBeNull();
    expect(lineOf("", "$.cameras[0]")).toBeNull();
  });
});
