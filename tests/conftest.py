"""What every test may ask for. Real data is read through `shared`; nothing of it is in the repository."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("untimed")

REPOSITORY = Path(__file__).resolve().parent.parent
UMASK = 0o022


LONG = (
    "customvision/test_vendor.py",
    "e2e/test_live_video_kills.py",
    "customvision/test_learning.py",
    "e2e/test_training_learns.py",
    "learning/test_detector.py",
    "e2e/test_live_video_tutorial.py",
    "e2e/test_media_graph.py",
    "training/test_loop.py",
    "cli/test_train.py",
    "customvision/test_copying.py",
    "e2e/test_set_ups.py",
    "e2e/test_serve_process.py",
    "e2e/test_media_graph_hub.py",
    "e2e/test_exported_detector.py",
    "evaluation/test_jitter.py",
    "training/test_network.py",
)
"""Files of more than half a minute, the longest first. The live-video tutorial comes twice and has fixed ports: the
second begins when the first has ended."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first: one that begins last is alone on the computer for minutes."""
    turns = {Path(__file__).parent / name: turn for turn, name in enumerate(LONG)}
    items.sort(key=lambda item: turns.get(item.path, len(turns)))


@pytest.fixture(scope="session", autouse=True)
def _motion_sees_drawings() -> Iterator[None]:
    """The people of the simulator are drawn: what the tests count by default must not depend on a network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTFALL_MODEL", "motion")
        yield


@pytest.fixture(autouse=True)
def _untouched_process() -> Iterator[None]:
    """A command that runs inside a test, or inside a fixture of many, sets up log and umask of the process: undone."""
    _reset_process()
    yield
    _reset_process()


def _reset_process() -> None:
    os.umask(UMASK)
    _reset_logging()


def _reset_logging() -> None:
    logger = logging.getLogger("footfall")
    logger.handlers[:] = []
    logger.setLevel(logging.NOTSET)
    logger.propagate = True
    logging.getLogger().setLevel(logging.WARNING)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with clips, models and data sets beside the checkout, or `$FOOTFALL_SHARED`."""
    folder = Path(os.environ.get("FOOTFALL_SHARED", REPOSITORY.parent / "shared"))
    if not folder.is_dir():
        message = f"no data folder at {folder}: set FOOTFALL_SHARED to run the tests on real clips and models"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def vendor_python() -> Path:
    """Python of the environment with the vendor's own SDKs, which need older libraries: `./dev vendor`."""
    python = Path(os.environ.get("FOOTFALL_VENDOR_PYTHON", REPOSITORY / ".venv-vendor/bin/python"))
    if not python.exists():
        message = f"no {python}: run ./dev vendor to test with the vendor's own SDKs"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return python
