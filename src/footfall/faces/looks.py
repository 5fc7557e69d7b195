"""Whom to look at now: newcomers at once, the undecided often, the settled and those who turn away rarely.

Everybody who is due shares one sheet, and there is a pause between sheets: a crowd is looked at in turns, and costs no
more network runs than one person does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LookSettings:
    """How often, in seconds of stream time."""

    often_s: float = 0.2
    """Between two looks at somebody undecided, and between any two sheets of a camera."""
    rarely_s: float = 1.0
    """Between two looks at somebody settled, or turned away."""
    patience: float = 4.0
    """Who has shown no face for a time is looked at this many times in as long again."""
    slack_s: float = 0.01
    """A frame that comes so little too early is not passed over: time stamps jitter."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What decides when one person is looked at."""

    track_id: str
    since_look_s: float
    """Infinite: never yet."""
    since_news_s: float
    """Since the face was last seen, or, before that, since the person came."""
    is_settled: bool
    """There is a result to tell."""
    width_px: float = 0.0
    """Of two who wait alike the nearer one comes first."""


DEFAULT = LookSettings()


def interval_s(turn: Turn, settings: LookSettings = DEFAULT) -> float:
    """How long to leave somebody alone after a look."""
    if turn.is_settled and turn.since_news_s <= turn.since_look_s:
        return settings.rarely_s
    return min(settings.rarely_s, max(settings.often_s, turn.since_news_s / settings.patience))


def choose(
    turns: Iterable[Turn], since_sheet_s: float, places: int, settings: LookSettings = DEFAULT
) -> tuple[str, ...]:
    """Track ids to look at now, at most `places`, the longest overdue first; nobody during the pause between sheets."""
    if since_sheet_s < settings.often_s - settings.slack_s:
        return ()
    overdue = {turn: turn.since_look_s / interval_s(turn, settings) for turn in turns}
    due = [turn for turn in overdue if turn.since_look_s >= interval_s(turn, settings) - settings.slack_s]
    due.sort(key=lambda turn: (-overdue[turn], -turn.width_px))
    return tuple(turn.track_id for turn in due[:places])
