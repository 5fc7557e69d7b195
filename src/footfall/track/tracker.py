"""Detections of one camera -> people with an identity.

A frame is predict, match (`cascade`), take in, confirm, give birth, forget. A track is a person once its sightings
have added up, and is reported only in frames in which it was seen. All memory is in seconds and all lengths in body
heights: the frame rate appears nowhere. After a gap the speed is drawn to the line between both sightings (Cao et
al., "OC-SORT", 2023).
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

import numpy as np

from footfall.core.types import Detections, TrackObservation
from footfall.track import footprint, motion
from footfall.track.association import coincident, covered, overlap
from footfall.track.cascade import Cascade
from footfall.track.perspective import Perspective
from footfall.track.scores import ScoreLevel
from footfall.track.settings import TrackerSettings
from footfall.track.table import Flags, Floats, Rows, Table, joined
from footfall.track.tracks import LAYOUT, Sight, at_edge, is_confirmed, latest, people_boxes, share_inside

SCORE_MEMORY = 0.7
"""What a sighting leaves of the track's score before."""
FRAGMENT = 0.75
"""A box that lies by this share in the completed box of a person is a part of that person."""


class PeopleTracker:
    """Tracker of one camera; implements `core.ports.Tracker`. Deterministic; remembers the people of `memory_s` alone.

    Args:
        settings: see `TrackerSettings`.
        new_id: gives a fresh id for each confirmed person (RULE 23: 32 lower-case hex digits).
    """

    def __init__(self, settings: TrackerSettings, new_id: Callable[[], str]) -> None:
        self.settings = settings
        self._new_id = new_id
        self.reset()

    def reset(self) -> None:
        """Forget everybody: the stream starts anew."""
        self._tracks = Table.zeros(LAYOUT, 0)
        self._level = ScoreLevel(self.settings.level, self.settings.level_s)
        self._perspective = Perspective()
        self._t_s: float | None = None

    def __len__(self) -> int:
        """Tracks remembered, tentative ones too."""
        return len(self._tracks)

    def update(self, detections: Detections, t_s: float, frame: int) -> list[TrackObservation]:
        """Advance to stream time `t_s` in seconds; return the confirmed people seen in this frame, in detection order.

        Any frame rate will do, also one that changes. A time before the last one starts anew; so does, for everybody, a
        gap longer than `memory_s`. Other labels than person, boxes that are not finite, without area or outside of the
        picture are ignored; of one person found twice one detection is taken, and of more than 1,000 people the 1,000
        with the best scores. No more than 2,000 tracks are remembered.

        Raises:
            ValueError: `t_s` is not finite.
        """
        rows, people = self.identify(detections, t_s)
        width, height = detections.frame_size
        sides_px = np.array([width, height, width, height], np.float64)
        boxes = np.clip(detections.xyxy_px[rows] / sides_px, 0.0, 1.0).tolist()
        feet = np.clip(people["foot_y"] * (width / height), 0.0, 1.0).tolist()
        scores = np.clip(detections.score[rows], 0.0, 1.0).tolist()
        return [
            TrackObservation(name, t_s, frame, (x0, y0, x1, y1), ((x0 + x1) / 2, foot), score)
            for name, (x0, y0, x1, y1), foot, score in zip(people["id"].tolist(), boxes, feet, scores, strict=True)
        ]

    def identify(self, detections: Detections, t_s: float) -> tuple[Rows, Table]:
        """Advance to `t_s`; rows of the detections that are confirmed people, ascending, and their tracks (`TRACK`).

        Raises:
            ValueError: `t_s` is not finite.
        """
        floor_y = detections.frame_size[1] / detections.frame_size[0]
        dt_s = self._advance(t_s, floor_y)
        sight, absolute = self._look(detections)
        motion.predict(self._tracks, dt_s, self.settings.motion)
        cascade = Cascade(self._tracks, sight, t_s, dt_s, self.settings)
        rows, columns = cascade.match()
        seen = self._take_in(rows, sight.only(columns), (t_s, dt_s), floor_y)
        self._learn_level(sight, absolute, dt_s)
        is_named = self._confirm(seen, rows, cascade.confirmed.take(rows))
        is_single = self._is_single(seen, rows, dt_s)
        self._tracks[rows] = seen
        keep = cascade.confirmed | (cascade.gap_s <= max(self.settings.tentative_s, 1.5 * dt_s))
        keep[rows] = is_single
        births = self._births(sight, columns, t_s)
        self._renew(keep, births)
        order = columns.argsort()
        order = order[(is_single & is_named)[order]]
        return sight.row[columns[order]], seen.take(order)

    def _renew(self, keep: Flags, births: Table | None) -> None:
        """Forget all but those to `keep`, and add those who have just been born."""
        if np.count_nonzero(keep) < len(keep):
            self._tracks = self._tracks[keep]
        if births is not None:
            self._tracks = latest(joined([self._tracks, births]))

    def held(self, frame_size: tuple[int, int]) -> Table:
        """People not seen in the last frame who have only just been lost from sight, where they are expected (`TRACK`).

        They are guesses, so `update` never reports them; pictures of tracks and measures of tracking are better with
        them. `frame_size`: width and height in pixels.
        """
        if self._t_s is None:
            return self._tracks
        gap_s = self._t_s - self._tracks["seen_s"]
        moment = ((gap_s > 0.0) & (gap_s <= self.settings.hold_s)).nonzero()[0]
        floor_y = frame_size[1] / frame_size[0]
        held = [row for row in moment.tolist() if self._is_held(row, floor_y)]
        return self._tracks.take(np.array(held, np.intp))

    def _is_held(self, row: int, floor_y: float) -> bool:
        """Whether a track that has just been lost is surely a person, and expected in the picture."""
        spec, tracks = self.settings, self._tracks
        return (
            tracks["id"][row] is not None
            and bool(tracks["score"][row] >= spec.hold_score)
            and share_inside(tracks["cxcywh"][row].tolist(), floor_y) >= spec.hold_inside
        )

    def _advance(self, t_s: float, floor_y: float) -> float:
        if not isfinite(t_s):
            raise ValueError(f"t_s is {t_s}: must be a finite number of seconds")
        if self._t_s is not None and t_s < self._t_s:
            self.reset()
        dt_s = 0.0 if self._t_s is None else t_s - self._t_s
        self._t_s = t_s
        self._forget(t_s, floor_y)
        return dt_s

    def _forget(self, t_s: float, floor_y: float) -> None:
        """Those who were away for too long."""
        spec, gap_s = self.settings, t_s - self._tracks["seen_s"]
        shortest_s = min(spec.memory_s, spec.memory_of_leaving_s)
        if np.count_nonzero(gap_s > shortest_s):
            left = at_edge(self._tracks["last_cxcywh"], floor_y)
            self._tracks = self._tracks[gap_s <= np.where(left, shortest_s, spec.memory_s)]

    def _look(self, detections: Detections) -> tuple[Sight, Floats]:
        row, cxcywh = people_boxes(detections)
        absolute = detections.score[row].astype(np.float64)
        score = self._level.relative(absolute)
        spec = self.settings.motion
        return Sight(row, cxcywh, score, spec.noise * (1.0 + spec.noise_of_doubt * (1.0 - score))), absolute

    def _take_in(self, rows: Rows, sight: Sight, times_s: tuple[float, float], floor_y: float) -> Table:
        """The tracks `rows` after their sights; the table is not changed but for the doubt about everybody else."""
        spec, (t_s, dt_s) = self.settings, times_s
        seen, boxes = self._tracks.take(rows), sight.cxcywh
        gap_s = t_s - seen["seen_s"]
        legs_hidden, whole = footprint.stand(seen, boxes, gap_s, floor_y, self._perspective.slope())
        is_any_hidden = np.count_nonzero(legs_hidden) > 0
        if is_any_hidden:
            boxes = np.where(legs_hidden[:, None], footprint.completed(seen, boxes), boxes)
        motion.correct(seen, None, boxes, sight.noise)
        if is_any_hidden:
            seen["cxcywh"][legs_hidden] = boxes[legs_hidden]
        _, middle, _, height = sight.cxcywh.T
        tall = height[whole]
        self._perspective.learn(middle[whole] + tall / 2, tall, dt_s)
        late = gap_s > max(1.5 * dt_s, spec.shortest_gap_s)
        if np.count_nonzero(late):
            straight = (boxes[late] - seen["last_cxcywh"][late]) / gap_s[late, None]
            seen["rate"][late] += spec.catch_up * (straight - seen["rate"][late])
        evidence = self._tracks["evidence"]
        evidence *= spec.doubt
        self._believe(seen, sight, dt_s)
        seen["seen_s"], seen["last_cxcywh"] = t_s, sight.cxcywh
        return seen

    def _believe(self, seen: Table, sight: Sight, dt_s: float) -> None:
        """Add to what speaks for the tracks `seen`."""
        spec, score = self.settings, seen["score"]
        evidence = seen["evidence"]
        evidence += sight.score + spec.evidence_per_s * min(dt_s, spec.evidence_gap_s)
        score += (1.0 - SCORE_MEMORY) * (sight.score - score)

    def _learn_level(self, sight: Sight, absolute: Floats, dt_s: float) -> None:
        """Good scores teach; where none is good, the best one does."""
        good = sight.score >= self.settings.high
        if len(sight) and not np.count_nonzero(good):
            good = sight.score == sight.score.max()
        self._level.learn(absolute[good], dt_s)

    def _confirm(self, seen: Table, rows: Rows, is_named: Flags) -> Flags:
        """Name those who have become people, the oldest first; `rows` says how old they are. Who has a name now."""
        if np.count_nonzero(is_named) < len(rows):
            ready = (seen["evidence"] >= self.settings.confirm) & ~is_named
            new = ready.nonzero()[0]
            for number in new[rows[new].argsort()]:
                seen["id"][number] = self._new_id()
            is_named |= ready
        return is_named

    def _is_single(self, seen: Table, rows: Rows, dt_s: float) -> Flags:
        """False for tracks that stay on an older one seen in the same frames; tracks are in order of age."""
        doubled_s = seen["doubled_s"]
        before_s = doubled_s.copy()
        doubled_s.fill(0.0)
        younger, older = coincident(seen["last_cxcywh"], self.settings.merge)
        if len(younger):
            younger = younger[rows[older] < rows[younger]]
            doubled_s[younger] = before_s[younger] + dt_s
        return np.asarray(doubled_s <= self.settings.merge_s)

    def _incomplete(self, t_s: float) -> Table:
        """People of whom a part, or all, has just gone missing: what shows up inside of them is a part of them."""
        gap_s = t_s - self._tracks["seen_s"]
        partial = (gap_s > 0.0) & (gap_s <= self.settings.fragment_s) | (gap_s == 0.0) & footprint.is_partial(
            self._tracks
        )
        tracks: Table = self._tracks[partial & is_confirmed(self._tracks)]
        return tracks

    def _births(self, sight: Sight, columns: Rows, t_s: float) -> Table | None:
        """Tentative tracks for good detections that are neither claimed nor a double or a part of a person."""
        spec = self.settings
        if len(columns) == len(sight):
            return None
        born = sight.score >= spec.start
        born[columns] = False
        if not np.count_nonzero(born):
            return None
        rows = born.nonzero()[0]
        boxes, others = sight.cxcywh[rows], sight.cxcywh[np.concatenate([columns, rows])]
        double = overlap(boxes, others, np.zeros(1), modulated=False) > spec.duplicate
        double[:, len(columns) :] &= np.tri(len(rows), k=-1, dtype=np.bool_)
        part = covered(boxes, footprint.whole_boxes(self._incomplete(t_s))) > FRAGMENT
        first = sight.only(rows[~(double.any(axis=1) | part.any(axis=1))])
        if not len(first):
            return None
        new = Table.zeros(LAYOUT, len(first))
        motion.start(new, first.cxcywh, first.noise, spec.motion)
        footprint.start(new, first.cxcywh)
        new["seen_s"], new["last_cxcywh"] = t_s, first.cxcywh
        new["score"] = new["evidence"] = first.score
        return new
