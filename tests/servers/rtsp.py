"""Simulated cameras for tests. On a developer's machine without GStreamer these tests are skipped, in CI they fail."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from footage import make_clip
from footfall.core.errors import ConfigError
from footfall.simulator.rtsp import system_python


@pytest.fixture(scope="session")
def rtsp_ready() -> None:
    """The RTSP server can run here."""
    try:
        system_python()
    except ConfigError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def camera_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of H.264 at 25 frames a second, a key frame every half second."""
    return make_clip(tmp_path_factory.mktemp("camera") / "camera.mp4", count=100, fps=25, gop=12, bframes=2)
