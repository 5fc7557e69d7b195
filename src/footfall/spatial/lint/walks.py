"""What recorded people did: how tall they look, how fast they go, where they stand, begin and end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from footfall.spatial.lint.recording import Bools, Floats, Recording, Rows
from footfall.spatial.lint.shapes import in_widths
from footfall.spatial.motion import MEDIAN_OF_SQUARES
from footfall.spatial.regions import Focus

SPEED_WINDOW_S = 0.5
STILL_WINDOW_S = 1.5
"""Speed and standing are judged over so many seconds before and after."""
STILL_HEIGHTS = 0.15
"""Who stays within this many body heights on both sides of a moment stands."""
WALKED_HEIGHTS = 0.5
JITTER_REACH = 3.0
LONGEST_CREDIT_S = 1.0
BORDER_N = 0.01
"""A box that ends this near to the picture's border is taken to be cut off."""
NEAR_BORDER_HEIGHTS = 0.3
"""People come into view, or leave it, where their box is this near to the border."""


@dataclass(frozen=True, eq=False)
class Walks:
    """Figures of a recording with at least one sight; rows are those of the recording, people count from 0."""

    recording: Recording

    @cached_property
    def first(self) -> Rows:
        """(p,) row of each person's first sight."""
        person = self.recording.person
        return np.flatnonzero(np.concatenate([[True], person[1:] != person[:-1]]))

    @cached_property
    def last(self) -> Rows:
        """(p,) row of each person's last sight."""
        return np.asarray(np.append(self.first[1:], len(self.recording)) - 1)

    @cached_property
    def who(self) -> Rows:
        """(n,) number of each row's person, from 0."""
        return np.repeat(np.arange(len(self.first)), self.last - self.first + 1)

    @property
    def people(self) -> int:
        """How many people there are."""
        return len(self.first)

    @cached_property
    def steps(self) -> Rows:
        """(k,) rows that have a next sight of the same person, in the row behind them."""
        return np.flatnonzero(self.who[1:] == self.who[:-1])

    @cached_property
    def height_w(self) -> Floats:
        """(n,) height of the box in image widths, never 0."""
        box = self.recording.box_n
        return np.maximum((box[:, 3] - box[:, 1]) * self.recording.aspect, 1e-4)

    @cached_property
    def life_s(self) -> Floats:
        """(p,) seconds from first to last sight."""
        return self.recording.t_s[self.last] - self.recording.t_s[self.first]

    @cached_property
    def credit_s(self) -> Floats:
        """(n,) seconds that each sight stands for."""
        credit = np.zeros(len(self.recording))
        credit[self.steps] = np.diff(self.recording.t_s)[self.steps]
        return np.minimum(credit, LONGEST_CREDIT_S)

    @cached_property
    def frame_period_s(self) -> float:
        """Median time between two frames; 0 where there is only one."""
        times = self.recording.frame_s
        return float(np.median(np.diff(times))) if len(times) > 1 else 0.0

    def point_w(self, focus: Focus = Focus.FOOTPRINT) -> Floats:
        """(n, 2) the point that a rule with this focus looks at, in image widths."""
        return in_widths(self.point_n(focus), self.recording.aspect)

    def point_n(self, focus: Focus = Focus.FOOTPRINT) -> Floats:
        """(n, 2) the same, normalised."""
        box = self.recording.box_n
        if focus is Focus.FOOTPRINT:
            return self.recording.foot_n
        across = (box[:, 0] + box[:, 2]) / 2
        return np.column_stack([across, box[:, 3] if focus is Focus.BOTTOM_CENTER else (box[:, 1] + box[:, 3]) / 2])

    @cached_property
    def head_n(self) -> Floats:
        """(n, 2) the middle of the head, a tenth of the body below the top."""
        box = self.recording.box_n
        return np.column_stack([(box[:, 0] + box[:, 2]) / 2, box[:, 1] + 0.1 * (box[:, 3] - box[:, 1])])

    def around(self, window_s: float) -> tuple[Rows, Rows]:
        """(n,) rows of the same person's earliest and latest sight within the window before and after."""
        times = self.recording.t_s - self.recording.t_s.min()
        key = self.who * (times.max() + 10.0 * window_s) + times
        return np.searchsorted(key, key - window_s), np.searchsorted(key, key + window_s, "right") - 1

    @cached_property
    def velocity_w(self) -> Floats:
        """(n, 2) image widths a second over the second around each sight; 0 where a person was seen once."""
        before, after = self.around(SPEED_WINDOW_S)
        point, times = self.point_w(), self.recording.t_s
        seconds = times[after] - times[before]
        way = point[after] - point[before]
        return np.asarray(np.where(seconds[:, None] > 0.0, way / np.maximum(seconds, 1e-6)[:, None], 0.0))

    @cached_property
    def speed_heights(self) -> Floats:
        """(n,) body heights a second."""
        return np.asarray(np.hypot(*self.velocity_w.T) / self.height_w)

    @cached_property
    def jitter_heights(self) -> float:
        """Standard deviation of what is not smooth motion, in body heights, per axis, over one and three frames."""
        return max(self._jitter(1), self._jitter(3))

    def _jitter(self, lag: int) -> float:
        rows = np.arange(lag, len(self.recording) - lag)
        rows = rows[self.who[rows - lag] == self.who[rows + lag]]
        if len(rows) < 6 * lag:
            return 0.0
        times, point = self.recording.t_s, self.point_w()
        before, after = rows - lag, rows + lag
        share = (times[rows] - times[before]) / np.maximum(times[after] - times[before], 1e-6)
        bend = point[rows] - point[before] - share[:, None] * (point[after] - point[before])
        gain = 1.0 + share**2 + (1.0 - share) ** 2
        squares = (bend**2).sum(axis=1) / gain / self.height_w[rows] ** 2
        return float(np.sqrt(np.median(squares) / MEDIAN_OF_SQUARES))

    @cached_property
    def jitter_w(self) -> Floats:
        """(n,) how far jitter reaches by chance, in image widths."""
        return self.height_w * self.jitter_heights * JITTER_REACH

    @cached_property
    def standing(self) -> Bools:
        """(n,) whether the person stands for some three seconds around this sight."""
        before, after = self.around(STILL_WINDOW_S)
        point, times = self.point_w(), self.recording.t_s
        limit = STILL_HEIGHTS * self.height_w + self.jitter_w
        rests = [np.hypot(*(point[rows] - point).T) <= limit for rows in (before, after)]
        whole = times[after] - times[before] >= 1.6 * STILL_WINDOW_S
        return np.asarray(rests[0] & rests[1] & whole)

    @cached_property
    def walked(self) -> Bools:
        """(p,) whether the person went somewhere."""
        away = np.hypot(*(self.point_w() - self.point_w()[self.first][self.who]).T)
        return self.most(away / self.height_w) >= WALKED_HEIGHTS

    @cached_property
    def cut(self) -> Bools:
        """(n, 4) whether the box is cut off by the picture's left, upper, right, lower border."""
        box = self.recording.box_n
        return np.column_stack([box[:, :2] <= BORDER_N, box[:, 2:] >= 1.0 - BORDER_N])

    @cached_property
    def near_border(self) -> Bools:
        """(n,) whether people who appear or vanish here come from, or leave to, beyond the picture."""
        box, reach = self.recording.box_n, NEAR_BORDER_HEIGHTS * self.height_w
        sides = (box[:, 0] <= reach) | (box[:, 2] >= 1.0 - reach) | (box[:, 3] >= 1.0 - reach / self.recording.aspect)
        return np.asarray(sides | self.cut.any(axis=1))

    def most(self, values: Floats) -> Floats:
        """(n,) -> (p,) the largest of each person."""
        return np.asarray(np.maximum.reduceat(values, self.first))

    def any(self, rows: Bools) -> Bools:
        """(n,) -> (p,) whether it holds at any sight of a person."""
        return np.asarray(np.logical_or.reduceat(rows, self.first))

    def sums(self, values: Floats) -> Floats:
        """(n,) -> (p,) the sum over each person's sights."""
        return np.asarray(np.add.reduceat(values, self.first))

    @cached_property
    def breaks(self) -> Rows:
        """(b, 2) people (earlier, later) where the later one begins where and soon after the earlier one ended.

        These are tracks in pieces that the rules do not put together again: within ten seconds and one body height.
        """
        times, point = self.recording.t_s, self.point_w()
        pairs = []
        for earlier in np.flatnonzero(~self.near_border[self.last]):
            end = self.last[earlier]
            gap_s = times[self.first] - times[end]
            apart = np.hypot(*(point[self.first] - point[end]).T) / self.height_w[end]
            later = np.flatnonzero((gap_s > 0.0) & (gap_s <= 10.0) & (apart <= 1.0 + np.minimum(gap_s, 1.0)))
            if len(later):
                pairs.append((earlier, later[np.argmin(apart[later])]))
        return np.array(pairs, np.intp).reshape(-1, 2)
