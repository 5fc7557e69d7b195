"""Detectors that the user names or has, side by side: opened with one thread each and run in turn."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rich.progress import track

from footfall.cli.terminal import Terminal
from footfall.cli.watch import say
from footfall.core.errors import ConfigError, DetectorError, Problem
from footfall.core.types import Frame
from footfall.detect.build import open_detector
from footfall.detect.catalogue import MOTION, list_models, path
from footfall.evaluation.in_turn import Contestant, run_in_turn
from footfall.evaluation.labelled import CocoTruth, categories
from footfall.runtime.folders import models_folder

LEAST_SCORE = 0.01
"""Boxes down to here are scored: average precision is the area under a whole curve, as in the literature."""


def named_contestants(models: Sequence[str], *, thorough: bool) -> list[Contestant]:
    """The models of --model, in that order; `thorough`: boxes of less than the card's least score are found, too.

    Raises:
        ConfigError: no such model, or the same twice.
        DetectorError: one is not there or does not load.
    """
    twice = [model for model, count in Counter(models).items() if count > 1]
    if twice:
        raise ConfigError([Problem("command line", "--model", f"{twice[0]} is named twice", "name each model once")])
    contestants = [open_contestant(model, thorough=thorough) for model in models]
    shared = {name for name, count in Counter(one.name for one in contestants).items() if count > 1}
    for one, model in zip(contestants, models, strict=True):
        one.name = model if one.name in shared else one.name
    return contestants


def installed_contestants(*, thorough: bool, with_motion: bool = False) -> list[Contestant]:
    """Every model whose file is on this machine; what does not load is told and left out.

    Raises:
        ConfigError: there is none.
    """
    contestants: list[Contestant] = []
    for card in list_models():
        if card.files and path(card.name, models_folder()).is_file():
            try:
                contestants.append(open_contestant(card.name, thorough=thorough))
            except DetectorError as error:
                say(f"without {card.name}: {error}")
    if with_motion:
        contestants.append(open_contestant(MOTION, thorough=False))
    if not contestants:
        cure = "name one with --model NAME|PATH, or get one with `footfall models pull NAME`"
        raise ConfigError([Problem(str(models_folder()), "$", "no network is on this machine", cure)])
    return contestants


def refuse_motion(models: Iterable[str], cure: str = "a clip to `footfall models benchmark`") -> None:
    """Give up if motion is asked for where there is no unbroken video.

    Raises:
        ConfigError: it is.
    """
    if MOTION in models:
        what = "motion needs unbroken video, not single pictures"
        raise ConfigError([Problem("command line", "--model motion", what, f"take it out, or give {cure}")])


def able(truth: CocoTruth, contestants: Sequence[Contestant]) -> list[Contestant]:
    """Those that find what the truth holds; the others are told and left out."""
    held = categories(truth)
    taking_part = [one for one in contestants if any(one.finds(category) for category in held)]
    for one in contestants:
        if one not in taking_part:
            say(f"without {one.name}: it finds {', '.join(one.card.labels)}, the truth holds {', '.join(held)}")
    return taking_part


def hold(
    frames: Iterable[Frame],
    contestants: Sequence[Contestant],
    total: int | None,
    then: Callable[[Frame], object] = lambda _: None,
) -> None:
    """Let all of them see every frame, with a bar on a terminal; `then` is told each one that all have seen.

    Raises:
        FootfallError: a picture cannot be read or a model failed.
    """
    names = ", ".join(one.name for one in contestants)
    say(f"{names}: {'' if total is None else f'{total} '}pictures in turn, one thread each")
    turns = run_in_turn(frames, contestants, time.perf_counter)
    console = Terminal(stderr=True)
    shown = track(turns, "measuring", total, console=console, transient=True) if console.is_terminal else turns
    for frame in shown:
        then(frame)


def open_contestant(model: str, *, thorough: bool) -> Contestant:
    """A detector by its name or file; `thorough`: weak boxes are kept too.

    Raises:
        As `named_contestants`.
    """
    detector, card = open_detector(model, folder=models_folder(), threads=1)
    weak = open_detector(model, folder=models_folder(), min_score=LEAST_SCORE, threads=1)[0] if thorough else None
    return Contestant(card.name if card.origin == "shipped" else Path(model).stem, detector, card, weak)
