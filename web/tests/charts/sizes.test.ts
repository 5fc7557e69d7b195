import { expect, it } from "vitest";
import { size } from "../../src/charts/sizes";

it.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1500, "1.5 kB"],
  [25_000_000, "25 MB"],
  [5.24e15, "5240 TB"],
])("%d bytes are %s", (bytes, words) => expect(size(bytes)).toBe(words));
