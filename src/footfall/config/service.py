"""`service` of footfall.yaml: what `footfall serve` keeps, and for how long; `footfall run` passes it by.

service:
  tracks_hours: 24         # recorded people, for previews of rules and heat maps; 0: off
  events_days: 30
  numbers_days: 730        # 0: for ever
  aggregate_only: false    # numbers without ids of people
"""

from __future__ import annotations

from dataclasses import dataclass

from footfall.config.section import Section

MOST_HOURS = 24 * 31
MOST_DAYS = 36_600
ELSEWHERE = ("home_assistant", "sign_on")
"""Keys that others read."""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What a service keeps."""

    tracks_hours: float = 0.0
    """How long recorded people are kept; 0: they are not recorded."""
    events_days: float = 30.0
    """How long events are kept; 0: for ever."""
    numbers_days: float = 0.0
    """How long numbers are kept, minutes for 90 days at most; 0: for ever."""
    aggregate_only: bool = False
    """Nothing that is kept names a person, not even by a random id."""


def read_service(root: Section) -> ServiceSettings:
    """The section of a footfall.yaml; errors are noted in its document."""
    section, default = root.section("service"), ServiceSettings()
    if section is None:
        return default
    settings = ServiceSettings(
        tracks_hours=section.number("tracks_hours", default=default.tracks_hours, low=0, high=MOST_HOURS),
        events_days=section.number("events_days", default=default.events_days, low=0, high=MOST_DAYS),
        numbers_days=section.number("numbers_days", default=default.numbers_days, low=0, high=MOST_DAYS),
        aggregate_only=section.boolean("aggregate_only", default=default.aggregate_only),
    )
    if settings.aggregate_only and settings.tracks_hours:
        cure = "leave one of them out"
        section.document.error(section.path, "tracks cannot be recorded where only numbers are kept", cure)
    section.finish(*ELSEWHERE)
    return settings
