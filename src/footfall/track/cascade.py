"""Which detection is whom: the rounds of one frame, each with what the rounds before have left.

Trusted detections go to people by overlap, doubtful ones to people just lost sight of (Zhang et al., "ByteTrack",
2022), what remains to tentative tracks; lost people without any overlap come back by the likelihood of their motion
(the idea of Yi et al., "UCMCTrack", 2024, in the image). Each pair costs what its scores differ by (Yang et al.,
"Hybrid-SORT", 2024).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from footfall.track import camera, footprint, motion
from footfall.track.association import (
    Pairs,
    assign,
    gate,
    head_overlap,
    hidden_share,
    is_clear,
    meeting,
    mutual,
    near,
    settle,
)
from footfall.track.settings import TrackerSettings
from footfall.track.table import Flags, Floats, Rows, Table
from footfall.track.tracks import Sight, is_confirmed

DRIFT_OVERLAP = 0.3
"""Least overlap of the pairs that tell how far the camera moved."""
SLACK = 0.003
"""Who is near stays so while the camera moves by no more than this, in image widths."""


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
        self.gap_s, self._dt_s = t_s - tracks["seen_s"], dt_s
        self._lost = self.gap_s > 1.5 * dt_s
        self.confirmed = is_confirmed(tracks)
        self._free_tracks = np.empty(len(tracks), np.bool_)
        self._free_tracks.fill(True)
        self._free_sight = sight.score >= settings.low
        self._matched: list[tuple[Rows, Rows]] = []
        self._slack = -1.0

    def match(self) -> tuple[Rows, Rows]:
        """Rows of tracks and of detections that belong together; no row twice."""
        spec, trusted = self._settings, self._sight.score >= self._settings.high
        pairs = self._follow_camera(trusted)
        self._round(self.confirmed, trusted, self._charged(pairs), spec.min_overlap_high)
        if np.count_nonzero(self._free_sight):
            self._match_the_rest(pairs.only(self._free_tracks[pairs.i] & self._free_sight[pairs.j]), trusted)
        return self._all_matched()

    def _match_the_rest(self, pairs: Pairs, trusted: Flags) -> None:
        """All rounds but the first, for those of whom nobody is matched yet."""
        spec = self._settings
        if len(pairs.i):
            recent = self.gap_s <= spec.doubtful_revival_s + 1.5 * self._dt_s
            self._round(self.confirmed & recent, ~trusted, pairs, spec.min_overlap_low)
            self._round(self.confirmed, self._free_sight, self._behind(pairs), spec.min_overlap_head)
            self._round(~self.confirmed, trusted, pairs, spec.min_overlap_tentative)
        self._revive()

    def _all_matched(self) -> tuple[Rows, Rows]:
        if len(self._matched) == 1:
            return self._matched[0]
        nobody = np.empty(0, np.intp)
        rows, columns = zip((nobody, nobody), *self._matched, strict=True)
        return np.concatenate(rows), np.concatenate(columns)

    def _round(self, tracks: Flags, sight: Flags, pairs: Pairs, least: float) -> None:
        """Match those of `tracks` (n,) and `sight` (m,) who are free still, if the pair gains `least` or more."""
        tracks, sight = tracks & self._free_tracks, sight & self._free_sight
        is_open = tracks[pairs.i] & sight[pairs.j] & (pairs.gain >= least)
        if np.count_nonzero(is_open):
            self._match(*settle(pairs.only(is_open), least))

    def _match(self, rows: Rows, columns: Rows) -> None:
        self._free_tracks[rows] = False
        self._free_sight[columns] = False
        self._matched.append((rows, columns))

    def _meeting(self) -> Pairs:
        """Who meets, and what is gained by it."""
        spec, tracks, sight = self._settings, self._tracks, self._sight
        if self._slack < 0.0:
            self._expand = spec.expand + spec.expand_uncertainty * np.sqrt(tracks["var"][:, 0])
            self._near, self._slack = near(tracks["cxcywh"], sight.cxcywh, self._expand, SLACK), SLACK
        pairs = meeting(tracks["cxcywh"], sight.cxcywh, self._expand, self._near)
        apart = tracks["score"][pairs.i] - sight.score[pairs.j]
        return Pairs(pairs.i, pairs.j, pairs.gain - spec.score_cost * np.abs(apart))

    def _charged(self, pairs: Pairs) -> Pairs:
        """The same with what it costs to have been lost."""
        if not np.count_nonzero(self._lost):
            return pairs
        return Pairs(pairs.i, pairs.j, pairs.gain - self._settings.lost_cost * self._lost[pairs.i])

    def _behind(self, pairs: Pairs) -> Pairs:
        """Shorter boxes whose missing lower part another person covers, or was hidden already."""
        spec, tracks, sight = self._settings, self._tracks["cxcywh"], self._sight.cxcywh
        is_open = (self._free_tracks & self.confirmed & (self.gap_s <= spec.half_hidden_s))[pairs.i]
        is_open &= self._free_sight[pairs.j]
        is_open &= sight[pairs.j, 3] < footprint.SHORT * tracks[pairs.i, 3]
        pairs = pairs.only(is_open & (len(sight) > 1))
        if not len(pairs.i):
            return pairs
        i, j, _ = pairs
        (rows,), (columns,) = np.bincount(i).nonzero(), np.bincount(j).nonzero()
        met = head_overlap(tracks[rows], sight[columns], np.full(len(rows), spec.expand))
        met = met[rows.searchsorted(i), columns.searchsorted(j)]
        pairs = Pairs(i, j, met).only(met >= spec.min_overlap_head)
        is_hidden = hidden_share(tracks[pairs.i], sight, pairs.j) >= spec.hidden_share
        return pairs.only(is_hidden | footprint.is_partial(self._tracks[pairs.i]))

    def _follow_camera(self, is_trusted: Flags) -> Pairs:
        """Who meets after everybody has been moved with the camera."""
        steady, pairs = self.confirmed & ~self._lost, self._meeting()
        number = np.count_nonzero(steady)
        if not (number and np.count_nonzero(is_trusted)):
            return pairs
        i, j = self._mutual(pairs, steady, is_trusted)
        if len(i) < camera.STEADY * number:
            leap = camera.leap(self._tracks["cxcywh"][steady], self._sight.cxcywh[is_trusted])
            if np.count_nonzero(leap):
                self._shift(leap)
                pairs = self._meeting()
                i, j = self._mutual(pairs, steady, is_trusted)
        found, expected = self._sight.cxcywh.T[:2].take(j, axis=1), self._tracks["cxcywh"].T[:2].take(i, axis=1)
        moved = camera.drift((found - expected).T)
        if not np.count_nonzero(moved):
            return pairs
        self._shift(moved)
        return self._meeting()

    def _mutual(self, pairs: Pairs, tracks: Flags, sight: Flags) -> tuple[Rows, Rows]:
        """Which of `tracks` (n,) and `sight` (m,) are without doubt each other's best."""
        pairs = pairs.only((pairs.gain >= DRIFT_OVERLAP) & tracks[pairs.i] & sight[pairs.j])
        if is_clear(pairs):
            return pairs.i, pairs.j
        i, j, gains = pairs
        gain = np.zeros((len(tracks), len(sight)))
        gain[i, j] = gains
        return mutual(gain, DRIFT_OVERLAP)

    def _shift(self, moved: Floats) -> None:
        self._slack -= abs(float(moved[0]))
        self._tracks["cxcywh"][:, :2] += moved
        self._tracks["last_cxcywh"][:, :2] += moved
        self._tracks["foot_y"] += moved[1]
        self._tracks["sure_foot_y"] += moved[1]

    def _revive(self) -> None:
        """Match lost people with good detections where they are likely to be by now."""
        spec, sight = self._settings, self._sight
        eligible = self._free_tracks & self.confirmed
        candidates = self._free_sight & (sight.score >= spec.start)
        if not (np.count_nonzero(eligible) and np.count_nonzero(candidates)):
            return
        tracks, cxcywh = self._tracks[eligible], sight.cxcywh[candidates]
        height = tracks["cxcywh"][:, 3][:, None]
        apart = np.hypot(*(cxcywh[None, :, :2] - tracks["cxcywh"][:, None, :2]).transpose(2, 0, 1)) / height
        growth = np.abs(np.log(cxcywh[None, :, 3] / height))
        walked = motion.distance_walked(tracks, self.gap_s[eligible], spec.motion) < spec.revival_walk
        plausible = (apart < spec.revival_reach) & (growth < spec.revival_growth) & walked[:, None]
        distance2 = motion.distance2(tracks, cxcywh, sight.noise[candidates])
        uncontested = self.gap_s[eligible] < spec.contested_s
        absent_s = np.maximum(self.gap_s[eligible] - self._dt_s, 0.0)
        limit = spec.revival_gate / (1.0 + absent_s / spec.revival_fade_s)
        i, j = assign(gate(distance2, plausible, uncontested, limit), 0.0)
        self._match(eligible.nonzero()[0][i], candidates.nonzero()[0][j])
