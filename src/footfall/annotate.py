"""Draws what was seen and counted onto a picture, and writes pictures to a video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import hypot
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

import av
import av.error
import cv2
import numpy as np

from footfall.core.errors import ConfigError, Problem
from footfall.core.geometry import Point
from footfall.core.types import Image, Observed, TrackObservation
from footfall.spatial.regions import Line, SpatialSpec, Zone
from footfall.spatial.totals import Totals

Colour: TypeAlias = tuple[int, int, int]
Pixel: TypeAlias = tuple[int, int]

PEOPLE: tuple[Colour, ...] = (
    (86, 180, 255), (120, 220, 120), (255, 170, 80), (200, 130, 255), (90, 230, 240), (255, 130, 170),
    (140, 255, 190), (100, 140, 255), (255, 220, 120), (190, 190, 255),
)  # fmt: skip
ZONES: tuple[Colour, ...] = ((220, 150, 60), (90, 190, 90), (200, 100, 180), (80, 170, 230))
LINE: Colour = (60, 225, 255)
INK: Colour = (28, 24, 20)
PAPER: Colour = (250, 250, 250)
FONT = cv2.FONT_HERSHEY_SIMPLEX
SUBPIXEL_BITS = 4
TICKS_HZ = 90_000
KEY_FRAME_S = 1.0
"""Between pictures that a player, or a clip of an event, can begin with."""


@dataclass(slots=True)
class Trails:
    """Where people's feet were in the last `length_s` seconds. One per video; forgets who is gone."""

    length_s: float = 1.5
    _points: dict[str, list[tuple[float, Point]]] = field(default_factory=dict)

    def update(self, observed: Observed) -> None:
        """Take the next frame."""
        for person in observed.people:
            self._points.setdefault(person.track_id, []).append((observed.t_s, person.footprint_n))
        kept = {i: [p for p in path if 0.0 <= observed.t_s - p[0] <= self.length_s] for i, path in self._points.items()}
        self._points = {track_id: path for track_id, path in kept.items() if path}

    def of(self, track_id: str) -> list[Point]:
        """Foot points, oldest first, normalised."""
        return [point for _, point in self._points.get(track_id, [])]


def draw(image: Image, observed: Observed, spatial: SpatialSpec, totals: Totals, trails: Trails | None = None) -> Image:
    """A copy of the (h, w, 3) uint8 BGR picture with regions, people, totals and media time on it.

    Boxes and regions are normalised, so that the picture may have any size. Without `trails` feet have no tails.
    """
    canvas = _Canvas(mark(image, spatial))
    for person in observed.people:
        canvas.person(person, trails.of(person.track_id) if trails else [])
    canvas.panel(_totals_text(totals))
    canvas.clock(observed.t_s, len(observed.people))
    return canvas.image


def mark(image: Image, spatial: SpatialSpec) -> Image:
    """A copy of the (h, w, 3) uint8 BGR picture with the regions on it and nothing else."""
    canvas = _Canvas(image.copy())
    for index, zone in enumerate(spatial.zones):
        canvas.zone(zone, ZONES[index % len(ZONES)])
    for line in spatial.lines:
        canvas.line(line)
    return canvas.image


def colour_of(track_id: str) -> Colour:
    """Colour that stays with an id."""
    return PEOPLE[sum((k + 1) * ord(letter) for k, letter in enumerate(track_id)) % len(PEOPLE)]


