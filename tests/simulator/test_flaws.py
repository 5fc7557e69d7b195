"""A detector with faults: each fault does what it says, and only that."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from footfall.core.types import TrackObservation
from footfall.simulator.flaws import FlawedDetector, Flaws, Gaps, IdFaults
from footfall.simulator.truth import FrameTruth, PersonTruth

SIZE_PX = (640, 360)
BOX = (0.4, 0.3, 0.5, 0.8)


def frames(number: int, boxes: Sequence[tuple[float, float, float, float]] = (BOX,), visibility: float = 1.0):
    people = tuple(
        PersonTruth(f"p{k}", (0.0, 5.0), (box[0], box[3]), box, box, visibility) for k, box in enumerate(boxes)
    )
    return [FrameTruth(k, k / 10, people) for k in range(number)]


def found(flaws: Flaws, truth: list[FrameTruth], seed: int = 1) -> list[np.ndarray]:
    detector = FlawedDetector(flaws, SIZE_PX, np.random.default_rng(seed))
    return [detector.detect(frame).xyxy_px for frame in truth]


def test_without_faults_everybody_is_found_where_they_are() -> None:
    for boxes in found(Flaws(), frames(200)):
        assert boxes == pytest.approx(np.array([[256, 108, 320, 288]]), abs=0.01)


def test_the_same_seed_gives_the_same() -> None:
    flaws = Flaws(miss=0.2, tremble=0.02, ghosts_per_s=0.5)
    once, again = found(flaws, frames(50)), found(flaws, frames(50))
    assert all(np.array_equal(a, b) for a, b in zip(once, again, strict=True))


def test_misses_are_as_frequent_as_said_and_come_in_streaks() -> None:
    hits = np.array([len(boxes) for boxes in found(Flaws(miss=0.3), frames(20_000))])
    assert hits.mean() == pytest.approx(0.7, abs=0.03)
    after_a_miss = hits[1:][hits[:-1] == 0].mean()
    assert after_a_miss < 0.5


def test_the_hidden_are_missed() -> None:
    assert np.mean([len(boxes) for boxes in found(Flaws(), frames(300, visibility=0.15))]) < 0.2


def test_boxes_tremble_as_much_as_said() -> None:
    edges = np.concatenate(found(Flaws(tremble=0.05), frames(20_000)))
    assert edges.std(axis=0) == pytest.approx([0.05 * 180] * 4, rel=0.15)


def test_things_that_are_nobody_come_and_go() -> None:
    numbers = [len(boxes) for boxes in found(Flaws(ghosts_per_s=0.5), [FrameTruth(k, k / 10, ()) for k in range(5000)])]
    assert np.mean(numbers) == pytest.approx(0.5 * 0.7, rel=0.35)
    assert min(numbers) == 0


def test_gaps_leave_frames_out() -> None:
    kept = list(Gaps(Flaws(gaps_per_s=0.1), np.random.default_rng(2)).kept(iter(frames(5000))))
    assert kept[0].frame == 0
    assert len(kept) / 5000 == pytest.approx(1 / (1 + 0.1 * 1.5), abs=0.05)
    assert len(list(Gaps(Flaws(), np.random.default_rng(2)).kept(iter(frames(50))))) == 50


def observed(name: str, x: float) -> TrackObservation:
    return TrackObservation(name, 0.0, 0, (x, 0.3, x + 0.1, 0.8), (x, 0.8), 0.9)


def test_people_who_come_close_exchange_their_ids() -> None:
    faults = IdFaults(Flaws(swap=1.0), np.random.default_rng(1))
    apart = [observed("a", 0.1), observed("b", 0.6)]
    together = [observed("a", 0.3), observed("b", 0.33)]
    names = [[p.track_id for p in faults.spoil(people, t_s)] for t_s, people in enumerate([apart, together, apart])]
    assert names == [["a", "b"], ["b", "a"], ["b", "a"]]


def test_ids_are_cut_as_often_as_said() -> None:
    faults = IdFaults(Flaws(cut_per_s=0.1), np.random.default_rng(1))
    names = {faults.spoil([observed("a", 0.1)], k / 10)[0].track_id for k in range(10_000)}
    assert len(names) == pytest.approx(100, rel=0.3)


def test_cameras_by_lot_are_good_and_bad() -> None:
    lots = [Flaws.draw(np.random.default_rng(seed)) for seed in range(200)]
    assert min(flaws.miss for flaws in lots) < 0.01
    assert max(flaws.miss for flaws in lots) > 0.25
    assert {flaws.fps for flaws in lots} == {4.0, 6.0, 10.0, 15.0}
