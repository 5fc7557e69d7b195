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
