"""Which detection is whom: the rounds of one frame, each with what the rounds before have left.

Trusted detections go to people by overlap, doubtful ones to people just lost sight of (Zhang et al., "ByteTrack",
2022), what remains to tentative tracks; lost people without any overlap come back by the likelihood of their motion
(the idea of Yi et al., "UCMCTrack", 2024, in the image). Each pair costs what its scores differ by (Yang et al.,
"Hybrid-SORT", 2024).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from footfall.track import camera, footprint, motion
from footfall.track.association import NEVER, assign, gate, head_overlap, hidden_share, mutual, overlap
from footfall.track.settings import TrackerSettings
from footfall.track.table import Flags, Floats, Rows, Table
from footfall.track.tracks import Sight, is_confirmed

DRIFT_OVERLAP = 0.3
"""Least overlap of the pairs that tell how far the camera moved."""


class Cascade:
    """The rounds of one frame.

    Args:
        tracks: (n,) table, predicted to this frame; moved in place when the camera was.
        sight: the detections.
        t_s: stream time.
        dt_s: seconds since the frame before.
        settings: thresholds.
    """

    def __init__(
        self, tracks: Table | NDArray[np.void], sight: Sight, t_s: float, dt_s: float, settings: TrackerSettings
    ) -> None:
        self._tracks, self._sight, self._settings = tracks, sight, settings
        self._gap_s, self._dt_s = t_s - tracks["seen_s"], dt_s
        self._lost = self._gap_s > 1.5 * dt_s
        self._confirmed = is_confirmed(tracks)
        self._free_tracks = np.ones(len(tracks), np.bool_)
        self._free_sight = sight.score >= settings.low
        nobody = np.empty(0, np.intp)
        self._pairs: list[tuple[Rows, Rows]] = [(nobody, nobody)]

    def match(self) -> tuple[Rows, Rows]:
        """Rows of tracks and of detections that belong together; no row twice."""
        spec, trusted = self._settings, self._sight.score >= self._settings.high
        gain = self._follow_camera(trusted)
        charged = gain - spec.lost_cost * self._lost[:, None] if np.count_nonzero(self._lost) else gain
        self._round(self._confirmed, trusted, lambda _: charged, spec.min_overlap_high)
        recent = self._gap_s <= spec.doubtful_revival_s + 1.5 * self._dt_s
        self._round(self._confirmed & recent, ~trusted, lambda _: gain, spec.min_overlap_low)
        self._round(
            self._confirmed,
            self._free_sight,
            lambda allowed: self._behind(allowed & (gain > NEVER)),
            spec.min_overlap_head,
        )
        self._round(~self._confirmed, trusted, lambda _: gain, spec.min_overlap_tentative)
        self._round(self._confirmed, self._sight.score >= spec.start, self._revival, 0.0)
        rows, columns = zip(*self._pairs, strict=True)
        return np.concatenate(rows), np.concatenate(columns)

    def _round(self, tracks: Flags, sight: Flags, gain: Callable[[Flags], Floats], least: float) -> None:
        """Match those of `tracks` and `sight` who are free still; `gain` is asked for only where there are any.

        Args:
            tracks: (n,) bool.
            sight: (m,) bool.
            gain: tells the (n, m) gain of the pairs allowed, a (n, m) mask; of the others it may say anything.
            least: gain from which a pair may be matched.
        """
        open_tracks, open_sight = tracks & self._free_tracks, sight & self._free_sight
        if not (np.count_nonzero(open_tracks) and np.count_nonzero(open_sight)):
            return
        allowed = open_tracks[:, None] & open_sight
        rows, columns = assign(gain(allowed), least, allowed)
        self._free_tracks[rows] = False
        self._free_sight[columns] = False
        self._pairs.append((rows, columns))

    def _gain(self) -> Floats:
        spec, tracks, sight = self._settings, self._tracks, self._sight
        expand = spec.expand + spec.expand_uncertainty * np.sqrt(tracks["var"][:, 0])
        gain = overlap(tracks["cxcywh"], sight.cxcywh, expand)
        apart = gain <= 0
        cost = np.abs(tracks["score"][:, None] - sight.score)
        cost *= spec.score_cost
        gain -= cost
        np.copyto(gain, NEVER, where=apart)
        return gain

    def _behind(self, pairs: Flags) -> Floats:
        """(n, m) gain of shorter boxes whose missing lower part another person covers, or was hidden already.

        Args:
            pairs: (n, m) bool, who meets and is free.
        """
        spec, tracks, sight = self._settings, self._tracks["cxcywh"], self._sight.cxcywh
        pairs &= sight[:, 3] < footprint.SHORT * tracks[:, 3][:, None]
        pairs &= (self._gap_s <= spec.half_hidden_s)[:, None]
        gain = np.full(pairs.shape, NEVER)
        rows, columns = np.flatnonzero(pairs.any(axis=1)), np.flatnonzero(pairs.any(axis=0))
        if len(rows) == 0:
            return gain
        met = head_overlap(tracks[rows], sight[columns], np.full(len(rows), spec.expand))
        i, j = (pairs[rows[:, None], columns] & (met >= spec.min_overlap_head)).nonzero()
        met, rows, columns = met[i, j], rows[i], columns[j]
        is_hidden = hidden_share(tracks[rows], sight, columns) >= spec.hidden_share
        gain[rows, columns] = np.where(is_hidden | footprint.is_partial(self._tracks[rows]), met, NEVER)
        return gain

    def _follow_camera(self, is_trusted: Flags) -> Floats:
        """(n, m) gain by overlap, after everybody has been moved with the camera."""
        steady = self._confirmed & ~self._lost
        gain, number = self._gain(), np.count_nonzero(steady)
        if not (number and np.count_nonzero(is_trusted)):
            return gain
        others = ~(steady[:, None] & is_trusted)
        i, j = self._mutual(gain, others)
        if len(i) < camera.STEADY * number:
            leap = camera.leap(self._tracks["cxcywh"][steady], self._sight.cxcywh[is_trusted])
            if leap.any():
                self._shift(leap)
                gain = self._gain()
                i, j = self._mutual(gain, others)
        moved = camera.drift(self._sight.cxcywh[j, :2] - self._tracks["cxcywh"][i, :2])
        if not moved.any():
            return gain
        self._shift(moved)
        return self._gain()

    @staticmethod
    def _mutual(gain: Floats, others: Flags) -> tuple[Rows, Rows]:
        """Who without doubt is who, but for the `others`."""
        if np.count_nonzero(others):
            gain = np.where(others, NEVER, gain)
        return mutual(gain, DRIFT_OVERLAP)

    def _shift(self, moved: Floats) -> None:
        self._tracks["cxcywh"][:, :2] += moved
        self._tracks["last_cxcywh"][:, :2] += moved
        self._tracks["foot_y"] += moved[1]
        self._tracks["sure_foot_y"] += moved[1]

    def _revival(self, _: Flags) -> Floats:
        spec, sight = self._settings, self._sight
        eligible = self._free_tracks & self._confirmed
        candidates = self._free_sight & (sight.score >= spec.start)
        gain = np.full((len(self._tracks), len(sight)), NEVER)
        if not (eligible.any() and candidates.any()):
            return gain
        tracks, cxcywh = self._tracks[eligible], sight.cxcywh[candidates]
        height = tracks["cxcywh"][:, 3][:, None]
        apart = np.hypot(*(cxcywh[None, :, :2] - tracks["cxcywh"][:, None, :2]).transpose(2, 0, 1)) / height
        growth = np.abs(np.log(cxcywh[None, :, 3] / height))
        walked = motion.distance_walked(tracks, self._gap_s[eligible], spec.motion) < spec.revival_walk
        plausible = (apart < spec.revival_reach) & (growth < spec.revival_growth) & walked[:, None]
        distance2 = motion.distance2(tracks, cxcywh, sight.noise[candidates])
        uncontested = self._gap_s[eligible] < spec.contested_s
        absent_s = np.maximum(self._gap_s[eligible] - self._dt_s, 0.0)
        limit = spec.revival_gate / (1.0 + absent_s / spec.revival_fade_s)
        gain[np.ix_(eligible, candidates)] = gate(distance2, plausible, uncontested, limit)
        return gain
