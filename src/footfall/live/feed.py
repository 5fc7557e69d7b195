"""One camera and view for any number of viewers: made and encoded once, the newest for each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Executor
from contextlib import suppress

from footfall.live.view import NoPicture, Picture, View
from footfall.live.window import Window


class Feed:
    """Works while somebody looks; belongs to the event loop that made it.

    Args:
        window: the camera.
        view: what is shown of it.
        period_s: from one picture to the next, at least.
        executor: where pictures are made.
        on_idle: nobody looks any more.
    """

    def __init__(
        self, window: Window, view: View, period_s: float, executor: Executor, on_idle: Callable[[], None]
    ) -> None:
        self._window = window
        self._view = view
        self._period_s = period_s
        self._executor = executor
        self._on_idle = on_idle
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._viewers: set[Viewer] = set()
        self._newest: Picture | None = None
        self._worker: asyncio.Task[None] | None = None

    async def watch(self) -> AsyncGenerator[Picture, None]:
        """Every picture that there is time for, the newest first; ends when the camera is closed."""
        viewer = Viewer(self._newest)
        self._viewers.add(viewer)
        if self._worker is None:
            self._window.add(self._wake, self._view)
            self._worker = asyncio.create_task(self._work())
        try:
            while (picture := await viewer.next()) is not None:
                yield picture
        finally:
            self._viewers.discard(viewer)
            if not self._viewers:
                self._stop()

    def close(self) -> None:
        """From any thread: the camera is gone, all viewers are told."""
        with suppress(RuntimeError):  # the loop is closed already
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._stop()
        for viewer in self._viewers:
            viewer.end()

    def _stop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.cancel()
            self._window.remove(self._wake, self._view)
            self._on_idle()

    def _wake(self) -> None:
        """Analyst's thread: something new."""
        with suppress(RuntimeError):  # the loop is closed already
            self._loop.call_soon_threadsafe(self._news.set)

    async def _work(self) -> None:
        try:
            self._news.set()
            while True:
                await self._news.wait()
                self._news.clear()
                begun_s = self._loop.time()
                with suppress(NoPicture):
                    self._show(await self._loop.run_in_executor(self._executor, self._window.picture, self._view))
                await asyncio.sleep(max(0.0, begun_s + self._period_s - self._loop.time()))
        finally:
            for viewer in self._viewers:
                viewer.end()

    def _show(self, picture: Picture) -> None:
        self._newest = picture
        for viewer in self._viewers:
            viewer.show(picture)


class Viewer:
    """One who looks: the newest picture that was not fetched yet."""

    def __init__(self, picture: Picture | None) -> None:
        self._picture = picture
        self._is_over = False
        self._changed = asyncio.Event()
        if picture is not None:
            self._changed.set()

    def show(self, picture: Picture) -> None:
        """A newer one; what was not fetched is forgotten."""
        self._picture = picture
        self._changed.set()

    def end(self) -> None:
        """There will be no more."""
        self._is_over = True
        self._changed.set()

    async def next(self) -> Picture | None:
        """The newest, once there is one that was not fetched; None: there will be no more."""
        await self._changed.wait()
        self._changed.clear()
        picture, self._picture = self._picture, None
        return None if self._is_over else picture
