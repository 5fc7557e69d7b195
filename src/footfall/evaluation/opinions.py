"""What two classifiers make of the same people: how far they agree, how steady and how sure each is.

Agreement is not accuracy: of what both get wrong nothing is told here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median
from typing import Any, Final

from footfall.core.geometry import Box, Point
from footfall.core.types import Attribute
from footfall.engine.attributes import Told
from footfall.evaluation.asking import Interview, Look, Presence
from footfall.evaluation.audit_sheet import clock
from footfall.evaluation.report import Cell, share, table
from footfall.evaluation.whereabouts import Whereabouts

FEW: Final = 10
"""People that say little about a model."""
NOTICEABLE: Final = 0.2
"""Changes of mind a person."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one model makes of one person in the end."""

    tag: str
    """As in the project: `question:class`, or the class alone."""
    certainty: float
    """In [0, 1]: of the tag, by all looks together."""
    changes: int
    """How often what is told of the person became another tag."""
    steadiness: float
    """Share of the looks that say by themselves what is told in the end."""


@dataclass(frozen=True, slots=True)
class Case:
    """One person and one question, as both answered it."""

    track_id: str
    task: str
    seen: Presence
    looks: int
    at_s: float
    """A moment that shows the person well; where the models differ, one in which they do, if there is such."""
    box_n: Box
    footprint_n: Point
    where: str
    """In words."""
    opinions: tuple[Opinion, Opinion]

    @property
    def is_agreed(self) -> bool:
        """Whether both say the same in the end."""
        return self.opinions[0].tag == self.opinions[1].tag

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        sides = zip(("running", "new"), self.opinions, strict=True)
        return {
            "person": self.track_id,
            "task": self.task,
            "from_s": self.seen.first_s,
            "to_s": self.seen.last_s,
            "looks": self.looks,
            "at_s": self.at_s,
            "box": list(self.box_n),
            "where": self.where,
            **{
                side: {
                    "tag": one.tag,
                    "certainty": one.certainty,
                    "changes": one.changes,
                    "steadiness": one.steadiness,
                }
                for side, one in sides
            },
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """One model's figures over all people."""

    name: str
    tags: Mapping[str, int]
    """Of how many people each is told."""
    changes: float
    """Of mind, a person."""
    steadiness: float
    certainty: float
    ms: float
    """Median time of a look."""

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "model": self.name,
            "tags": dict(self.tags),
            "changes_per_person": self.changes,
            "steadiness": self.steadiness,
            "certainty": self.certainty,
            "ms_per_look": self.ms,
        }


@dataclass(frozen=True, slots=True)
class Opinions:
    """Both models on one recording."""

    title: str
    models: tuple[Figures, Figures]
    cases: tuple[Case, ...]
    """One a person and question, in the order in which people came."""
    unasked: int
    """People who were too small, or gone too soon."""

    @property
    def people(self) -> int:
        """Who was asked about."""
        return len({case.track_id for case in self.cases})

    @property
    def disputed(self) -> tuple[Case, ...]:
        """Those about whom they say different things, by time."""
        return tuple(case for case in self.cases if not case.is_agreed)

    @property
    def agreed(self) -> int:
        """People about whom both say the same, to every question."""
        return self.people - len({case.track_id for case in self.disputed})

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "clip": self.title,
            "people": self.people,
            "too_small": self.unasked,
            "agreed": self.agreed,
            "running": self.models[0].to_dict(),
            "new": self.models[1].to_dict(),
            "disputed": [case.to_dict() for case in self.disputed],
            "advice": self.advice(),
        }

    def table(self) -> str:
        """Plain text: figures of both, then the people to look at."""
        names = [model.name for model in self.models]
        tags = sorted({tag for model in self.models for tag in model.tags})
        rows: list[Sequence[Cell]] = [
            (f"people told {tag}", *(one.tags.get(tag, 0) for one in self.models)) for tag in tags
        ]
        rows += [
            ("changes of mind a person", *(f"{one.changes:.1f}" for one in self.models)),
            ("looks that say what is told in the end", *(f"{one.steadiness:.0%}" for one in self.models)),
            ("mean certainty", *(f"{one.certainty:.0%}" for one in self.models)),
            ("milliseconds a look", *(f"{one.ms:.1f}" for one in self.models)),
        ]
        beside = f" ({self.unasked} more were too small)" if self.unasked else ""
        parts = [table(f"{self.people} people of {self.title}, told by both{beside}", ("", *names), rows)]
        if self.disputed:
            columns = ("person", "seen", "where", *names)
            parts.append(table("what they disagree about", columns, [_row(case) for case in self.disputed]))
        return "\n\n".join(parts)

    def advice(self) -> str:
        """What to do about it, in sentences."""
        said = [self._agreement()]
        old, new = self.models
        if abs(old.changes - new.changes) >= NOTICEABLE:
            calm, other = (new, old) if new.changes < old.changes else (old, new)
            said.append(
                f"{calm.name} is steadier: {calm.changes:.1f} changes of mind a person against {other.changes:.1f}"
            )
        if self.people < FEW:
            said.append(f"{self.people} people are few: take a longer clip before you decide")
        return "; ".join(said)

    def _agreement(self) -> str:
        count = self.people - self.agreed
        if not count:
            return "they agree about everybody, rightly or wrongly: look at some people yourself"
        said = f"they agree about {share(self.agreed, self.people)} of people ({self.agreed} of {self.people})"
        if 2 * self.agreed < self.people:
            return f"{said}: these are two different opinions; tag pictures of the people listed, and see who is right"
        return f"{said}; look at {'this one' if count == 1 else f'these {count}'} before you switch over"


