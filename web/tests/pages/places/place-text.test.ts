import { expect, test } from "vitest";
import { withChangedPlace, withoutPlace, withPlace } from "../../../src/pages/places/place-text";

const DOORS = [
  { camera: "front", region: "hall", isTurned: false },
  { camera: "back", region: 'the "gate"', isTurned: true },
];
const ITEM = ['- name: "shop"', '  doors: ["front/hall+", "back/the \\"gate\\"-"]'];
const indented = (indent: string): string => ITEM.map((line) => `${indent}${line}\n`).join("");

test.each([
  ["a plain file gets a section", "cameras: []", `cameras: []\noccupancy:\n${indented("  ")}`],
  [
    "a section gets an item with its own indent",
    "occupancy: # ours\n# doors\n- name: yard\n  doors: [gate+]\ncameras: []\n",
    `occupancy: # ours\n${indented("")}# doors\n- name: yard\n  doors: [gate+]\ncameras: []\n`,
  ],
  ["an empty section is left to people", "occupancy:\ncameras: []\n", null],
  ["a section in brackets is left to people", "occupancy: [{name: yard, doors: [gate+]}]\n", null],
  ["JSON is left to people", '{"cameras": []}', null],
])("%s", (_, text, expected) => {
  expect(withPlace(text, { name: "shop", doors: DOORS })).toBe(expected);
});

const BLOCK = `cameras: []
occupancy:
  # of the house
  - name: yard
    doors: [gate+]

  # the front
  - name: shop
    doors:
    - front/hall+
    anchors: [{at: "04:00", people: 0}]
# the end
fps: 10
`;
const SHOP = { name: "shop", doors: ["front/hall+"], anchors: [{ at: "04:00", people: 0 }] };
const MEANS = { occupancy: [{ name: "yard", doors: ["gate+"] }, SHOP] };

test("another place in the place of one: what else is said of it stays, as does all around it", () => {
  const changed = withChangedPlace(BLOCK, MEANS, "shop", { name: "store", doors: DOORS.slice(1) });
  expect(changed).toBe(
    BLOCK.replace(
      /- name: shop[^#]*/,
      `- name: "store"\n    doors: ["back/the \\"gate\\"-"]\n    anchors: [{"at":"04:00","people":0}]\n`,
    ),
  );
});

test("a door without a camera stays without one", () => {
  const doors = [{ camera: "", region: "gate", isTurned: false }];
  expect(withChangedPlace(BLOCK, MEANS, "yard", { name: "yard", doors })).toBe(
    BLOCK.replace("- name: yard\n    doors: [gate+]", '- name: "yard"\n    doors: ["gate+"]'),
  );
});

test("one is taken out", () => {
  expect(withoutPlace(BLOCK, MEANS, "yard")).toBe(BLOCK.replace("  - name: yard\n    doors: [gate+]\n", ""));
});

test("the last one is taken out with its section", () => {
  const text = "fps: 10\noccupancy:\n- {name: shop, doors: [front/hall+]}\ncameras: []\n";
  const means = { occupancy: [{ name: "shop", doors: ["front/hall+"] }] };
  expect(withoutPlace(text, means, "shop")).toBe("fps: 10\ncameras: []\n");
  expect(withChangedPlace(text, means, "shop", { name: "shop", doors: DOORS })).toBe(
    `fps: 10\noccupancy:\n${indented("")}cameras: []\n`,
  );
});

test.each([
  ["a comment in it would be lost", "occupancy:\n- name: shop # ours\n  doors: [front/hall+]\n"],
  ["it is not written as a list", "occupancy: [{name: shop, doors: [front/hall+]}]\n"],
  ["more is meant than is written", "occupancy:\n- {name: yard, doors: [gate+]}\n- *shop\n- *shop\n"],
  ["it is not there", "occupancy:\n- {name: yard, doors: [gate+]}\n"],
  ["there is no section", "fps: 10\n"],
])("left to people: %s", (_, text) => {
  const means = { occupancy: text.includes("yard") ? MEANS.occupancy.slice(0, 1) : [SHOP] };
  expect([
    withoutPlace(text, means, "shop"),
    withChangedPlace(text, means, "shop", { name: "shop", doors: DOORS }),
  ]).toEqual([null, null]);
});
