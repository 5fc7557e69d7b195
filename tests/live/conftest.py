from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy computer makes its stills late."""
    monkeypatch.setattr("footfall.live.hub.STILL_S", 60.0)
