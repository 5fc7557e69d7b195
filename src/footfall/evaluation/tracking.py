"""How well people keep their identity: HOTA, IDF1, MOTA and their parts, from MOTChallenge text.

HOTA, DetA, AssA: Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking", IJCV 2021.
MOTA, IDSW: Bernardin and Stiefelhagen, "Evaluating Multiple Object Tracking Performance: The CLEAR MOT Metrics", 2008.
IDF1: Ristani et al., "Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking", 2016.
What is not scored: Milan et al., "MOT16: A Benchmark for Multi-Object Tracking", 2016, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from footfall.evaluation.boxes import iou
from footfall.evaluation.documents import refuse
from footfall.evaluation.motchallenge import MotTable, parse
from footfall.evaluation.report import table

PEDESTRIAN = 1
DISTRACTORS = frozenset({2, 7, 8, 12})
"""Classes of MOT16 and MOT17 that may be tracked or not: on a vehicle, static, distractor, reflection. MOT20 adds 6."""
ALPHAS = np.arange(1, 20) / 20
MATCH_IOU = 0.5
CONTINUES = 1000.0
"""What going on with the same identity is worth against overlap, which is at most 1."""
EPSILON = float(np.finfo(np.float64).eps)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TrackReport:
    """Scores of one sequence; shares in percent."""

    hota: float
    det_a: float
    ass_a: float
    idf1: float
    mota: float
    id_switches: int
    false_positives: int
    misses: int
    truth_boxes: int
    truth_tracks: int
    result_boxes: int
    result_tracks: int

    def to_dict(self) -> dict[str, float | int]:
        """Under the names of the literature."""
        return {
            "HOTA": self.hota,
            "DetA": self.det_a,
            "AssA": self.ass_a,
            "IDF1": self.idf1,
            "MOTA": self.mota,
            "IDSW": self.id_switches,
            "FP": self.false_positives,
            "FN": self.misses,
            "truth_boxes": self.truth_boxes,
            "truth_tracks": self.truth_tracks,
            "result_boxes": self.result_boxes,
            "result_tracks": self.result_tracks,
        }

    def table(self) -> str:
        """Plain text."""
        return table("Tracks (shares in percent)", ("measure", "value"), list(self.to_dict().items()))


def evaluate_tracks(
    truth_text: str,
    result_text: str,
    *,
    truth_file: str = "TRUTH",
    result_file: str = "RESULT",
    distractors: frozenset[int] = DISTRACTORS,
) -> TrackReport:
    """Score tracks against truth, both as MOTChallenge text.

    Truth with a class column (nine columns) is scored on pedestrians; tracks that lie on `distractors` are left out.

    Raises:
        ConfigError: a line that cannot be read, or a track that is twice in a frame.
    """
    truth, result = parse(truth_text, truth_file), parse(result_text, result_file)
    _refuse_doubles(truth, truth_file)
    _refuse_doubles(result, result_file)
    sequence = _Sequence.of(truth, result, distractors)
    hota, det_a, ass_a = _hota(sequence)
    switches, matches = _clear(sequence)
    misses, invented = sequence.truth_total - matches, sequence.result_total - matches
    return TrackReport(
        hota=hota,
        det_a=det_a,
        ass_a=ass_a,
        idf1=_idf1(sequence),
        mota=100.0 * (matches - invented - switches) / max(1, sequence.truth_total),
        id_switches=switches,
        false_positives=invented,
        misses=misses,
        truth_boxes=sequence.truth_total,
        truth_tracks=len(sequence.truth_boxes),
        result_boxes=sequence.result_total,
        result_tracks=len(sequence.result_boxes),
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """Who is there and how far they overlap; identities count from 0."""

    truth: Ints
    result: Ints
    iou: Floats
    """(truth, result)."""


@dataclass(frozen=True, slots=True)
class _Sequence:
    frames: tuple[_Frame, ...]
    truth_boxes: Ints
    """Boxes of each true identity."""
    result_boxes: Ints

    @property
    def truth_total(self) -> int:
        return int(self.truth_boxes.sum())

    @property
    def result_total(self) -> int:
        return int(self.result_boxes.sum())

    @classmethod
    def of(cls, truth: MotTable, result: MotTable, distractors: frozenset[int]) -> _Sequence:
        considered = (truth.score != 0) & (truth.label == PEDESTRIAN)
        distracts = np.isin(truth.label, list(distractors))
        numbers = np.union1d(truth.frame, result.frame)
        frames: list[tuple[Ints, Ints, Floats]] = []
        for here, there in zip(_rows(truth.frame, numbers), _rows(result.frame, numbers), strict=True):
            overlap = iou(truth.xywh_px[here], result.xywh_px[there])
            kept = ~_on_distractor(overlap, distracts[here])
            counted = considered[here]
            frames.append((truth.id[here[counted]], result.id[there[kept]], overlap[np.ix_(counted, kept)]))
        truth_ids, truth_boxes = _census([ids for ids, _, _ in frames])
        result_ids, result_boxes = _census([ids for _, ids, _ in frames])
        numbered = (
            _Frame(np.searchsorted(truth_ids, a), np.searchsorted(result_ids, b), overlap) for a, b, overlap in frames
        )
        return cls(tuple(numbered), truth_boxes, result_boxes)


def _rows(frame: Ints, numbers: Ints) -> list[Ints]:
    """Rows of each of the sorted frame numbers, in file order."""
    order = np.argsort(frame, kind="stable")
    return np.split(order, np.searchsorted(frame[order], numbers[1:])) if len(numbers) else []


def _census(identities: list[Ints]) -> tuple[Ints, Ints]:
    """Sorted identities and how often each occurs."""
    return np.unique(np.concatenate([np.empty(0, np.int64), *identities]), return_counts=True)


def _on_distractor(overlap: Floats, distracts: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Result boxes that fit a distractor best, (result,) bool."""
    on = np.zeros(overlap.shape[1], np.bool_)
    if distracts.any() and overlap.size:
        rows, columns = _assign(np.where(overlap >= MATCH_IOU - EPSILON, overlap, 0.0))
        on[columns[distracts[rows]]] = True
    return on