class _Canvas:
    """One picture being drawn on; strokes and letters grow with its width."""

    def __init__(self, image: Image) -> None:
        self.image = image
        self.height, self.width = image.shape[:2]
        unit = min(self.width, self.height * 16 / 9)
        self.letter = max(0.34, unit / 1750)
        self.stroke = max(1, round(unit / 640))
        self.gap = max(2, round(unit / 160))

    def zone(self, zone: Zone, colour: Colour) -> None:
        """Half-transparent area with border and name."""
        ring = np.array([self._fine(p) for p in zone.polygon_n], np.int32)
        x0, y0 = np.maximum(ring.min(axis=0) >> SUBPIXEL_BITS, 0)
        x1, y1 = (ring.max(axis=0) >> SUBPIXEL_BITS) + 2
        part = self.image[y0:y1, x0:x1]
        if part.size:
            filled = part.copy()
            offset = ring - (np.array([x0, y0]) << SUBPIXEL_BITS)
            cv2.fillPoly(filled, [offset.astype(np.int32)], colour, cv2.LINE_AA, SUBPIXEL_BITS)
            part[:] = cv2.addWeighted(filled, 0.28, part, 0.72, 0.0)
        cv2.polylines(self.image, [ring], True, colour, self.stroke, cv2.LINE_AA, SUBPIXEL_BITS)
        lowest = max(zone.polygon_n, key=lambda p: (p[1], -p[0]))
        x, y = self._pixel(lowest)
        self.label(zone.name, (x + self.gap, y - self.gap), colour)

    def line(self, line: Line) -> None:
        """The line with end points, an arrow to its right-hand side (CrossRight) and its name."""
        start, end = self._pixel(line.start_n), self._pixel(line.end_n)
        cv2.line(self.image, start, end, INK, self.stroke * 3 + 1, cv2.LINE_AA)
        cv2.line(self.image, start, end, LINE, self.stroke + 1, cv2.LINE_AA)
        for point, radius in ((start, self.gap), (end, max(2, self.gap // 2))):
            cv2.circle(self.image, point, radius, LINE, -1, cv2.LINE_AA)
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = hypot(dx, dy)
        if length > 0:
            middle = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
            reach = 5 * self.gap / length
            tip = (round(middle[0] - dy * reach), round(middle[1] + dx * reach))
            for colour, thick in ((INK, self.stroke * 2 + 2), (LINE, self.stroke + 1)):
                cv2.arrowedLine(self.image, middle, tip, colour, thick, cv2.LINE_AA, 0, 0.4)
        self.label(line.name, (start[0] + self.gap, start[1] - self.gap), LINE)

    def person(self, person: TrackObservation, trail: Sequence[Point]) -> None:
        """Box, short id, foot point and its trail."""
        colour = colour_of(person.track_id)
        x0, y0, x1, y1 = person.box_n
        top_left, bottom_right = self._pixel((x0, y0)), self._pixel((x1, y1))
        if len(trail) > 1:
            path = np.array([self._fine(p) for p in trail], np.int32)
            cv2.polylines(self.image, [path], False, colour, self.stroke + 1, cv2.LINE_AA, SUBPIXEL_BITS)
        cv2.rectangle(self.image, top_left, bottom_right, INK, self.stroke * 2 - 1 + self.stroke // 2, cv2.LINE_AA)
        cv2.rectangle(self.image, top_left, bottom_right, colour, self.stroke, cv2.LINE_AA)
        foot = self._pixel(person.footprint_n)
        cv2.circle(self.image, foot, self.gap, INK, -1, cv2.LINE_AA)
        cv2.circle(self.image, foot, max(1, self.gap - self.stroke), colour, -1, cv2.LINE_AA)
        self.label(_name(person), (top_left[0], top_left[1] - self.stroke), colour)

    def label(self, text: str, bottom_left: Pixel, colour: Colour) -> None:
        """Dark letters on a plate of the colour, kept within the picture."""
        if not text:
            return
        wide, high = self._extent(text)
        x = max(0, min(bottom_left[0], self.width - wide - self.gap))
        y = max(high + self.gap, min(bottom_left[1], self.height))
        cv2.rectangle(self.image, (x, y - high - self.gap), (x + wide + self.gap, y), colour, -1)
        self._write(text, (x + self.gap // 2, y - self.gap // 2 - 1), INK)

    def panel(self, rows: Sequence[tuple[str, str]]) -> None:
        """Table of totals in the top left corner."""
        if not rows:
            return
        names = max(self._extent(name)[0] for name, _ in rows)
        values = max(self._extent(value)[0] for _, value in rows)
        step = self._extent("Ag")[1] + self.gap * 2
        self._plate((self.gap, self.gap), (names + values + self.gap * 5, step * len(rows) + self.gap))
        for number, (name, value) in enumerate(rows):
            y = self.gap + step * (number + 1) - self.gap // 2
            self._write(name, (self.gap * 2, y), LINE)
            self._write(value, (names + self.gap * 4, y), PAPER)

    def clock(self, t_s: float, people: int) -> None:
        """Media time and number of people in the top right corner."""
        minutes, seconds = divmod(max(0.0, t_s), 60.0)
        text = f"{int(minutes // 60):02d}:{int(minutes % 60):02d}:{int(seconds * 10) / 10:04.1f}   {people} in view"
        wide, high = self._extent(text)
        x = max(0, self.width - wide - self.gap * 3)
        self._plate((x, self.gap), (wide + self.gap * 2, high + self.gap * 2))
        self._write(text, (x + self.gap, high + self.gap * 2), PAPER)

    def _plate(self, corner: Pixel, size: Pixel) -> None:
        part = self.image[corner[1] : corner[1] + size[1], corner[0] : corner[0] + size[0]]
        part[:] = (part * 0.3 + np.array(INK) * 0.7).astype(np.uint8)

    def _write(self, text: str, at: Pixel, colour: Colour) -> None:
        thick = max(1, round(self.letter * 2))
        cv2.putText(self.image, text, at, FONT, self.letter, colour, thick, cv2.LINE_AA)

    def _extent(self, text: str) -> Pixel:
        (wide, high), _ = cv2.getTextSize(text, FONT, self.letter, max(1, round(self.letter * 2)))
        return int(wide), int(high)

    def _pixel(self, point_n: Point) -> Pixel:
        x, y = self._fine(point_n)
        return x >> SUBPIXEL_BITS, y >> SUBPIXEL_BITS

    def _fine(self, point_n: Point) -> Pixel:
        """Normalised -> pixels in sixteenths; far-off points are pulled to one picture beyond the border."""
        x, y = (min(2.0, max(-1.0, value)) for value in point_n)
        one = 1 << SUBPIXEL_BITS
        return round(x * self.width * one), round(y * self.height * one)


def _name(person: TrackObservation) -> str:
    """Short id, and what is known of the mask and of the likeliest attribute."""
    words = {"face_mask": " mask", "face_nomask": " no mask"}
    mask = words[person.mask.label] if person.mask else ""
    return person.track_id[-4:] + mask + (f" {person.attributes[0].label}" if person.attributes else "")


def _totals_text(totals: Totals) -> list[tuple[str, str]]:
    rows = [(name, f"right {line.right}   left {line.left}") for name, line in totals.lines.items()]
    for name, zone in totals.zones.items():
        dwell = "" if zone.mean_dwell_s is None else f"   {zone.mean_dwell_s:.1f} s"
        rows.append((name, f"now {zone.now}   in {zone.enters}   out {zone.exits}{dwell}"))
    return rows


class VideoWriter:
    """Writes pictures to an H.264 mp4 that plays even if the writing was cut off (fragmented mp4).

    Frames carry their own time, so that skipped frames leave the speed as it was. The same frames give the same bytes.
    """

    def __init__(self, path: Path, fps: float, size: tuple[int, int]) -> None:
        """Open `path` for pictures of `size` (width, height); odd sizes lose their last column or row.

        Raises:
            ConfigError: the path cannot be written, or the size is too small.
        """
        self._path = path
        self._fps = fps
        self._size = size[0] // 2 * 2, size[1] // 2 * 2
        if min(self._size) < 2:
            raise _unwritable(path, f"{size[0]}x{size[1]} is too small for a video", "give at least 2x2 pixels")
        options = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "flush_packets": "1"}
        self._container = av.open(str(path), "w", format="mp4", options=options)
        self._stream = self._container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
        self._stream.width, self._stream.height = self._size
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"preset": "veryfast", "crf": "20", "threads": "1", "bf": "0"}
        self._stream.gop_size = max(1, round(KEY_FRAME_S * fps))
        self._stream.codec_context.time_base = Fraction(1, TICKS_HZ)
        try:
            self._container.start_encoding()
        except (av.error.FFmpegError, OSError) as error:
            cure = "name a file in a folder that exists and that you may write to"
            raise _unwritable(path, f"cannot be written: {error.strerror}", cure) from error
        self._start_s: float | None = None
        self._next_pts = 0
        self._is_open = True

    def write(self, image: Image, t_s: float) -> None:
        """Append one (h, w, 3) uint8 BGR picture of the writer's size, shown from stream time `t_s` on.

        The video starts with its first picture. Times that do not grow are moved to just after the frame before.
        """
        width, height = self._size
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image[:height, :width]), format="bgr24")
        if self._start_s is None:
            self._start_s = t_s
        frame.pts = max(round((t_s - self._start_s) * TICKS_HZ), self._next_pts)
        frame.time_base = Fraction(1, TICKS_HZ)
        self._next_pts = frame.pts + 1
        self._mux(frame)

    def close(self) -> None:
        """Finish the file; safe to call twice."""
        if self._is_open:
            self._is_open = False
            self._mux(None)
            self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _mux(self, frame: av.VideoFrame | None) -> None:
        for packet in self._stream.encode(frame):
            packet.duration = round(TICKS_HZ / self._fps)
            self._container.mux(packet)


def _unwritable(path: Path, what: str, cure: str) -> ConfigError:
    return ConfigError([Problem(str(path), "$", what, cure)])
