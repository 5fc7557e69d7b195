// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Regions } from "../../src/api/regions";
import { type Role, type Session, session } from "../../src/api/session";
import { RegionEditor } from "../../src/pages/regions/region-editor";

const FIRST: Regions = {
  size: { width: 640, height: 360 },
  regions: { lines: [], zones: [], masks: [], floor: null },
  version: 1,
};
/** Opens, and brings no picture. */
class SilentLine {
  static readonly CONNECTING = 0;
  readyState = 1;
  close(): void {}
}

let asked: string[];

beforeEach(() => {
  asked = [];
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", SilentLine);
  vi.stubGlobal("fetch", async (where: string) => {
    asked.push(where.replace(/.*\//, ""));
    return Response.json({ findings: [], counts: [], dwell_s: {}, recorded_s: 60 });
  });
});
afterEach(async () => {
  await act(() => render(null, document.body));
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test.each<[Role, string[]]>([
  ["viewer", []],
  ["operator", ["check", "preview"]],
])("what the service is asked about a drawing by a %s", async (role, expected) => {
  session.value = { name: "ben", role } as Session;
  await act(() => render(<RegionEditor camera="front" first={FIRST} />, document.body));
  await act(async () => void (await vi.advanceTimersByTimeAsync(5000)));
  expect(asked).toEqual(expected);
});
