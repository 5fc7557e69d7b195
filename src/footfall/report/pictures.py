"""The pictures of a report: where people are, where they stand, how they walk, where they come from and go to."""

from __future__ import annotations

from collections.abc import Callable
from math import radians

from footfall.core.types import Image
from footfall.report.canvas import Words, label, sheet
from footfall.report.document import FLOOR, UNITS, CameraReport, heading_deg
from footfall.report.plot import Plot, middle
from footfall.report.scale import Palette, Scale, duration, plain
from footfall.spatial.maps import BLOCK
from footfall.spatial.publish import PublicMap

MOST_ARROWS = 20
"""More journeys than this make a tangle; the others stand in the table."""
WIDEST = 7.0
SWAYING = 0.25
"""Less steady than this, the mean direction says nothing, and a dot stands for it."""


def pictures(camera: CameraReport, background: Image | None = None) -> dict[str, Image]:
    """File name without suffix -> (h, w, 3) uint8 BGR; `background` is put under the maps of the picture."""
    drawn: dict[str, Image] = {}
    for plane, public in camera.maps.items():

        def plot(plane: str = plane) -> Plot:
            return Plot(camera, plane, None if plane == FLOOR else background)

        drawn[f"heat.{plane}"] = heat(plot(), camera, plane, public)
        drawn[f"dwell.{plane}"] = dwell(plot(), camera, plane, public)
        drawn[f"flow.{plane}"] = flow(plot(), camera, plane, public)
        drawn[f"paths.{plane}"] = paths(plot(), camera, plane, public)
    return drawn


def heat(plot: Plot, camera: CameraReport, plane: str, public: PublicMap) -> Image:
    """Person-seconds: on the floor for a square metre, in the picture for a cell."""
    area = public.grid.cell**2 if plane == FLOOR else 1.0
    values = {cell: figures.seconds / area for cell, figures in public.cells.items()}
    scale = Scale(max(values.values(), default=0.0), Palette.INFERNO)
    for cell, value in values.items():
        plot.fill(cell, scale.colour(value))
    plot.regions()
    unit = "presence a square metre" if plane == FLOOR else "presence a cell"
    return _finish(
        plot, Words("Where people are", _subtitle(camera, plane, public), f"{unit}, all people together"), scale
    )


def dwell(plot: Plot, camera: CameraReport, plane: str, public: PublicMap) -> Image:
    """How long those stand who stand."""
    values = {cell: figures.dwelling.mean_s for cell, figures in public.cells.items() if figures.dwelling}
    scale = Scale(max(values.values(), default=0.0), Palette.VIRIDIS)
    for cell, value in values.items():
        plot.fill(cell, scale.colour(value))
    plot.regions()
    words = Words("Where people stand", _subtitle(camera, plane, public), "mean time a person stands in a cell")
    return _finish(plot, words, scale)


def flow(plot: Plot, camera: CameraReport, plane: str, public: PublicMap) -> Image:
    """Mean direction and speed of those who walk."""
    flows = {cell: figures.flow for cell, figures in public.cells.items() if figures.flow}
    scale = Scale(max((each.speed for each in flows.values()), default=0.0), Palette.PLASMA, power=1.0)
    for cell, each in flows.items():
        colour = scale.colour(each.speed)
        if each.steadiness < SWAYING:
            plot.dot(cell, colour)
        else:
            plot.arrow(cell, radians(heading_deg(plane, each)), each.steadiness, colour)
    plot.regions()
    unit = "metres" if plane == FLOOR else UNITS[plane]
    note = f"mean speed in {unit} a second; long arrows: all walk the same way; dots: to and fro"
    return _finish(plot, Words("How people walk", _subtitle(camera, plane, public), note), scale, plain)


def paths(plot: Plot, camera: CameraReport, plane: str, public: PublicMap) -> Image:
    """Where people are first and last seen, block by block."""
    ways = [way for way in public.journeys if way.origin != way.destination][:MOST_ARROWS]
    scale = Scale(float(max((way.people for way in ways), default=0)), Palette.VIRIDIS, is_whole=True)
    tags = []
    for way in reversed(ways):
        start, end = (middle(public.grid, block, BLOCK) for block in (way.origin, way.destination))
        at = plot.bow(start, end, max(1.0, WIDEST * way.people / scale.largest), scale.colour(way.people))
        tags.append((str(way.people), at))
    plot.regions()
    for words, (x, y) in tags:
        label(plot.image, words, (x - 6, y + 8), scale.colour(scale.largest))
    note = f"people who went this way; from and to are squares of {BLOCK} x {BLOCK} cells"
    return _finish(plot, Words("From where to where", _subtitle(camera, plane, public), note), scale, plain)


def _finish(plot: Plot, words: Words, scale: Scale, spell: Callable[[float], str] = duration) -> Image:
    if scale.largest > 0.0:
        return sheet(plot.image, words, scale, spell)
    label(plot.image, "nothing that enough people share", (10, 34), (240, 234, 229))
    return sheet(plot.image, words, None, spell)


def _subtitle(camera: CameraReport, plane: str, public: PublicMap) -> str:
    side = f"{public.grid.cell:g} m" if plane == FLOOR else f"1/{public.grid.columns} of the width"
    hidden = "" if public.least == 1 else f"; what fewer than {public.least} people share is left empty"
    name = camera.name if len(camera.name) <= 30 else f"{camera.name[:29]}..."
    return f"{name}: {'the floor from above' if plane == FLOOR else 'the picture'}, cells of {side}{hidden}"
