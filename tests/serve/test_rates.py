from __future__ import annotations

from footfall.serve.rates import Rates, Sample, Span


def test_rates_are_those_of_the_last_ten_seconds() -> None:
    span = Span()
    for second in range(31):
        frames = 25 * second
        span.add(Sample(float(second), frames, 10 * min(second, 20), 0.5 * min(second, 20)))
    assert span.rates() == Rates(25.0, 0.0, 0.0), "nothing was analysed since 20 s"


def test_one_sample_tells_nothing_and_two_do() -> None:
    span = Span()
    span.add(Sample.of(1.0, {}, {}))
    assert span.rates() == Rates()
    span.add(Sample.of(3.0, {"frames_in": 30, "frames_analysed": 20}, {"analysis": 1.0}))
    assert span.rates() == Rates(15.0, 10.0, 0.05)


def test_a_camera_that_was_started_anew_begins_at_nothing() -> None:
    span = Span()
    span.add(Sample(1.0, 1000, 1000, 1.0))
    span.add(Sample(2.0, 10, 10, 0.1))
    assert span.rates() == Rates()
