"""Audits of clips: what events told, and the report as tables. The rest is in `spatial.audit`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from footfall.evaluation.report import Cell, table
from footfall.evaluation.sightings import sightings
from footfall.spatial.audit.estimate import AuditReport
from footfall.spatial.audit.moments import Told

FIRST_WORDS, SECOND_WORDS = ("CrossRight", "Enter"), ("CrossLeft", "Exit")
EVENT_TYPES = ("personLineEvent", "personZoneEnterExitEvent")
MILLISECONDS = 1000.0


def told_by_events(bodies: Iterable[dict[str, Any]], file: str) -> list[Told]:
    """Crossings, entries and exits of event bodies written with media time.

    Raises:
        ConfigError: a body is no event message, or its time is no media time.
    """
    return [
        Told(one.region, one.status in FIRST_WORDS, one.frame / MILLISECONDS)
        for one in sightings(bodies, MILLISECONDS, file)
        if one.type in EVENT_TYPES and one.status in (*FIRST_WORDS, *SECOND_WORDS)
    ]


def tables(report: AuditReport) -> str:
    """A report for people."""
    figures: list[tuple[Cell, ...]] = [
        ("events told", str(report.told), None, None),
        ("events in truth", *report.true.spelt()),
        ("found, % of true ones", *report.recall.spelt()),
        ("invented, % of told ones", *report.invented.spelt()),
        ("total error, %", *report.total_error.spelt()),
    ]
    looked = [(one.kind, one.moments, one.answered, one.missed, one.invented) for one in report.kinds]
    return "\n\n".join(
        [
            table("How right the counts are", ("figure", "estimate", "95 % from", "to"), figures),
            table("What was looked at", ("moments with", "moments", "looked at", "missed", "invented"), looked),
        ]
    )
