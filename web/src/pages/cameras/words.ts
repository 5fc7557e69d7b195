// What a camera's state means, and what its user can do about it.

import type { Camera, CameraWord } from "../../api/cameras";
import type { Tone } from "../../ui";
import { sentence } from "../../words";

export const STATE: Record<CameraWord, readonly [Tone, string]> = {
  starting: ["accent", "Starting"],
  running: ["good", "Running"],
  reconnecting: ["warn", "Reconnecting"],
  failed: ["bad", "Failed"],
  stopped: ["neutral", "Stopped"],
  disabled: ["neutral", "Switched off"],
};

const CURES: Record<string, string> = {
  "not-found": "Check the address: the host's name, and the path after it.",
  refused: "The host is there, but nobody listens: check the port, and that RTSP is switched on in the camera.",
  unauthorized: "Check user and password. Many cameras lock out for ten minutes after a few wrong ones.",
  timeout: "Check that the camera has power and network, and that this machine may reach it.",
  "not-video": "The address leads to something that is no video: look for the RTSP address in the camera's settings.",
  "no-frames": "Data comes, but no picture can be decoded: set the camera to H.264, and restart it.",
  broken: "The stream is damaged on its way: try transport TCP, a cable instead of Wi-Fi, or a lower bit rate.",
  ended: "The stream ended: a camera's should not, so check that the address is not that of a recording.",
};

/** Why it does not run, as a sentence; the code and the address before it are left out. */
export function reasonOf({ reason, reason_code }: Camera): string {
  const words = reason.startsWith(`${reason_code}: `) ? reason.slice(reason_code.length + 2) : reason;
  return sentence(withoutAddress(words));
}

/** What is said after `rtsp://10.0.0.7/live: `. */
export const withoutAddress = (words: string): string => words.replace(/^\w+:\/\/\S+: /, "");

/** An address as it may be shown: where it had a login, the stars that stand for it are left out, too. */
export const plainUrl = (url: string): string => url.replace("//***:***@", "//");

/** What to do about a reason, in words; empty where nothing helps but waiting. */
export function cureOf(code: string): string {
  return CURES[code] ?? "";
}

/** `3.4`, `12`, and a dash for a camera that does not run. */
export function rate(fps: number): string {
  return fps >= 9.95 ? fps.toFixed(0) : fps.toFixed(1);
}

/** `0.2 s`, `45 ms`. */
export function lag(seconds: number): string {
  return seconds < 0.1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;
}

/** Share of the frames that came and were thrown away because the machine was busy: `none`, `0.4 %`. */
export function dropped(camera: Camera): string {
  const lost = camera.counts.frames_dropped ?? 0;
  const share = (100 * lost) / Math.max(1, camera.counts.frames_in ?? 0);
  if (!lost) return "none";
  return share < 0.1 ? "<0.1 %" : `${share.toFixed(1)} %`;
}

/** Whether it keeps up, in words; empty while all is well. */
export function advice(camera: Camera): string {
  if (camera.state !== "running") return "";
  if (camera.lag_s > 1)
    return `Pictures are ${lag(camera.lag_s)} old when they are analysed: lower this camera's frames a second, or its width.`;
  if (Math.abs(camera.clock_offset_s ?? 0) > 3) return "The camera's clock is off by more than 3 s: set it by NTP.";
  return "";
}
