"""Recorded people in pieces: each dated by its own beginning, so that events and tracks tell the same time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from footfall.core.types import Observed
from footfall.serve.tracks import TrackPieces
from footfall.store.records import TracksRecord

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class At:
    t_s: float
    utc_s: float
    size_px: tuple[int, int] = (640, 360)


def pieces(frames: list[At]) -> list[TracksRecord]:
    kept: list[TracksRecord] = []
    writer = TrackPieces("front", kept.append)
    for index, at in enumerate(frames):
        writer.add(Observed("front", index, at.t_s, NOON + timedelta(seconds=at.utc_s), at.size_px, ()))
    writer.end()
    return kept


@pytest.mark.parametrize(
    ("frames", "begins_s"),
    [
        pytest.param([At(t, t) for t in range(25)], [0, 10, 20], id="ten seconds each"),
        pytest.param(
            [At(0, 0), At(1, 0.1), At(2, 0.2), At(3, 1.2), At(4, 2.2)], [0, 0.1, 0.2], id="seconds that came at once"
        ),
        pytest.param([At(0, 0), At(1, 1.4), At(2, 2.4)], [0], id="clocks a little apart"),
        pytest.param([At(0, 0), At(1, 1), At(0, 2), At(1, 3)], [0, 2], id="a file begins again"),
        pytest.param([At(0, 0), At(1, 1, (320, 180)), At(2, 2, (320, 180))], [0, 1], id="another shape"),
        pytest.param([], [], id="nobody ever came"),
    ],
)
def test_where_pieces_begin(frames: list[At], begins_s: list[float]) -> None:
    kept = pieces(frames)
    assert [(piece.begin - NOON).total_seconds() for piece in kept] == begins_s
    assert sum(piece.lines.count(b"\n") for piece in kept) == len(frames)
