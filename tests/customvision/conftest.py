from __future__ import annotations

from pathlib import Path

import pytest

from vision_shop import Floor


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return Floor(tmp_path)


@pytest.fixture
def vision_shop(floor: Floor):
    with floor.opened() as shop:
        yield shop
