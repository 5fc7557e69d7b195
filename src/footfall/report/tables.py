"""The same figures as CSV, one file a subject; columns: docs/reference/report.md."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from footfall.report.document import CameraReport, Row, cell_rows, journey_rows, way_rows

HEAT = ("column", "row", "x", "y", "people", "seconds")
DWELL = ("column", "row", "x", "y", "dwellers", "mean_dwell_s")
FLOW = ("column", "row", "x", "y", "walkers", "direction_deg", "speed", "steadiness")
PATHS = ("from_column", "from_row", "to_column", "to_row", "people", "mean_s")
PERIODS = ("start", "observed_s", "subject", "name", "figure", "value")


def tables(camera: CameraReport) -> dict[str, str]:
    """File name -> CSV text, header first, lines ended by a line feed."""
    files = {"periods.csv": _csv(PERIODS, _period_rows(camera))}
    if camera.survey.spatial.zones:
        files["ways.csv"] = _csv(("from", "to", "people"), way_rows(camera))
    for plane, public in camera.maps.items():
        cells = cell_rows(plane, public)
        files[f"heat.{plane}.csv"] = _csv(HEAT, cells)
        files[f"dwell.{plane}.csv"] = _csv(DWELL, [cell for cell in cells if cell["dwellers"] is not None])
        files[f"flow.{plane}.csv"] = _csv(FLOW, [cell for cell in cells if cell["walkers"] is not None])
        journeys = [
            dict(zip(PATHS, (*way.origin, *way.destination, row["people"], row["mean_s"]), strict=True))
            for way, row in zip(public.journeys, journey_rows(public), strict=True)
        ]
        files[f"paths.{plane}.csv"] = _csv(PATHS, journeys)
    return files


def _period_rows(camera: CameraReport) -> list[Row]:
    """One row a figure: the long form, which pivots in any spreadsheet."""
    rows: list[Row] = []
    for name, period in camera.periods:
        figures: list[tuple[str, str, str, float]] = [
            ("picture", "", "people", period.people),
            ("picture", "", "most_people", period.peak),
            ("picture", "", "person_s", round(period.person_s, 3)),
        ]
        for line, crossed in period.lines.items():
            figures += [("line", line, "right", crossed.right), ("line", line, "left", crossed.left)]
        for zone, seen in period.zones.items():
            figures += [("zone", zone, "enters", seen.enters), ("zone", zone, "exits", seen.exits)]
            figures += [("zone", zone, "most_people", seen.peak)]
            figures += [("zone", zone, "person_s", round(seen.person_s, 3))]
        head = name, round(period.observed_s, 3)
        rows += [dict(zip(PERIODS, (*head, *figure), strict=True)) for figure in figures]
    return rows


def _csv(columns: Sequence[str], rows: Sequence[Row]) -> str:
    out = StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
