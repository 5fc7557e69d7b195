// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ModelAtCamera } from "../../../src/api/models";
import type { Iteration } from "../../../src/api/vision-types";
import { Comparing } from "../../../src/pages/vision/comparing";
import type { Work } from "../../../src/pages/vision/use-work";
import { pass, press } from "../../page";

const RUNNING = { id: "7", state: "running", words: "", done: 1, total: 9, tags: [], running: "old", new: "new" };
const FRONT = { camera: "front", model: { words: "old.zip" } } as ModelAtCamera;
let asked: string[];
let isSlow: boolean;

beforeEach(() => {
  [asked, isSlow] = [[], false];
  vi.useFakeTimers();
  vi.stubGlobal("fetch", (where: string, { method }: RequestInit) => {
    asked.push(`${method} ${where.replace(/.*\/models\//, "")}`);
    return isSlow ? new Promise(() => undefined) : Promise.resolve(Response.json(RUNNING));
  });
});
afterEach(async () => {
  await act(() => render(null, document.body));
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a comparison that is being ended is not asked about: it may be gone", async () => {
  const work = { id: "p" } as Work;
  const iteration = { id: "i" } as Iteration;
  await act(() => render(<Comparing work={work} iteration={iteration} cameras={[FRONT]} />, document.body));
  await press("Compare with old.zip");
  await pass(1000);
  isSlow = true;
  await press("End it");
  await pass(20_000);
  expect(asked).toEqual(["POST comparisons", "GET comparisons/7", "GET comparisons/7", "DELETE comparisons/7"]);
});
