"""How well events fit the truth: crossings, visits, dwell times and counts, matched one to one in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from footfall.evaluation.event_report import CountErrors, DwellErrors, EventReport, LineScore, Tally, ZoneScore
from footfall.evaluation.sightings import Sighting, sightings
from footfall.evaluation.truth import Probe, TrueLine, TrueZone, Truth, read_truth

SIGNS = {"CrossRight": 1, "CrossLeft": -1}
WHOLE_FRAME_ZONES = ("whole_frame", "frame")
"""Names of zones that cover the picture."""
NO_MATCH = 1e9
LAST_RESORT = 1e6
"""An optional truth is matched only by what fits no other one."""


def evaluate_events(
    truth: dict[str, Any],
    events: Iterable[dict[str, Any]],
    *,
    fps: float | None = None,
    truth_file: str = "TRUTH",
    result_file: str = "RESULT",
) -> EventReport:
    """Score event bodies, written with media time, against the truth of their clip.

    `fps` replaces the truth's frame rate. Regions are matched by name; those the truth does not know are listed only.

    Raises:
        ConfigError: a document is not of its form, or the events carry no media time.
    """
    known = read_truth(truth, truth_file)
    rate = fps or known.fps
    seen = sightings(events, rate, result_file)
    lines = [_line(name, line, sign, seen) for name, line in known.lines.items() for sign in SIGNS]
    last = None if known.frames is None else known.frames - 1
    zones = [_zone(name, zone, rate, seen, last) for name, zone in known.zones.items()]
    known_names = {*known.lines, *known.zones, *WHOLE_FRAME_ZONES}
    unknown = sorted({sighting.region for sighting in seen} - known_names)
    return EventReport(tuple(lines), tuple(zones), _whole_frame(known, seen), tuple(unknown))


def _line(name: str, line: TrueLine, status: str, seen: Sequence[Sighting]) -> LineScore:
    true = [crossing for crossing in line.crossings if crossing.sign == SIGNS[status]]
    said = [one.frame for one in seen if (one.type, one.region, one.status) == ("personLineEvent", name, status)]
    frames, optional = [crossing.frame for crossing in true], [crossing.optional for crossing in true]
    return LineScore(name, status, _tally(frames, optional, said, line.tol_frames))


def _zone(name: str, zone: TrueZone, fps: float, seen: Sequence[Sighting], last: int | None) -> ZoneScore:
    here = [one for one in seen if one.region == name]
    passed = [one for one in here if one.type == "personZoneEnterExitEvent"]
    counts = [one for one in here if one.type == "personCountEvent"]
    return ZoneScore(
        zone=name,
        enters=_passages(zone, "Enter", passed, 0),
        exits=_passages(zone, "Exit", passed, last),
        dwell=_dwell_errors(zone, fps, [one for one in here if one.type == "personZoneDwellTimeEvent"]),
        count=_count_errors(zone.occupancy_probes, counts),
    )


def _passages(zone: TrueZone, status: str, passed: Sequence[Sighting], border: int | None) -> Tally | None:
    """`border` is the frame at which the clip cuts a visit off; what is told there is neither right nor wrong."""
    if zone.visits is None:
        return None
    moments = [(visit.enter if status == "Enter" else visit.exit, visit.optional) for visit in zone.visits]
    told = [(frame, is_optional) for frame, is_optional in moments if frame is not None]
    if border is not None:
        told += [(border, True) for frame, _ in moments if frame is None]
    said = [one.frame for one in passed if one.status == status]
    tolerance = zone.tol_enter if status == "Enter" else zone.tol_exit
    return _tally([frame for frame, _ in told], [is_optional for _, is_optional in told], said, tolerance)


def _tally(true: Sequence[int], optional: Sequence[bool], said: Sequence[int], tolerance: float) -> Tally:
    """Count what fits within the tolerance, one to one."""
    rows, columns = _pair(true, optional, said, tolerance)
    is_optional = np.array(optional, np.bool_)
    found = int((~is_optional[rows]).sum())
    late = [said[column] - true[row] for row, column in zip(rows, columns, strict=True)]
    return Tally(
        truth=len(true) - sum(optional),
        found=found,
        missed=len(true) - sum(optional) - found,
        invented=len(said) - len(columns),
        mean_late_frames=float(np.mean(late)) if late else None,
    )


def _pair(
    true: Sequence[int], optional: Sequence[bool], said: Sequence[int], tolerance: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """As many pairs as can be, and of these the ones nearest in time."""
    apart = np.abs(np.subtract.outer(np.array(true, np.float64), np.array(said, np.float64)))
    cost = apart + LAST_RESORT * np.array(optional, np.float64)[:, None]
    cost[apart > tolerance] = NO_MATCH
    rows, columns = linear_sum_assignment(cost)
    real = cost[rows, columns] < NO_MATCH
    return rows[real], columns[real]


def _dwell_errors(zone: TrueZone, fps: float, dwells: Sequence[Sighting]) -> DwellErrors | None:
    """Dwell events are paired with visits by their end; None where no event told a dwell time."""
    whole = [(visit.enter, visit.exit) for visit in zone.visits or () if visit.enter is not None]
    visits = [(enter, leave) for enter, leave in whole if leave is not None]
    timed = [(one.frame, one.dwell_s) for one in dwells if one.dwell_s is not None]
    if not visits or not timed:
        return None
    ends = [leave for _, leave in visits]
    rows, columns = _pair(ends, [False] * len(ends), [frame for frame, _ in timed], zone.tol_exit)
    off_s = [
        timed[column][1] - (visits[row][1] - visits[row][0]) / fps for row, column in zip(rows, columns, strict=True)
    ]
    return DwellErrors(
        visits=len(visits),
        measured=len(off_s),
        mean_error_s=float(np.mean(off_s)) if off_s else None,
        mean_absolute_error_s=float(np.mean(np.abs(off_s))) if off_s else None,
        worst_error_s=float(np.max(np.abs(off_s))) if off_s else None,
    )


def _count_errors(probes: Sequence[Probe], counts: Sequence[Sighting]) -> CountErrors | None:
    """The count holds until the next event; 0 before the first. None without probes or without any count."""
    told = [(one.frame, one.person_count) for one in counts if one.person_count is not None]
    if not probes or not told:
        return None
    frames = np.array([frame for frame, _ in told])
    steps = np.array([0, *(count for _, count in told)])
    at, true = np.array(probes).T
    off = steps[np.searchsorted(frames, at, side="right")] - true
    return CountErrors(
        probes=len(probes),
        exact=int((off == 0).sum()),
        mean_error=float(off.mean()),
        mean_absolute_error=float(np.abs(off).mean()),
        worst_error=int(np.abs(off).max()),
    )


def _whole_frame(known: Truth, seen: Sequence[Sighting]) -> CountErrors | None:
    """Probes of the whole picture, if one of the zones covers it."""
    probes = known.occupancy_whole_frame.probes if known.occupancy_whole_frame else ()
    for name in WHOLE_FRAME_ZONES:
        errors = _count_errors(probes, [one for one in seen if (one.type, one.region) == ("personCountEvent", name)])
        if errors is not None:
            return errors
    return None