def opinions(
    interview: Interview, names: tuple[str, str], tasks: Sequence[str], title: str, at: Whereabouts
) -> Opinions:
    """Figures of what both have said.

    Args:
        interview: over.
        names: of the running model and of the new one.
        tasks: questions that both answer.
        title: what was looked at.
        at: says where in the picture something is.
    """
    by_track: defaultdict[str, list[Look]] = defaultdict(list)
    for look in interview.looks:
        by_track[look.track_id].append(look)
    cases = [
        case
        for track_id, seen in interview.met.items()
        for task in tasks
        if (case := _case(by_track[track_id], task, seen, at)) is not None
    ]
    figures = tuple(_figures(names[which], cases, which, interview.seconds[which]) for which in (0, 1))
    told = {case.track_id for case in cases}
    return Opinions(title, (figures[0], figures[1]), tuple(cases), len(interview.met.keys() - told))


def likeliest(told: Told, task: str) -> Attribute | None:
    """The likeliest class of a question; None where it was not answered."""
    return max((one for one in told if one.task == task), key=lambda one: one.confidence, default=None)


def tag_of(one: Attribute) -> str:
    """As the project calls it."""
    return f"{one.task}:{one.label}" if one.task else one.label


def _case(looks: Sequence[Look], task: str, seen: Presence, at: Whereabouts) -> Case | None:
    found = _opinion(looks, task, 0), _opinion(looks, task, 1)
    if found[0] is None or found[1] is None:
        return None
    apart = [look for look in looks if _read(look, task, 0) == found[0].tag and _read(look, task, 1) == found[1].tag]
    best = max(apart or looks, key=lambda look: _area(look.box_n))
    where = at.words(best.footprint_n)
    shown = best.t_s, best.box_n, best.footprint_n, where
    return Case(looks[0].track_id, task, seen, len(looks), *shown, (found[0], found[1]))


def _opinion(looks: Sequence[Look], task: str, which: int) -> Opinion | None:
    told = [one for look in looks if (one := likeliest(look.told[which], task)) is not None]
    if not told:
        return None
    tags = [tag_of(one) for one in told]
    changes = sum(before != after for before, after in pairwise(tags))
    alike = sum(_read(look, task, which) == tags[-1] for look in looks)
    return Opinion(tags[-1], told[-1].confidence, changes, alike / len(looks))


def _read(look: Look, task: str, which: int) -> str | None:
    one = likeliest(look.read[which], task)
    return None if one is None else tag_of(one)


def _figures(name: str, cases: Sequence[Case], which: int, seconds: Sequence[float]) -> Figures:
    mine = [case.opinions[which] for case in cases]
    tags = Counter(one.tag for one in mine)
    if not mine:
        return Figures(name, tags, 0.0, 0.0, 0.0, 0.0)
    looks = [case.looks for case in cases]
    steady = sum(one.steadiness * count for one, count in zip(mine, looks, strict=True)) / sum(looks)
    changes, certainty = fmean(one.changes for one in mine), fmean(one.certainty for one in mine)
    return Figures(name, tags, changes, steady, certainty, 1000 * median(seconds))


def _row(case: Case) -> tuple[Cell, ...]:
    seen = f"{clock(case.seen.first_s)} to {clock(case.seen.last_s)}"
    said = (f"{one.tag} ({one.certainty:.0%})" for one in case.opinions)
    return case.track_id[-4:], seen, case.where, *said


def _area(box_n: Box) -> float:
    return (box_n[2] - box_n[0]) * (box_n[3] - box_n[1])
