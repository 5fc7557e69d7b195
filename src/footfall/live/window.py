"""What is known of one camera for those who may come and look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import Final

import cv2
import numpy as np

from footfall.config.plan import GraphPlan, SourceSpec
from footfall.core.types import Frame, Image
from footfall.engine.items import Happened
from footfall.live.backdrop import Backdrop
from footfall.live.head import head_of, regions_of
from footfall.live.view import Head, NoPicture, Picture, View
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.totals import Totals

QUALITY: Final = 80
"""Of JPEGs."""
SHEET_PX: Final = 640
"""Width of the empty place: what is known of it is much less."""


class Window:
    """One camera: the newest of its items, its empty place, and who wants to hear of new ones.

    Args:
        name: of the camera, for messages.
        plan: what it runs.
        width_px: width of real pictures, at most.
    """

    def __init__(self, name: str, plan: GraphPlan, width_px: int) -> None:
        self.name = name
        self._width_px = width_px
        self._wakes: tuple[Callable[[], None], ...] = ()
        self._for_real = 0
        self._is_asked = False
        self._lock = Lock()
        self._latest: Happened | None = None
        self._frame: Frame | None = None
        self._backdrop: Backdrop | None = None
        self._sheet: tuple[Backdrop | None, int, bytes] = (None, 0, b"")
        self._sight = 0
        self._totals = Totals()
        self._open(plan, SpatialSpec())

    def tap(self) -> Tap:
        """What looks at the camera's graph: until it looks at something else, and for all graphs until then."""
        return Tap(self, self._sight)

    def take(self, item: Happened, sight: int) -> None:
        """Analyst's thread: something new. A picture is made of it only when somebody asks."""
        frame = item.frame
        with self._lock:
            if sight != self._sight:
                return
            self._totals.add_all(item.insights)
            self._latest = replace(item, frame=None)
            if frame is not None:
                self._frame = frame if self._for_real and (frame.picture is not None or not self._is_asked) else None
                self._learn(item, frame)
        for wake in self._wakes:
            wake()

    def wanted_px(self) -> int:
        """Reader's thread: how wide a picture somebody wants beside the one that is analysed; 0: none."""
        self._is_asked = True
        return self._width_px if self._for_real else 0

    def reopen(self, plan: GraphPlan) -> None:
        """The camera runs by another plan; what was learnt is kept if it looks at the same."""
        source, before = plan.spec(SourceSpec), self._source
        with self._lock:
            if (source.url, source.masks) != (before.url, before.masks):
                self._latest = self._frame = self._backdrop = None
                self._sight += 1
            self._open(plan, self._spatial)

    def add(self, wake: Callable[[], None], view: View) -> None:
        """Somebody wants to hear of every new item, in the analyst's thread."""
        with self._lock:
            self._wakes = (*self._wakes, wake)
            self._for_real += view is View.REAL

    def remove(self, wake: Callable[[], None], view: View) -> None:
        """Nobody does any more; the last real picture goes with the last who looked at it."""
        with self._lock:
            self._wakes = tuple(other for other in self._wakes if other != wake)
            self._for_real -= view is View.REAL
            if not self._for_real:
                self._frame = None

    def picture(self, view: View) -> Picture:
        """The newest picture.

        Raises:
            NoPicture: there is none.
        """
        with self._lock:
            latest, frame, backdrop = self._latest, self._frame, self._backdrop
            if latest is None or (frame if view is View.REAL else backdrop) is None:
                raise NoPicture(f"{self.name} sends no picture now")
            head = head_of(latest.observed, self._spatial.zones, self._totals, view)
            head |= {"learnt": round(backdrop.learnt, 3) if backdrop else 0.0, "regions": self._regions}
        if view is View.REAL:
            assert frame is not None
            return Picture.of(head, jpeg_of(at_most(frame, self._width_px)))
        assert backdrop is not None
        return Picture.of(head, self._empty_place(backdrop))

    def _open(self, plan: GraphPlan, before: SpatialSpec) -> None:
        """Regions that stay as they were count on."""
        totals, earlier = Totals.of(plan.spec(SpatialSpec)), self._totals
        self._source, self._spatial = plan.spec(SourceSpec), plan.spec(SpatialSpec)
        for line in set(self._spatial.lines) & set(before.lines):
            totals.lines[line.name] = earlier.lines[line.name]
        for zone in set(self._spatial.zones) & set(before.zones):
            totals.zones[zone.name] = earlier.zones[zone.name]
        self._totals = totals
        self._regions: Head = regions_of(plan)

    def _learn(self, item: Happened, frame: Frame) -> None:
        """Look at the place now and then, whether somebody watches or not: it takes half an hour to learn."""
        size = frame.image.shape[1], frame.image.shape[0]
        if self._backdrop is None or self._backdrop.size != size:
            self._backdrop = Backdrop(size)
        if self._backdrop.is_due(frame.t_s):
            self._backdrop.look(frame.image, [person.box_n for person in item.observed.people], frame.t_s)

    def _empty_place(self, backdrop: Backdrop) -> bytes:
        """Encoded again only when more was learnt."""
        version = backdrop.version
        if self._sheet[:2] != (backdrop, version):
            self._sheet = backdrop, version, jpeg_of(backdrop.drawn(SHEET_PX))
        return self._sheet[2]


class Tap:
    """What looks at one graph of a camera.

    Args:
        window: the camera.
        sight: number of what it looks at.
    """

    def __init__(self, window: Window, sight: int) -> None:
        self._window = window
        self._sight = sight

    def __call__(self, item: object) -> None:
        """Analyst's thread: sees every `Happened`, at next to no cost while nobody looks."""
        assert isinstance(item, Happened)
        self._window.take(item, self._sight)

    def picture_width_px(self) -> int:
        """Reader's thread: how wide a second picture is wanted now; 0: none."""
        return self._window.wanted_px()


def at_most(frame: Frame, width_px: int) -> Image:
    """The frame's picture, no wider than that."""
    image = frame.image if frame.picture is None else frame.picture
    height, width = image.shape[:2]
    if width <= width_px:
        return image
    size = width_px, max(2, 2 * round(height * width_px / width / 2))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def jpeg_of(image: Image) -> bytes:
    """(h, w, 3) uint8 BGR -> JPEG, in memory."""
    is_done, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    assert is_done
    return encoded.tobytes()
