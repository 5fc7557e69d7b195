import { describe, expect, it } from "vitest";
import { diff, excerpt, type Line } from "../../src/charts/diff";

const text = (...lines: string[]): string => lines.join("\n");
const rebuilt = (lines: Line[], kind: "gone" | "new"): string =>
  lines
    .filter((line) => line.kind === "same" || line.kind === kind)
    .map((line) => line.text)
    .join("\n");

describe("what changed", () => {
  it("tells one changed line from those around it", () => {
    const lines = diff(text("a", "b", "c"), text("a", "x", "c"));
    expect(lines.map((line) => `${line.kind} ${line.number} ${line.text}`)).toEqual([
      "same 1 a",
      "gone 2 b",
      "new 2 x",
      "same 3 c",
    ]);
  });

  it.each([
    ["", "a"],
    ["a", ""],
    [text("a", "b", "c", "d"), text("b", "c", "e", "d")],
    [text("a", "a", "b"), text("a", "b", "b", "a")],
    [text("x", "y"), text("x", "y")],
  ])("leads from one text to the other: %j, %j", (before, after) => {
    const lines = diff(before, after);
    expect(rebuilt(lines, "gone")).toBe(before);
    expect(rebuilt(lines, "new")).toBe(after);
  });

  it("shows what is around a change and leaves out the rest", () => {
    const many = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const other = many.map((line) => (line === "line 20" ? "changed" : line));
    const shown = excerpt(diff(many.join("\n"), other.join("\n")), 2);
    expect(shown.map((line) => line?.text ?? "…")).toEqual([
      "…",
      "line 18",
      "line 19",
      "line 20",
      "changed",
      "line 21",
      "line 22",
      "…",
    ]);
  });

  it("shows nothing where nothing changed", () => {
    expect(excerpt(diff("a\nb", "a\nb"))).toEqual([]);
  });
});
