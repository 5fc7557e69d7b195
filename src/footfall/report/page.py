"""The report as one HTML file: pictures and style within it, nothing fetched, light and dark, wide and narrow."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape

from footfall.report.document import (
    FLOOR,
    CameraReport,
    Row,
    line_rows,
    overview,
    period_rows,
    way_rows,
    zone_rows,
)
from footfall.report.scale import duration
from footfall.spatial.publish import PublicMap

NOTHING = "-"
UNSHARED = "nothing that enough people share"
SMALL = "Small figures beside a count tell what the truth lies in, 19 times out of 20."
STYLE = """
:root {
  color-scheme: light dark;
  --paper: #f6f7f9; --card: #fff; --ink: #15181d; --faint: #5b6472; --rule: #dde1e7; --bar: #3d7bd9;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #0f1216; --card: #171b21; --ink: #e8ebf0; --faint: #9aa3b2; --rule: #2a303a; --bar: #5b97f0; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 1.6rem; margin: 0 0 4px; }
h2 { font-size: 1.25rem; margin: 40px 0 8px; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 28px 0 8px; }
p { margin: 4px 0 12px; color: var(--faint); max-width: 75ch; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 10px; margin: 16px 0; }
.figures div, .scroll { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
.figures div { padding: 10px 14px; }
.figures b { display: block; font-size: 1.5rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.figures span { color: var(--faint); font-size: .85rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 7px 12px; text-align: right; border-top: 1px solid var(--rule); white-space: nowrap; }
thead th { border-top: 0; color: var(--faint); font-weight: 500; font-size: .85rem; }
tbody th { font-weight: 500; }
th:first-child { text-align: left; }
small { color: var(--faint); }
td.bar { width: 30%; min-width: 90px; }
td.bar i { display: block; height: 10px; border-radius: 3px; background: var(--bar); }
.maps { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 14px; }
.maps { align-items: start; }
figure { margin: 0; }
img { display: block; width: 100%; height: auto; border-radius: 10px; }
figcaption { color: var(--faint); font-size: .88rem; padding: 6px 2px; }
"""


def page(cameras: Sequence[CameraReport], pictures: Sequence[Mapping[str, bytes]]) -> str:
    """The whole page; `pictures` are PNG files by name, one mapping for each camera."""
    body = "".join(_camera(camera, drawn) for camera, drawn in zip(cameras, pictures, strict=True))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>footfall report</title><style>{STYLE}</style></head><body><main>"
        f"<h1>People count report</h1><p>{_privacy(cameras)}</p>{body}</main></body></html>\n"
    )


def _privacy(cameras: Sequence[CameraReport]) -> str:
    least = max((camera.least for camera in cameras), default=1)
    if least == 1:
        return f"Maps show every cell, also those that a single person was in. {SMALL}"
    return f"Maps show what at least {least} people share; no identity and no single path is kept. {SMALL}"


def _camera(camera: CameraReport, pictures: Mapping[str, bytes]) -> str:
    parts = [
        f"<section><h2>{escape(camera.name)}</h2><p>{escape(', '.join(camera.recordings))}</p>",
        _overview(overview(camera)),
        _lines(line_rows(camera)),
        _zones(zone_rows(camera)),
        _ways(way_rows(camera)),
        _periods(period_rows(camera)),
    ]
    for plane, public in camera.maps.items():
        figures = "".join(
            _figure(data, _caption(name.split(".")[0], public)) for name, data in pictures.items() if plane in name
        )
        title = "Maps of the floor" if plane == FLOOR else "Maps of the picture"
        parts.append(f'<h3>{title}</h3><p>{_hidden(public)}</p><div class="maps">{figures}</div>')
    return "".join(parts) + "</section>"


def _overview(figures: Row) -> str:
    cards = (
        (figures["people"], "people seen"),
        (_number(figures["mean_people"]), "in view on average"),
        (figures["most_people"], "in view at most"),
        (duration(_float(figures["person_s"])), "presence, all together"),
        (duration(_float(figures["observed_s"])), "recorded"),
    )
    return (
        '<div class="figures">' + "".join(f"<div><b>{b}</b><span>{words}</span></div>" for b, words in cards) + "</div>"
    )


def _lines(rows: Sequence[Row]) -> str:
    cells = [[_text(row["name"]), _count(row, "right"), _count(row, "left")] for row in rows]
    return _table("Lines", ("line", "to the right", "to the left"), cells)


def _zones(rows: Sequence[Row]) -> str:
    cells = [
        [
            _text(row["name"]),
            *(_count(row, key) for key in ("enters", "exits", "visits")),
            NOTHING if row["mean_dwell_s"] is None else duration(_float(row["mean_dwell_s"])),
            _number(row["mean_people"]),
            str(row["most_people"]),
        ]
        for row in rows
    ]
    head = "zone", "in", "out", "visits", "mean dwell", "mean people", "most people"
    return _table("Zones", head, cells)


def _ways(rows: Sequence[Row]) -> str:
    cells = [[f"{_text(row['from'])} → {_text(row['to'])}", str(row["people"])] for row in rows]
    return _table("From zone to zone", ("way", "people"), cells)


def _periods(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    most = max(int(_float(row["people"])) for row in rows)
    lines, zones = rows[0]["lines"], rows[0]["zones"]
    assert isinstance(lines, dict)
    assert isinstance(zones, dict)
    head = ["from", "people", "", "mean", "most", "recorded"]
    head += [f"{name} {way}" for name in lines for way in ("right", "left")]
    head += [f"{name} {way}" for name in zones for way in ("in", "out")]
    cells = []
    for row in rows:
        crossed, seen = row["lines"], row["zones"]
        assert isinstance(crossed, dict)
        assert isinstance(seen, dict)
        share = 100.0 * _float(row["people"]) / most if most else 0.0
        cells.append(
            [
                _text(row["start"]),
                str(row["people"]),
                f'<i style="width:{share:.1f}%"></i>',
                _number(row["mean_people"]),
                str(row["most_people"]),
                duration(_float(row["observed_s"])),
                *(str(crossed[name][way]) for name in lines for way in ("right", "left")),
                *(str(seen[name][way]) for name in zones for way in ("enters", "exits")),
            ]
        )
    return _table("Over time", head, cells, bar=2)


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], bar: int | None = None) -> str:
    """Cells are HTML already, headings are text; column number `bar` holds bars."""
    if not rows:
        return ""
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(
        "<tr>"
        + f'<th scope="row">{row[0]}</th>'
        + "".join(f'<td class="bar">{c}</td>' if n == bar else f"<td>{c}</td>" for n, c in enumerate(row) if n)
        + "</tr>"
        for row in rows
    )
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    return f'<h3>{title}</h3><div class="scroll">{table}</div>'


def _figure(data: bytes, caption: str) -> str:
    source = f"data:image/png;base64,{b64encode(data).decode()}"
    return f'<figure><img alt="{caption}" src="{source}"><figcaption>{caption}</figcaption></figure>'


def _caption(kind: str, public: PublicMap) -> str:
    """What a picture shows, with its largest figure: letters in a picture are small on a telephone."""
    cells = public.cells.values()
    if kind == "heat":
        most = max((cell.seconds for cell in cells), default=0.0)
        return f"Where people are: {f'up to {duration(most)} of presence in one cell' if most else UNSHARED}."
    if kind == "dwell":
        longest = max((cell.dwelling.mean_s for cell in cells if cell.dwelling), default=0.0)
        told = f"on average up to {duration(longest)} a person in one cell" if longest else UNSHARED
        return f"Where people stand: {told}."
    if kind == "flow":
        walkers = sum(1 for cell in cells if cell.flow)
        return f"How people walk: {f'direction and speed in {walkers} cells' if walkers else UNSHARED}."
    ways = sum(1 for way in public.journeys if way.origin != way.destination)
    return f"From where to where: {f'{ways} frequent ways' if ways else UNSHARED}."


def _hidden(public: PublicMap) -> str:
    if public.least == 1:
        return "Nothing is left out."
    return f"{100.0 * public.hidden_share:.0f} % of the time was spent in cells that are left empty."


def _count(row: Row, key: str) -> str:
    """`12`, and in small letters what the truth may be: `11-14`."""
    interval = row[f"{key}_interval"]
    if not isinstance(interval, list) or interval[0] == interval[1]:
        return str(row[key])
    return f"{row[key]} <small>{interval[0]}-{interval[1]}</small>"


def _text(value: object) -> str:
    return escape(str(value))


def _number(value: object) -> str:
    return NOTHING if value is None else f"{_float(value):.3g}"


def _float(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)
