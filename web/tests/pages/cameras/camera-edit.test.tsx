// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Session, session } from "../../../src/api/session";
import CameraEdit from "../../../src/pages/camera-edit";
import { pass, press } from "../../page";

const CAMERA = { name: "front", url: "rtsp://10.0.0.7/", transport: "tcp", fps: 15, width: 960, is_enabled: true };
const OFF = { settings: null, state: "off", words: "", today: 0, in_all: 0, untagged: 0 };
let asked: string[];
let isSlow: boolean;

beforeEach(() => {
  [asked, isSlow] = [[], false];
  session.value = { name: "anna", role: "admin", cameras: "*", custom_vision: true } as Session;
  vi.useFakeTimers();
  vi.stubGlobal("fetch", (where: string, { method }: RequestInit) => {
    asked.push(`${method} ${where.replace(/.*\//, "")}`);
    const answer = where.endsWith("snapshots") ? OFF : where.endsWith("projects") ? [] : CAMERA;
    return isSlow ? new Promise(() => undefined) : Promise.resolve(Response.json(answer));
  });
});
afterEach(async () => {
  await act(() => render(null, document.body));
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a camera that is being removed is not asked about its pictures: it may be gone", async () => {
  await act(() => render(<CameraEdit params={{ camera: "front" }} />, document.body));
  await pass(5000);
  expect(asked).toContain("GET snapshots");
  await press("Remove camera");
  asked = [];
  isSlow = true;
  await press("Remove");
  await pass(30_000);
  expect(asked).toEqual(["DELETE front"]);
});
