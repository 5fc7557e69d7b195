"""What is said about a mask, told as looks over time: (seconds, label, score)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.types import MaskLabel
from footfall.faces.belief import BARE, MASK, Belief, BeliefSettings, faded, learn, tell

Look = tuple[float, MaskLabel, float]
SETTINGS = BeliefSettings()


def after(looks: list[Look]) -> Belief:
    belief = Belief()
    for t_s, label, score in looks:
        belief = learn(belief, label, score, t_s)
    return belief


def every(seconds: float, start_s: float, end_s: float, label: MaskLabel, score: float) -> list[Look]:
    return [(start_s + seconds * n, label, score) for n in range(round((end_s - start_s) / seconds))]


@pytest.mark.parametrize(
    ("looks", "asked_s", "expected"),
    [
        pytest.param([], 0.0, None, id="nothing seen, nothing said"),
        pytest.param([(0.0, MASK, 0.95)], 0.0, MASK, id="one clear look is enough"),
        pytest.param([(0.0, MASK, 0.5)], 0.0, None, id="one vague look is not"),
        pytest.param([(0.0, MASK, 0.5), (0.2, MASK, 0.5)], 0.2, MASK, id="two vague looks agree"),
        pytest.param([(0.0, MASK, 0.7), (0.2, BARE, 0.7)], 0.2, None, id="two looks disagree"),
        pytest.param(
            [*every(0.2, 0.0, 1.0, MASK, 0.7), (1.0, BARE, 0.7)], 1.0, MASK, id="a single slip changes no mind"
        ),
        pytest.param(
            [*every(1.0, 0.0, 30.0, BARE, 0.95), *every(0.2, 30.0, 31.2, MASK, 0.9)], 31.2, MASK,
            id="a mask put on after half a minute is believed within about a second",
        ),
        pytest.param([(0.0, MASK, 0.95)], 1.9, MASK, id="still told shortly after"),
        pytest.param([(0.0, MASK, 0.95)], 2.1, None, id="turned away: nothing is told"),
        pytest.param([(0.0, MASK, 0.75)], 1.9, None, id="a weak result fades sooner"),
        pytest.param(every(0.001, 0.0, 0.05, BARE, 0.5), 0.05, None, id="fifty frames of one instant are one look"),
        pytest.param([(0.0, MASK, 0.0)], 0.0, None, id="a face without score proves nothing"),
    ],
)  # fmt: skip
def test_story(looks: list[Look], asked_s: float, expected: str | None) -> None:
    said = tell(after(looks), asked_s)
    assert (said and said.label) == expected


looks = st.lists(
    st.tuples(st.floats(0.0, 5.0), st.sampled_from([MASK, BARE]), st.floats(0.0, 1.0)), min_size=1, max_size=30
)


@given(looks, st.floats(0.0, 10.0))
def test_confidence_is_a_probability_worth_telling(steps: list[Look], later_s: float) -> None:
    now_s, belief = 0.0, Belief()
    for wait_s, label, score in steps:
        now_s += wait_s
        belief = learn(belief, label, score, now_s)
    said = tell(belief, now_s + later_s)
    if said is not None:
        assert SETTINGS.least_confidence <= said.confidence <= SETTINGS.most_confidence + 1e-9
        assert later_s <= SETTINGS.hold_s + 1e-6


@given(looks)
def test_masks_and_bare_faces_are_treated_alike(steps: list[Look]) -> None:
    swapped: list[Look] = [(t_s, BARE if label == MASK else MASK, score) for t_s, label, score in sorted(steps)]
    assert after(swapped).log_odds == pytest.approx(-after(sorted(steps)).log_odds)


@given(looks, st.floats(0.0, 10.0), st.floats(0.0, 10.0))
def test_belief_only_fades_without_news(steps: list[Look], soon_s: float, then_s: float) -> None:
    belief = after(sorted(steps))
    assert belief.seen_s is not None
    first, second = (abs(faded(belief, belief.seen_s + s)) for s in (soon_s, soon_s + then_s))
    assert second <= first <= abs(belief.log_odds)


def test_evidence_is_halved_in_a_half_life() -> None:
    belief = Belief(2.0, 10.0)
    assert faded(belief, 10.0 + SETTINGS.half_life_s) == pytest.approx(1.0)
    assert faded(Belief(), 10.0) == 0.0


@pytest.mark.parametrize("fps", [5, 10, 15, 30])
def test_the_rate_of_looks_does_not_matter_beyond_the_independent_one(fps: int) -> None:
    belief = after([(n / fps, MASK, 0.5) for n in range(2 * fps)])
    slow = after([(n / 5, MASK, 0.5) for n in range(10)])
    assert tell(belief, 2.0) is not None
    assert belief.log_odds == pytest.approx(slow.log_odds, rel=0.15)
