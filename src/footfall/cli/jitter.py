"""`footfall evaluate jitter`: options, progress, and what is refused."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import NoReturn

from footfall.cli.watch import say
from footfall.core.errors import ConfigError, Problem
from footfall.evaluation.jitter import JitterReport, Score, Suite, run_suite

DEFAULT = Suite()
MOST_PEOPLE = 100_000


def add_jitter_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the jitter suite can be asked."""
    group = parser.add_argument_group("jitter")
    group.add_argument("--seed", type=int, help=f"other people, other noise (default {DEFAULT.seed})")
    group.add_argument("--people", type=int, help=f"in each condition (default {DEFAULT.people})")
    group.add_argument("--sigma", metavar="PX,...", help="trembling of the boxes, px of 640 (default 2,4,6)")
    group.add_argument("--switches", type=float, help="id switches for every 100 people (default 5)")
    group.add_argument("--fps", metavar="N,...", help="other frame rates than 15 (default 30,5,3)")


def run_jitter(args: argparse.Namespace) -> JitterReport:
    """Run all conditions, one after the other.

    Raises:
        ConfigError: an option makes no sense.
    """
    suite = _suite(args)
    conditions = suite.conditions()
    scores: list[Score] = []
    mistakes: Counter[str] = Counter()
    for score, wrong in run_suite(suite):
        scores.append(score)
        mistakes += wrong
        say(f"{len(scores)}/{len(conditions)} {score.condition}: {score.total_error:.1%} off")
    return JitterReport(tuple(scores), mistakes)


def _suite(args: argparse.Namespace) -> Suite:
    if args.truth or args.result or args.model:
        _refuse("TRUTH", "does not go with jitter", "leave files and models out: the suite makes its own people")
    seed = DEFAULT.seed if args.seed is None else args.seed
    people = DEFAULT.people if args.people is None else args.people
    switches = DEFAULT.switches if args.switches is None else args.switches
    if not 1 <= people <= MOST_PEOPLE:
        _refuse("--people", f"{people} is not between 1 and {MOST_PEOPLE}", "300 are enough for a first look")
    if not 0.0 <= switches <= 100.0:
        _refuse("--switches", f"{switches:g} is not between 0 and 100", "give switches for every 100 people")
    sigmas_px = _numbers("--sigma", args.sigma, DEFAULT.sigmas_px, (0.0, 50.0))
    frame_rates = _numbers("--fps", args.fps, DEFAULT.frame_rates, (1.0, 120.0))
    return Suite(seed, people, sigmas_px, switches, frame_rates)


def _numbers(
    option: str, text: str | None, default: tuple[float, ...], limits: tuple[float, float]
) -> tuple[float, ...]:
    if text is None:
        return default
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        _refuse(option, f"{text!r} is no list of numbers", "write numbers with commas between them: 2,4,6")
    if not all(limits[0] <= number <= limits[1] for number in numbers):
        _refuse(option, f"{text} is not between {limits[0]:g} and {limits[1]:g}", "give smaller or larger numbers")
    return numbers


def _refuse(option: str, what: str, cure: str) -> NoReturn:
    raise ConfigError([Problem("command line", option, what, cure)])
