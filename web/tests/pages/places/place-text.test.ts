import { expect, test } from "vitest";
import { isTurned, withPlace } from "../../../src/pages/places/new-place";

const DOORS = [
  { camera: "front", line: "hall", isTurned: false },
  { camera: "back", line: 'the "gate"', isTurned: true },
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
  expect(withPlace(text, "shop", DOORS)).toBe(expected);
});

test.each([
  ["in", "out", false],
  ["out", " In", true],
  ["in", "in", false],
  ["", "", false],
])("where the ways are called %j and %j, in is to the left: %s", (right, left, expected) => {
  expect(isTurned({ name: "hall", points: [], names: { right, left } })).toBe(expected);
});
