"""Figures of the store and of the desk as answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta, tzinfo

from footfall.access.roles import Caller
from footfall.store import crowds, visits
from footfall.store import numbers as stored
from footfall.store.bins import EDGES_S
from footfall.store.crowds import Crowd
from footfall.store.faults import StoreUnavailable
from footfall.store.numbers import Total
from footfall.store.spans import day
from footfall.store.sums import Scope
from footfall.web import models_numbers as models
from footfall.web.asked import scope_of
from footfall.web.desk import CameraState
from footfall.web.parts import Parts
from footfall.web.places import place_of, places_for

HOUR = timedelta(hours=1)


def count_of(total: Total) -> models.Count:
    """A total, whatever its time."""
    low, high = total.interval()
    return models.Count(
        camera=total.camera,
        region=total.region,
        measure=total.measure.value,
        count=total.estimate.told,
        low=low,
        high=high,
    )


def number_of(total: Total) -> models.Number:
    """A total of a span."""
    return models.Number(**count_of(total).model_dump(), begin=total.begin)


def now(parts: Parts, caller: Caller) -> models.Now:
    """Who is where; without the store intervals are as narrow as they look."""
    moment = parts.clock.now()
    known: list[Crowd] = []
    with suppress(StoreUnavailable):
        known = crowds.now(parts.store, moment, scope_of(caller, None, None))
    crowd = {(one.camera, one.region): one for one in known}
    cameras = [_camera_now(state, crowd) for state in parts.desk.cameras() if caller.sees(state.name)]
    return models.Now(at=moment, cameras=cameras, places=_places(parts, caller))


def _camera_now(state: CameraState, crowd: dict[tuple[str, str], Crowd]) -> models.CameraNow:
    zones = []
    for region, people in state.zones.items():
        minute = crowd.get((state.name, region))
        low, high = (people, people) if minute is None else (minute.low, minute.high)
        zones.append(models.ZoneNow(region=region, people=people, low=min(low, people), high=max(high, people)))
    return models.CameraNow(camera=state.name, state=state.state, people=state.people, zones=zones)


def today(parts: Parts, caller: Caller, tz: tzinfo) -> models.Today:
    """Since midnight."""
    moment = parts.clock.now()
    begin, _ = day(moment.astimezone(tz).date(), tz)
    totals = stored.today(parts.store, moment, tz, scope_of(caller, None, None))
    counts = [count_of(total) for total in totals]
    return models.Today(begin=begin, end=moment, counts=counts, places=_places(parts, caller))


def dwell_of(found: visits.Dwell, begin: datetime, end: datetime) -> models.Dwell:
    """Lengths of visits."""
    low, high = found.visits.interval()
    mean = found.interval_s() or (None, None)
    return models.Dwell(
        begin=begin,
        end=end,
        visits=found.visits.told,
        visits_low=low,
        visits_high=high,
        histogram=_bars(found.bins),
        mean=found.mean_s,
        low=mean[0],
        high=mean[1],
        median=found.median_s,
    )


def _bars(bins: Sequence[int]) -> list[models.DwellBar]:
    ends: tuple[float | None, ...] = (*EDGES_S[1:], None)
    return [
        models.DwellBar(from_s=begin, to_s=end, count=count)
        for begin, end, count in zip(EDGES_S, ends, bins, strict=True)
    ]


def queue(parts: Parts, camera: str, region: str) -> models.Queue:
    """Its length now, the wait of those who have left it within the hour, and of who joins now (Little's law)."""
    moment = parts.clock.now()
    found = visits.queue(parts.store, camera, region, moment, HOUR)
    state = next((one for one in parts.desk.cameras() if one.name == camera), None)
    told = 0 if found.now is None else round(found.now.mean)
    length = told if state is None else state.zones.get(region, told)
    low, high = (length, length) if found.now is None else (found.now.low, found.now.high)
    wait = found.wait.interval_s() or (None, None)
    rate = found.wait.visits.told / HOUR.total_seconds()
    return models.Queue(
        at=moment,
        length=length,
        low=min(low, length),
        high=max(high, length),
        wait_s=found.wait.mean_s,
        wait_low_s=wait[0],
        wait_high_s=wait[1],
        expected_wait_s=length / rate if rate > 0.0 else None,
    )


def comparison(parts: Parts, days: Iterable[date], tz: tzinfo, scope: Scope) -> models.Comparison:
    """Days side by side."""
    return models.Comparison(days=[_day(one, tz) for one in stored.compare(parts.store, days, tz, scope)])


def _day(found: stored.Day, tz: tzinfo) -> models.DayNumbers:
    begin, end = day(found.date, tz)
    return models.DayNumbers(
        day=found.date.isoformat(),
        begin=begin,
        end=end,
        counts=[count_of(total) for total in found.totals],
        hours=[number_of(total) for total in found.hours],
    )


def _places(parts: Parts, caller: Caller) -> list[models.Place]:
    return [place_of(one) for one in places_for(parts.desk, caller)]
