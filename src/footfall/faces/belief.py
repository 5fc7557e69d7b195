"""What is believed about one person's mask: evidence adds up in log-odds, fades, and is told while it is fresh.

A face of score s counts as (1 + s) / 2 probable to be what its label says, which makes log((1 + s) / (1 - s)) of
evidence. Evidence halves every `half_life_s`, so that a mask put on late is believed soon. Looks in quick succession
show the same thing and share the weight of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import Final

from footfall.core.types import MaskLabel, MaskState

MASK: Final = "face_mask"
BARE: Final = "face_nomask"


@dataclass(frozen=True, slots=True)
class BeliefSettings:
    """How fast minds are made up and changed."""

    half_life_s: float = 3.0
    independent_s: float = 0.2
    """Looks that far apart are worth full evidence each."""
    least_confidence: float = 0.8
    """Below, nothing is said."""
    most_confidence: float = 0.99
    hold_s: float = 2.0
    """So long a result outlives the last sight of the face; longer than the pause between looks at settled people."""


@dataclass(frozen=True, slots=True)
class Belief:
    """About one person at one moment."""

    log_odds: float = 0.0
    """Of a mask against a bare face, as of `seen_s`."""
    seen_s: float | None = None
    """Stream time at which the face was last seen; None: never."""


DEFAULT = BeliefSettings()


def learn(belief: Belief, label: MaskLabel, score: float, t_s: float, settings: BeliefSettings = DEFAULT) -> Belief:
    """After a face was seen at stream time `t_s`, not before the last one.

    Args:
        belief: so far.
        label: of the face.
        score: of the face, in [0, 1].
        t_s: stream time in seconds.
        settings: how fast.
    """
    most = _log_odds(settings.most_confidence)
    apart_s = settings.independent_s if belief.seen_s is None else t_s - belief.seen_s
    weight = min(1.0, apart_s / settings.independent_s)
    evidence = weight * min(most, _log_odds((1.0 + min(score, settings.most_confidence)) / 2.0))
    summed = faded(belief, t_s, settings) + (evidence if label == MASK else -evidence)
    return Belief(max(-most, min(most, summed)), t_s)


def faded(belief: Belief, t_s: float, settings: BeliefSettings = DEFAULT) -> float:
    """What is left of the log-odds at stream time `t_s`."""
    if belief.seen_s is None:
        return 0.0
    return float(belief.log_odds * 0.5 ** ((t_s - belief.seen_s) / settings.half_life_s))


def tell(belief: Belief, t_s: float, settings: BeliefSettings = DEFAULT) -> MaskState | None:
    """The likelier label with its probability; None while undecided, or when the face has not been seen for long."""
    if belief.seen_s is None or t_s - belief.seen_s > settings.hold_s:
        return None
    log_odds = faded(belief, t_s, settings)
    confidence = 1.0 / (1.0 + exp(-abs(log_odds)))
    if confidence < settings.least_confidence:
        return None
    return MaskState(MASK if log_odds > 0.0 else BARE, confidence)


def _log_odds(probability: float) -> float:
    return log(probability / (1.0 - probability))
