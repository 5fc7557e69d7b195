"""Live pictures for people: fed by the cameras' analysts, read by the web.

    hub = LiveHub()
    tap = hub.open("front", plan)          # runtime's Taps(on_happened=tap, picture_width_px=tap.picture_width_px)
    async for picture in hub.watch("front", View.PRIVACY):
        await websocket.send_bytes(picture.packed)

While nobody looks a camera costs one look at a shrunken picture every two seconds, from which the empty place is
learnt. One picture is made and encoded for all viewers of a camera and view. Nothing is ever written anywhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from threading import Lock
from typing import Final

from footfall.config.plan import GraphPlan
from footfall.live.feed import Feed
from footfall.live.view import NoPicture, Picture, View
from footfall.live.window import Tap, Window

FPS: Final = 8.0
WIDTH_PX: Final = 960
STILL_S: Final = 15.0
"""A still waits so long for a camera that is about to send."""
MAKERS: Final = 2
"""Threads that make pictures."""


class LiveHub:
    """All cameras for all viewers.

    `open`, `close` and the taps may be used from any thread, `watch` and `still` from one event loop.

    Args:
        fps: pictures a second that a viewer gets, at most.
        width_px: width of the pictures, at most.
    """

    def __init__(self, *, fps: float = FPS, width_px: int = WIDTH_PX) -> None:
        self._period_s = 1.0 / fps
        self._width_px = width_px
        self._lock = Lock()
        self._windows: dict[str, Window] = {}
        self._feeds: dict[tuple[str, View], Feed] = {}
        self._executor = ThreadPoolExecutor(MAKERS, thread_name_prefix="live")

    def open(self, camera: str, plan: GraphPlan) -> Tap:
        """A camera runs, by a new plan perhaps: what looks at its graph. Who looks at it goes on looking."""
        with self._lock:
            window = self._windows.get(camera)
            if window is None:
                window = self._windows[camera] = Window(camera, plan, self._width_px)
            else:
                window.reopen(plan)
            return window.tap()

    def close(self, camera: str) -> None:
        """There is no such camera any more: who looks at it is told, what was learnt of it is forgotten."""
        with self._lock:
            self._windows.pop(camera, None)
            feeds = [self._feeds[key] for key in self._feeds if key[0] == camera]
        for feed in feeds:
            feed.close()

    def shut(self) -> None:
        """The end of all cameras; safe to call twice. Viewers are told if their loop still runs."""
        for camera in list(self._windows):
            self.close(camera)
        self._executor.shutdown(wait=False)

    async def watch(self, camera: str, view: View) -> AsyncGenerator[Picture, None]:
        """Pictures as they come, the newest one whenever the viewer has time; ends when the camera is closed.

        Use it within `contextlib.aclosing`, so that the camera learns at once when nobody looks any more.

        Args:
            camera: as it was opened.
            view: what may be seen; the caller has checked it.

        Raises:
            NoPicture: there is no such camera.
        """
        async with aclosing(self._feed(camera, view).watch()) as pictures:
            async for picture in pictures:
                yield picture

    async def still(self, camera: str, view: View) -> bytes:
        """One JPEG.

        Raises:
            NoPicture: there is no such camera, or none came in time.
        """
        try:
            async with asyncio.timeout(STILL_S), aclosing(self.watch(camera, view)) as pictures:
                async for picture in pictures:
                    return picture.jpeg
        except TimeoutError:
            pass
        raise NoPicture(f"{camera} sends no picture now")

    def _feed(self, camera: str, view: View) -> Feed:
        with self._lock:
            window = self._windows.get(camera)
            if window is None:
                raise NoPicture(f"there is no camera {camera}")
            key = camera, view
            if key not in self._feeds:
                self._feeds[key] = Feed(window, view, self._period_s, self._executor, lambda: self._forget(key))
            return self._feeds[key]

    def _forget(self, key: tuple[str, View]) -> None:
        with self._lock:
            self._feeds.pop(key, None)
