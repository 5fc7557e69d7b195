import { expect, test } from "vitest";
import type { Camera } from "../../src/api/cameras";
import { EMPTY, nameFor, settingsOf, withoutLogin } from "../../src/pages/cameras/form";
import { advice, dropped, lag, plainUrl, rate, reasonOf, withoutAddress } from "../../src/pages/cameras/words";
import { passwordProblem } from "../../src/pages/password";

const camera = (told: Partial<Camera>): Camera =>
  ({ state: "running", reason: "", reason_code: "", counts: {}, lag_s: 0.1, clock_offset_s: null, ...told }) as Camera;

test.each([
  ["unauthorized: rtsp://***:***@10.0.0.7/live: Server returned 401", "unauthorized", "Server returned 401."],
  ["timeout: front: silent for 3 s", "timeout", "Front: silent for 3 s."],
  ["", "", ""],
])("the reason %j is said as a sentence", (reason, reason_code, words) => {
  expect(reasonOf(camera({ reason, reason_code }))).toBe(words);
});

test.each([
  [{ frames_in: 1000 }, "none"],
  [{ frames_in: 100_000, frames_dropped: 1 }, "<0.1 %"],
  [{ frames_in: 1000, frames_dropped: 25 }, "2.5 %"],
  [{}, "none"],
])("of %j frames were dropped: %s", (counts: Record<string, number>, words) => {
  expect(dropped(camera({ counts }))).toBe(words);
});

test("figures have the digits that mean something", () => {
  expect([rate(9.96), rate(9.94), rate(0.5), lag(0.072), lag(0.31)]).toEqual(["10", "9.9", "0.5", "72 ms", "0.3 s"]);
});

test("a camera that lags or has a wrong clock says what to do", () => {
  expect(advice(camera({ lag_s: 2.4 }))).toContain("2.4 s old");
  expect(advice(camera({ clock_offset_s: -5 }))).toContain("clock");
  expect(advice(camera({}))).toBe("");
  expect(advice(camera({ state: "failed", lag_s: 9 }))).toBe("");
});

test.each([
  ["rtsp://admin:p%40ss@10.0.0.7/live", "rtsp://10.0.0.7/live", "admin", "p@ss"],
  ["rtsp://admin:p@ss:1@10.0.0.7/live", "rtsp://10.0.0.7/live", "admin", "p@ss:1"],
  ["rtsp://u:a/b@c@10.0.0.7:554/x", "rtsp://10.0.0.7:554/x", "u", "a/b@c"],
  ["rtsp://10.0.0.7:554/a@b", "rtsp://10.0.0.7:554/a@b", "", ""],
  [" rtsp://10.0.0.7/a@b ", "rtsp://10.0.0.7/a@b", "", ""],
])("the login pasted in %j goes where it is kept sealed", (pasted, url, user, password) => {
  const form = withoutLogin({ ...EMPTY, url: pasted });
  expect([form.url, form.user, form.password]).toEqual([url, user, password]);
});

test("no login is sent where none was given", () => {
  expect(settingsOf({ ...EMPTY, url: "rtsp://h/1" })).toEqual({
    url: "rtsp://h/1",
    transport: "tcp",
    fps: 10,
    width: 640,
  });
});

test("what is said of an address stands without it", () => {
  expect(withoutAddress("rtsp://10.0.0.7:554/live: the camera answers 401")).toBe("the camera answers 401");
  expect(withoutAddress("the camera answers 401")).toBe("the camera answers 401");
});

test("names and addresses", () => {
  expect([nameFor("rtsp://10.0.0.7:554/x"), nameFor("clip.mp4")]).toEqual(["camera 10.0.0.7", ""]);
  expect(plainUrl("rtsp://***:***@h/1")).toBe("rtsp://h/1");
});

test.each([
  ["eleven char", "1 more character"],
  ["twelve chars", undefined],
  ["", "12 more characters"],
])("the password %j: %s", (password, problem) => {
  expect(passwordProblem(password)).toBe(problem);
});
