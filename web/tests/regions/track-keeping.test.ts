import { expect, test } from "vitest";
import { withTracks } from "../../src/pages/regions/track-keeping";

test.each([
  ["a plain file gets a section", "cameras: []", "cameras: []\nservice:\n  tracks_hours: 24\n"],
  [
    "a section gets a line with its own indent",
    "service: # kept\n    events_days: 3\ncameras: []\n",
    "service: # kept\n    tracks_hours: 24\n    events_days: 3\ncameras: []\n",
  ],
  [
    "what was off is on",
    "service:\n  tracks_hours: 0\n  events_days: 3\n",
    "service:\n  tracks_hours: 24\n  events_days: 3\n",
  ],
  [
    "of another section nothing is touched",
    "a:\n  tracks_hours: 0\n",
    "a:\n  tracks_hours: 0\nservice:\n  tracks_hours: 24\n",
  ],
  ["a section in braces is left to people", "service: {events_days: 3}\n", null],
  ["JSON is left to people", '{"cameras": []}', null],
])("%s", (_, text, expected) => {
  expect(withTracks(text)).toBe(expected);
});
