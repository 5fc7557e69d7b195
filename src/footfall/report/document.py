"""The figures of a report as one document, format "footfall-report-1": see docs/reference/report.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from math import degrees, pi
from typing import TypeAlias

from footfall.spatial.diary import Period
from footfall.spatial.interval import Estimate
from footfall.spatial.publish import Flow, PublicCell, PublicMap, publish
from footfall.spatial.survey import Survey

Row: TypeAlias = dict[str, object]
FORMAT = "footfall-report-1"
PICTURE, FLOOR = "picture", "floor"
UNITS = {PICTURE: "picture widths", FLOOR: "metres"}
DIGITS = 3


@dataclass(frozen=True)
class CameraReport:
    """What is told about one camera; the survey is flushed."""

    name: str
    recordings: tuple[str, ...]
    """Names of the files that it was read from."""
    survey: Survey
    least: int
    """Fewer different people than this are not shown in a cell."""
    estimates: Mapping[tuple[str, str], Estimate] = field(default_factory=dict)
    """(name of a line or zone, figure) -> what is known of its mistakes."""
    midnight: datetime | None = None
    """The time of day at the diary's 0; None where nobody told it."""

    @cached_property
    def maps(self) -> dict[str, PublicMap]:
        """Plane -> what may be shown of it."""
        survey = self.survey
        found = {PICTURE: publish(survey.picture, self.least)}
        return found if survey.floor is None else found | {FLOOR: publish(survey.floor, self.least)}

    def interval(self, region: str, name: str, told: int) -> list[int] | None:
        """Lowest and highest number that the truth may be, 19 times out of 20; None where nobody estimated it."""
        estimate = self.estimates.get((region, name))
        if estimate is None:
            return None
        low, high = estimate.interval()
        return [min(low, told), max(high, told)]

    @property
    def periods(self) -> list[tuple[str, Period]]:
        """Periods with their names, in order of time."""
        diary, length_s = self.survey.diary, self.survey.spec.period_s
        return [(self._clock(number * length_s), diary.periods[number]) for number in sorted(diary.periods)]

    def _clock(self, at_s: float) -> str:
        if self.midnight is not None:
            return (self.midnight + timedelta(seconds=at_s)).isoformat(sep=" ", timespec="minutes")
        minutes, seconds = divmod(round(at_s), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def report_document(cameras: Sequence[CameraReport]) -> Row:
    """Everything, ready for JSON: numbers in seconds, metres, degrees and shares of the picture."""
    return {"format": FORMAT, "cameras": [camera_document(camera) for camera in cameras]}


def camera_document(camera: CameraReport) -> Row:
    """One camera."""
    return {
        "name": camera.name,
        "recordings": list(camera.recordings),
        "frames": camera.survey.frames,
        **overview(camera),
        "least_people_per_cell": camera.least,
        "lines": line_rows(camera),
        "zones": zone_rows(camera),
        "ways": way_rows(camera),
        "periods": period_rows(camera),
        "maps": [_map(plane, public) for plane, public in camera.maps.items()],
    }


def overview(camera: CameraReport) -> Row:
    """The figures of the whole picture."""
    periods = [period for _, period in camera.periods]
    observed_s, person_s = sum(p.observed_s for p in periods), sum(p.person_s for p in periods)
    return {
        "observed_s": rounded(observed_s),
        "people": sum(period.people for period in periods),
        "person_s": rounded(person_s),
        "mean_people": mean(person_s, observed_s),
        "most_people": max((period.peak for period in periods), default=0),
    }


def line_rows(camera: CameraReport) -> list[Row]:
    """One row a line."""
    totals = camera.survey.diary.totals.lines
    return [
        {
            "name": line.name,
            "start": list(line.start_n),
            "end": list(line.end_n),
            "right": totals[line.name].right,
            "right_interval": camera.interval(line.name, "right", totals[line.name].right),
            "left": totals[line.name].left,
            "left_interval": camera.interval(line.name, "left", totals[line.name].left),
        }
        for line in camera.survey.spatial.lines
    ]


def zone_rows(camera: CameraReport) -> list[Row]:
    """One row a zone."""
    periods = [period for _, period in camera.periods]
    observed_s = sum(period.observed_s for period in periods)
    rows: list[Row] = []
    for zone in camera.survey.spatial.zones:
        totals = camera.survey.diary.totals.zones[zone.name]
        person_s = sum(period.zones[zone.name].person_s for period in periods)
        rows.append(
            {
                "name": zone.name,
                "polygon": [list(corner) for corner in zone.polygon_n],
                "enters": totals.enters,
                "enters_interval": camera.interval(zone.name, "enters", totals.enters),
                "exits": totals.exits,
                "exits_interval": camera.interval(zone.name, "exits", totals.exits),
                "visits": totals.visits,
                "visits_interval": camera.interval(zone.name, "visits", totals.visits),
                "mean_dwell_s": None if totals.mean_dwell_s is None else rounded(totals.mean_dwell_s),
                "mean_people": mean(person_s, observed_s),
                "most_people": totals.peak,
            }
        )
    return rows


def way_rows(camera: CameraReport) -> list[Row]:
    """Ways between zones that enough people took, the most frequent first."""
    ways = sorted(camera.survey.ways.people.items(), key=lambda item: (-item[1], item[0]))
    return [{"from": a, "to": b, "people": people} for (a, b), people in ways if people >= camera.least]


def period_rows(camera: CameraReport) -> list[Row]:
    """One row a period; empty ones between two that were recorded are missing."""
    return [
        {
            "start": name,
            "observed_s": rounded(period.observed_s),
            "people": period.people,
            "mean_people": mean(period.person_s, period.observed_s),
            "most_people": period.peak,
            "lines": {name: {"right": line.right, "left": line.left} for name, line in period.lines.items()},
            "zones": {
                name: {
                    "enters": zone.enters,
                    "exits": zone.exits,
                    "mean_people": mean(zone.person_s, period.observed_s),
                    "most_people": zone.peak,
                }
                for name, zone in period.zones.items()
            },
        }
        for name, period in camera.periods
    ]


def _map(plane: str, public: PublicMap) -> Row:
    grid = public.grid
    return {
        "plane": plane,
        "unit": UNITS[plane],
        "low": list(grid.low),
        "cell": grid.cell,
        "columns": grid.columns,
        "rows": grid.rows,
        "person_s": rounded(public.seconds),
        "outside_s": rounded(public.outside_s),
        "hidden_share": rounded(public.hidden_share),
        "cells": cell_rows(plane, public),
        "journeys": journey_rows(public),
    }


def cell_rows(plane: str, public: PublicMap) -> list[Row]:
    """One row a cell that is shown; `x` and `y` are its middle."""
    rows = []
    for (column, row), figures in public.cells.items():
        x0, y0, x1, y1 = public.grid.box((column, row))
        place = {"column": column, "row": row, "x": rounded((x0 + x1) / 2, 4), "y": rounded((y0 + y1) / 2, 4)}
        rows.append(place | _cell(plane, figures))
    return rows


def _cell(plane: str, figures: PublicCell) -> Row:
    dwelling, flow = figures.dwelling, figures.flow
    return {
        "people": figures.people,
        "seconds": rounded(figures.seconds),
        "dwellers": None if dwelling is None else dwelling.people,
        "mean_dwell_s": None if dwelling is None else rounded(dwelling.mean_s),
        "walkers": None if flow is None else flow.people,
        "direction_deg": None if flow is None else rounded(heading_deg(plane, flow), 1),
        "speed": None if flow is None else rounded(flow.speed, 4),
        "steadiness": None if flow is None else rounded(flow.steadiness),
    }


def heading_deg(plane: str, flow: Flow) -> float:
    """Clockwise from up in the picture, or from straight ahead on the floor: y grows downwards in the picture."""
    return degrees((pi - flow.direction_rad) % (2 * pi) if plane == PICTURE else flow.direction_rad)


def journey_rows(public: PublicMap) -> list[Row]:
    """One row a pair of blocks that enough people went between."""
    return [
        {"from": list(way.origin), "to": list(way.destination), "people": way.people, "mean_s": rounded(way.mean_s)}
        for way in public.journeys
    ]


def mean(total: float, observed_s: float) -> float | None:
    """Average over time; None where nothing was recorded."""
    return rounded(total / observed_s) if observed_s > 0.0 else None


def rounded(value: float, digits: int = DIGITS) -> float:
    """Without the noise of floats, and never -0."""
    return round(value, digits) + 0.0
