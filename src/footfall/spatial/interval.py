"""A count and what is known of its mistakes -> an interval that holds the truth 19 times out of 20.

Of what was told, some did not happen (`extra`); some that happened was not told (`missed`). Both numbers are sums of
many unlikely events, each with a probability of its own: a Poisson binomial, which is close to a Poisson law (Le Cam,
"An approximation theorem for the Poisson binomial distribution", 1960). How likely mistakes are is itself known only
roughly, and in the same way for the whole of a camera's day: the rate is taken to be Gamma distributed, which makes
each number negative binomial (Greenwood and Yule, 1920). Where single mistakes are all but certain their number varies
less than Poisson's, and a binomial law has the same mean and variance. One recursion gives all three (Panjer,
"Recursive evaluation of a family of compound distributions", 1981). Truth = told - extra + missed.

Mean and variance add up over lines, hours and cameras: estimates can be kept in a store and summed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
UNSURE = 0.5
"""Standard deviation of how often mistakes really are made, as a share of how often they are expected."""
SPREAD = 0.8
"""Figures differ among each other by at least this share of their mean."""
BLUR_S = 1.0
"""Standard deviation of the length of one visit as told."""
FAR = 9.0
"""Standard deviations beyond which nothing is left to add up."""
MANY = 2000.0
"""From so many mistakes on the normal law will do."""
NEGLIGIBLE = 1e-9


class Interval(NamedTuple):
    """Both ends included."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}-{self.high}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A count with the mistakes to be expected in it. Adds up; a difference keeps the mistakes of both.

    >>> str(Estimate(12, extra=0.4, extra_variance=0.3, missed=1.2, missed_variance=1.2).interval())
    '11-16'
    """

    told: int = 0
    extra: float = 0.0
    """Expected number of those told that did not happen..."""
    extra_variance: float = 0.0
    """...and its variance, were the probabilities exact."""
    missed: float = 0.0
    """Expected number of those that happened and were not told."""
    missed_variance: float = 0.0

    @classmethod
    def of(cls, *, extra: float = 0.0, missed: float = 0.0, told: int = 1) -> Estimate:
        """One event: the probability that it did not happen, and how many others are likely to have gone unseen."""
        return cls(told, extra, extra * (1.0 - extra), missed, missed)

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(
            self.told + other.told,
            self.extra + other.extra,
            self.extra_variance + other.extra_variance,
            self.missed + other.missed,
            self.missed_variance + other.missed_variance,
        )

    def __sub__(self, other: Estimate) -> Estimate:
        """What came in less what went out: an exit too many is a person too few."""
        return Estimate(
            self.told - other.told,
            self.extra + other.missed,
            self.extra_variance + other.missed_variance,
            self.missed + other.extra,
            self.missed_variance + other.extra_variance,
        )

    @property
    def expected(self) -> float:
        """The most honest single figure."""
        return self.told - self.extra + self.missed

    def interval(self, level: float = LEVEL, least: int | None = 0) -> Interval:
        """The middle `level` of what the truth may be; always holds what was told, never goes below `least`.

        Ends are chosen by mid-P (Lancaster, "Significance tests in discrete distributions", 1961), so that intervals
        of whole numbers hold the truth as often as they say on average, and not more often.

        Raises:
            ValueError: `level` is not between 0 and 1.
        """
        if not 0.0 < level < 1.0:
            raise ValueError(f"level is {level}: must lie between 0 and 1")
        extra = Mistakes(self.extra, self.extra_variance + (UNSURE * self.extra) ** 2)
        missed = Mistakes(self.missed, self.missed_variance + (UNSURE * self.missed) ** 2)
        most = None if least is None else max(self.told - least, 0)
        down, up = _ends(extra, missed, (1.0 - level) / 2.0, most)
        low, high = self.told + min(down, 0), self.told + max(up, 0)
        return Interval(low if least is None else max(low, min(least, self.told)), high)


def mean_interval(total: float, squares: float, number: Estimate, level: float = LEVEL) -> tuple[float, float] | None:
    """Interval of a mean, of which the sum of the figures told, that of their squares, and their number are known.

    A visit told too often is taken to be one that was cut in two: the mean grows by its share. A visit that was missed
    may have been as long as any told. None where nothing was told.
    """
    if number.told < 1:
        return None
    real = max(number.told - number.extra, 1.0)
    mean = total / real
    spread = max(squares / number.told - (total / number.told) ** 2, (SPREAD * mean) ** 2)
    cut = number.extra_variance + (UNSURE * number.extra) ** 2
    lost = number.missed_variance + (UNSURE * number.missed) ** 2
    variance = mean**2 * cut / real**2 + spread * (number.extra + lost) / real**2 + BLUR_S**2 / real
    reach = -NormalDist().inv_cdf((1.0 - level) / 2.0) * sqrt(variance)
    told = total / number.told
    return max(0.0, min(told, mean - reach)), max(told, mean + reach)


@dataclass(frozen=True, slots=True)
class Mistakes:
    """How many there are, by mean and variance."""

    mean: float
    variance: float

    def law(self) -> NDArray[np.float64]:
        """(k,) probability of 0, 1, 2 ... mistakes."""
        if self.mean <= NEGLIGIBLE:
            return np.ones(1)
        # Panjer's class: p(k) / p(k - 1) = a + b / k
        a = 1.0 - self.mean / max(self.variance, NEGLIGIBLE)
        b = self.mean * (1.0 - a) - a
        k = np.arange(1, ceil(self.mean + FAR * sqrt(max(self.variance, self.mean)) + FAR))
        ratio = np.maximum(a + b / k, 0.0)
        with np.errstate(divide="ignore"):
            log_p = np.concatenate([[0.0], np.cumsum(np.log(ratio))])
        p = np.exp(log_p - log_p.max())
        whole: NDArray[np.float64] = p / p.sum()
        return whole


def _ends(extra: Mistakes, missed: Mistakes, tail: float, most: int | None) -> tuple[int, int]:
    """Lowest and highest credible difference between truth and what was told."""
    if extra.mean + missed.mean > MANY:
        reach = -NormalDist().inv_cdf(tail) * sqrt(extra.variance + missed.variance)
        middle = missed.mean - extra.mean
        return floor(middle - reach), ceil(middle + reach)
    fewer, more = extra.law(), missed.law()
    if most is not None:
        fewer = fewer[: most + 1] / max(fewer[: most + 1].sum(), NEGLIGIBLE)
    difference = np.convolve(more, fewer[::-1])
    middle_p = np.cumsum(difference) - difference / 2.0
    values = np.arange(len(difference)) - (len(fewer) - 1)
    credible = values[(middle_p >= tail) & (middle_p <= 1.0 - tail)]
    if not len(credible):
        likeliest = int(values[difference.argmax()])
        return likeliest, likeliest
    return int(credible[0]), int(credible[-1])
