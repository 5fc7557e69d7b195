"""Where each person stands, and how much that can be trusted: the ground under zone, line and distance rules.

Detector boxes tremble. A person who stands close to a border would pass it many times a minute, so a change of side
has to be firm: at least the rule's threshold deep (the letter of RULE 15 and 16) and, where the person's own sights
show jitter, so much deeper that jitter alone cannot have carried the person there from the threshold. That may be one
sight far beyond, or the mean of the last moments a little beyond: a mean over many sights trembles less. Clean or very
short tracks are judged by the threshold alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from math import sqrt

from footfall.core.geometry import Point, bottom_center, box_center, to_widths
from footfall.core.types import TrackObservation
from footfall.spatial.motion import LEAST, Noise, Sample, blend, noise
from footfall.spatial.regions import Focus
from footfall.spatial.trace import MEMORY_S, SIGHTS, Sight, Trace

CERTAINTY = 2.5
"""Standard deviations of jitter beyond the threshold that count as more than chance in one sight..."""
CERTAINTY_OF_MEAN = 1.0
"""...and in the mean of very many: there are fewer chances to be wrong."""
FAR_W = 0.1
"""No jitter carries anybody so far beyond the threshold."""
ROUNDING_W = 1e-9
"""More than what lengths are ever wrong by."""
REFRESH_S = 0.5
"""How often the jitter is measured anew..."""
TYPICAL_OF = 100
"""So many measurements make what is typical of a camera."""
TRUST_S = 1.0
"""When somebody has been seen for so long, the own jitter counts as much as what is typical."""
LEARN_S = 10.0
"""...and how long what was measured before counts as much as what is measured now."""


class Typical:
    """How much boxes tremble on this camera: what to think of people who are seen for the first time.

    Jitter is kept in body heights, a running mean over what was measured of everybody.
    """

    __slots__ = ("_jitter", "_measured")

    def __init__(self) -> None:
        self._jitter = Noise()
        self._measured = 0

    def learn(self, jitter: Noise, height_w: float) -> None:
        """Take one measurement of somebody of this height, image widths."""
        if height_w > 0.0:
            self._measured += 1
            share = 1.0 / min(self._measured, TYPICAL_OF)
            self._jitter = blend(self._jitter, Noise(jitter.sigma / height_w, jitter.memory), share)

    def of(self, height_w: float) -> Noise | None:
        """What to expect of somebody of this height; None before anything was measured."""
        return Noise(self._jitter.sigma * height_w, self._jitter.memory) if self._measured else None


class Rest:
    """A circle around where somebody stood in which an answer stays the same: no need to look again.

    Args:
        middle_w: where the answer was found.
        radius_w: how far one may go from there before it can be another one.
    """

    __slots__ = ("_radius2", "_x", "_y")

    def __init__(self, middle_w: Point, radius_w: float) -> None:
        self._x, self._y = middle_w
        self._radius2 = max(radius_w - ROUNDING_W, 0.0) ** 2

    def holds(self, point_w: Point) -> bool:
        """Whether the answer still stands at this point."""
        x, y = point_w[0] - self._x, point_w[1] - self._y
        return x * x + y * y < self._radius2


class Footing:
    """One person under one focus: where now, and where just before. Points in image widths, times in stream time."""

    __slots__ = (
        *("_aspect", "_focus", "_last", "_noise", "_noise_s", "_sampled", "_since_s", "_typical"),
        *("before_s", "before_w", "is_new", "key", "point_w", "sides", "t_s", "trace"),
    )

    def __init__(self, trace: Trace, focus: Focus, aspect: float, typical: Typical) -> None:
        self.trace = trace
        self.key = trace.key
        self.is_new = True
        self.sides: list[bool] | None = None
        """On which side of every region, where that is known."""
        self._focus = focus
        self._aspect = aspect
        self._typical = typical
        self._sampled: deque[Sample] = deque(maxlen=SIGHTS)
        self._last: Sight | None = None
        self._noise = Noise()
        self._noise_s = self._since_s = trace.last_s
        self.t_s = self.before_s = trace.last_s
        self.point_w = self.before_w = self._point(trace.person, trace.foot_n)

    @property
    def person(self) -> TrackObservation:
        """As last seen."""
        return self.trace.person

    def stand(self) -> None:
        """Move on to where the person is seen now."""
        self.is_new = False
        self.before_w, self.before_s = self.point_w, self.t_s
        self.t_s = self.trace.last_s
        foot_n = self.trace.foot_n
        if self._focus is Focus.FOOTPRINT:
            self.point_w = foot_n[0], foot_n[1] * self._aspect
        else:
            self.point_w = self._point(self.trace.person, foot_n)

    def is_firm(self, depth: float, threshold_w: float, depth_w: Callable[[Point], float]) -> bool:
        """Whether the person has come to the other side of a border for good.

        Args:
            depth: how far beyond the border the person is seen now, image widths; the caller has already compared it
                with the rule's threshold.
            threshold_w: the rule's.
            depth_w: tells how far a point lies on that side (negative: not there).
        """
        if depth >= threshold_w + FAR_W:
            return True
        jitter = self._jitter()
        if jitter.sigma <= 0.0 or depth >= threshold_w + CERTAINTY * jitter.sigma:
            return True
        _, xs, ys = zip(*self._samples(), strict=True)
        for number in (len(xs), len(xs) // 2, len(xs) // 4):
            if number == 0:
                break
            spread = 1.0 / sqrt(jitter.independent(number))
            certainty = CERTAINTY_OF_MEAN + spread * (CERTAINTY - CERTAINTY_OF_MEAN)
            mean = sum(xs[-number:]) / number, sum(ys[-number:]) / number
            if depth_w(mean) >= threshold_w + certainty * spread * jitter.sigma:
                return True
        return False

    def is_likely(self, threshold_w: float, depth_w: Callable[[Point], float]) -> bool:
        """Whether the person has on the whole been deeper than the threshold: enough to know where somebody began."""
        return depth_w(_mean(self._samples())) >= threshold_w

    def _jitter(self) -> Noise:
        """The person's jitter, measured anew from time to time."""
        since_s = self.t_s - self._noise_s
        if len(self.trace.sights) >= LEAST and (since_s >= REFRESH_S or self._noise.sigma <= 0.0):
            known_s = self.t_s - self._since_s
            share = since_s / min(LEARN_S, known_s) if self._noise.sigma > 0.0 and known_s != 0.0 else 1.0
            self._noise = blend(self._noise, noise(self._samples()), share)
            self._noise_s = self.t_s
            self._typical.learn(self._noise, self.trace.height_w)
        expected = self._typical.of(self.trace.height_w)
        known_s = max(self.t_s - self._since_s, 0.0)
        return self._noise if expected is None else blend(expected, self._noise, known_s / (known_s + TRUST_S))

    def _samples(self) -> list[Sample]:
        self._catch_up()
        oldest_s = self.t_s - MEMORY_S
        return [sample for sample in self._sampled if sample[0] >= oldest_s]

    def _catch_up(self) -> None:
        """Sample the sights that are new since somebody last asked."""
        new = []
        for sight in reversed(self.trace.sights):
            if sight is self._last:
                break
            new.append(sight)
        new.reverse()
        if self._focus is Focus.FOOTPRINT:
            aspect = self._aspect
            self._sampled.extend([(t_s, foot_n[0], foot_n[1] * aspect) for t_s, _, foot_n in new])
        else:
            self._sampled.extend([(t_s, *self._point(person, foot_n)) for t_s, person, foot_n in new])
        self._last = self.trace.sights[-1]

    def _point(self, person: TrackObservation, foot_n: Point) -> Point:
        if self._focus is Focus.FOOTPRINT:
            return foot_n[0], foot_n[1] * self._aspect
        point_n = bottom_center(person.box_n) if self._focus is Focus.BOTTOM_CENTER else box_center(person.box_n)
        return to_widths(point_n, self._aspect)


def _mean(samples: Sequence[Sample]) -> Point:
    _, xs, ys = zip(*samples, strict=True)
    return sum(xs) / len(xs), sum(ys) / len(ys)


class Footings:
    """All people under one focus.

    Args:
        focus: which point of the box decides.
        aspect: height / width of the picture.
    """

    def __init__(self, focus: Focus, aspect: float) -> None:
        self._focus = focus
        self._aspect = aspect
        self._typical = Typical()
        self._known: dict[int, Footing] = {}

    def step(self, seen: Sequence[Trace]) -> list[Footing]:
        """Everybody seen now, in the order given."""
        people = []
        for trace in seen:
            footing = self._known.get(trace.key)
            if footing is None:
                footing = self._known[trace.key] = Footing(trace, self._focus, self._aspect, self._typical)
            else:
                footing.stand()
            people.append(footing)
        return people

    def known(self) -> list[Footing]:
        """Everybody who is not gone, in order of arrival."""
        return sorted(self._known.values(), key=lambda footing: footing.key)

    def forget(self, keys: Sequence[int]) -> list[Footing]:
        """Those who are gone for good."""
        return [self._known.pop(key) for key in keys]