def _hota(sequence: _Sequence) -> tuple[float, float, float]:
    """HOTA, DetA and AssA in percent, each the mean over the thresholds alpha."""
    shape = len(sequence.truth_boxes), len(sequence.result_boxes)
    both = sequence.truth_boxes[:, None] + sequence.result_boxes[None]
    likely = _likely_pairs(sequence, shape)
    alignment = likely / np.maximum(both - likely, EPSILON)
    pairs, overlaps = _matched_pairs(sequence, alignment)
    det_a, ass_a = np.empty(len(ALPHAS)), np.empty(len(ALPHAS))
    for index, alpha in enumerate(ALPHAS):
        keys = pairs[overlaps >= alpha - EPSILON]
        matches = len(keys)
        pair, together = np.unique(keys, return_counts=True)
        associated = together / (both.reshape(-1)[pair] - together)
        det_a[index] = matches / max(1, sequence.truth_total + sequence.result_total - matches)
        ass_a[index] = (together * associated).sum() / max(1, matches)
    hota = np.sqrt(det_a * ass_a)
    return 100.0 * float(hota.mean()), 100.0 * float(det_a.mean()), 100.0 * float(ass_a.mean())


def _likely_pairs(sequence: _Sequence, shape: tuple[int, int]) -> Floats:
    """How often each pair may belong together: overlap, shared out among rivals, summed over the frames."""
    likely = np.zeros(shape)
    for frame in sequence.frames:
        rivals = frame.iou.sum(0)[None] + frame.iou.sum(1)[:, None] - frame.iou
        share = np.divide(frame.iou, rivals, out=np.zeros_like(frame.iou), where=rivals > EPSILON)
        likely[np.ix_(frame.truth, frame.result)] += share
    return likely


def _matched_pairs(sequence: _Sequence, alignment: Floats) -> tuple[Ints, Floats]:
    """All matches of all frames: key truth * results + result, and overlap."""
    keys, overlaps = [np.empty(0, np.int64)], [np.empty(0)]
    for frame in sequence.frames:
        rows, columns = linear_sum_assignment(alignment[np.ix_(frame.truth, frame.result)] * frame.iou, maximize=True)
        keys.append(frame.truth[rows] * alignment.shape[1] + frame.result[columns])
        overlaps.append(frame.iou[rows, columns])
    return np.concatenate(keys), np.concatenate(overlaps)


def _clear(sequence: _Sequence) -> tuple[int, int]:
    """(identity switches, matches): pairs of the frame before go on as long as they overlap enough."""
    switches = matches = 0
    last = np.full(len(sequence.truth_boxes), -1)
    before = last.copy()
    for frame in sequence.frames:
        if not frame.iou.size:
            continue
        continued = before[frame.truth][:, None] == frame.result[None]
        rows, columns = _assign(np.where(frame.iou >= MATCH_IOU - EPSILON, frame.iou + CONTINUES * continued, 0.0))
        truth, result = frame.truth[rows], frame.result[columns]
        switches += int(((last[truth] >= 0) & (last[truth] != result)).sum())
        matches += len(rows)
        last[truth] = result
        before = np.full_like(before, -1)
        before[truth] = result
    return switches, matches


def _idf1(sequence: _Sequence) -> float:
    """Percent; the one-to-one mapping of identities that explains most boxes."""
    together = np.zeros((len(sequence.truth_boxes), len(sequence.result_boxes)))
    for frame in sequence.frames:
        together[np.ix_(frame.truth, frame.result)] += frame.iou >= MATCH_IOU
    explained = together[linear_sum_assignment(together, maximize=True)].sum()
    return 200.0 * float(explained) / max(1, sequence.truth_total + sequence.result_total)


def _assign(worth: Floats) -> tuple[Ints, Ints]:
    """Pairs of greatest total worth; worthless pairs are none."""
    rows, columns = linear_sum_assignment(worth, maximize=True)
    real = worth[rows, columns] > EPSILON
    return rows[real], columns[real]


def _refuse_doubles(tracks: MotTable, file: str) -> None:
    pairs: Any = np.stack([tracks.frame, tracks.id], axis=1)
    found, count = np.unique(pairs, axis=0, return_counts=True)
    if (count > 1).any():
        frame, track = found[count > 1][0]
        refuse(file, f"frame {frame}", f"id {track} is there twice", "give every box of a frame its own id")
