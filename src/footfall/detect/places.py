"""Where somebody can be: expected people, what moves near a region, regions where people look small; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from footfall.core.geometry import Box
from footfall.detect.crops import Lens
from footfall.detect.interest import InterestSettings, Place, tiles
from footfall.spatial.regions import SpatialSpec
from footfall.track.perspective import Perspective

MARGIN_H = 0.15
"""People may be this much larger than expected, in body heights, ..."""
SPEED_H = 1.2
"""... and have moved by so many body heights a second, ..."""
FARTHEST_H = 1.0
"""... but are not looked for farther away than this."""
NEAR_W = 0.1
"""What moves this close to a region, in picture widths, is looked at, ..."""
NEAR_H = 1.0
"""... and what moves closer than so many body heights."""
ROOM_H = 0.75
"""What moves may be a part of somebody who goes on for so many body heights above and below it."""
UNKNOWN_H = 0.3
"""How tall people are taken for, in picture heights, as long as nothing is known."""
TALL_W = 2.0
"""People are at least so many times taller than wide: a shorter box shows a part."""
LEAST_PERSON_PX = 8.0
LATELY = 50
"""So many people are the usual ones."""
EDGE_N = 0.01
"""A box that ends this close to the picture's edge is not of a person seen whole."""


class Statures:
    """How tall people look at which height of the picture, learnt from the people that are found."""

    def __init__(self) -> None:
        self._perspective = Perspective()
        self._sights = 0
        self._usual = np.zeros(2)
        """Mean foot and height of late, image widths."""

    def learn(self, people_n: Sequence[Box], aspect: float, dt_s: float) -> None:
        """Take in one frame's people, normalised, in a picture of `aspect` height / width, `dt_s` after the last."""
        whole = [box for box in people_n if min(box) > EDGE_N and max(box) < 1.0 - EDGE_N]
        bodies = np.array([(box[3] * aspect, (box[3] - box[1]) * aspect) for box in whole], np.float64).reshape(-1, 2)
        self._perspective.learn(bodies[:, 0], bodies[:, 1], dt_s)
        for body in bodies:
            self._sights += 1
            self._usual += (body - self._usual) / min(self._sights, LATELY)

    def at_px(self, foot_px: float, picture_px: tuple[int, int]) -> float | None:
        """How tall somebody looks whose feet are here, in pixels of a picture of (width, height).

        Until people were seen at different places they only tell of places about as high in the picture; else None.
        """
        line, width = self._perspective.slope(), picture_px[0]
        if line is not None:
            return max(LEAST_PERSON_PX, line[0] * width + line[1] * foot_px)
        usual_foot_px, usual_px = (self._usual * width).tolist()
        is_near = self._sights > 0 and abs(foot_px - usual_foot_px) <= usual_px
        return max(LEAST_PERSON_PX, usual_px) if is_near else None


def watched_boxes(spec: SpatialSpec) -> tuple[Box, ...]:
    """Normalised boxes around all zones and lines; the whole picture where there are none."""
    rings = [zone.polygon_n for zone in spec.zones] + [(line.start_n, line.end_n) for line in spec.lines]
    boxes = [
        (min(x for x, _ in ring), min(y for _, y in ring), max(x for x, _ in ring), max(y for _, y in ring))
        for ring in rings
    ]
    return tuple(boxes) or ((0.0, 0.0, 1.0, 1.0),)


def expected_place(box_px: Box, gap_s: float, statures: Statures, picture_px: tuple[int, int]) -> Place | None:
    """Where somebody is who was here `gap_s` seconds ago; None where that is no box in the picture."""
    x0, y0, x1, y1 = box_px
    tall = max(y1 - y0, TALL_W * (x1 - x0), statures.at_px(y1, picture_px) or 0.0)
    margin = min(MARGIN_H + SPEED_H * max(gap_s, 0.0), FARTHEST_H) * tall
    return _place((x0 - margin, y0 - margin, x1 + margin, y1 + margin), tall, picture_px)


def moved_places(
    moved_px: Iterable[Box], watched_px: Sequence[Box], statures: Statures, picture_px: tuple[int, int]
) -> Iterator[Place]:
    """What moves near a watched box, with room for a whole person around it."""
    for x0, y0, x1, y1 in moved_px:
        known_px = statures.at_px(y1, picture_px)
        near_px = NEAR_W * picture_px[0] + NEAR_H * (known_px or UNKNOWN_H * picture_px[1])
        if not any(_is_near((x0, y0, x1, y1), box, near_px) for box in watched_px):
            continue
        tall = known_px or max(y1 - y0, LEAST_PERSON_PX)
        room = ROOM_H * tall
        if place := _place((x0 - room / 2, y0 - room, x1 + room / 2, y1 + room), tall, picture_px):
            yield place


def close_places(
    watched_px: Sequence[Box], statures: Statures, lens: Lens, settings: InterestSettings
) -> tuple[Place, ...]:
    """Pieces of the watched boxes in which people look too small for a look at the whole picture."""
    found = []
    for x0, y0, x1, y1 in watched_px:
        tall = statures.at_px(y1, lens.picture_px) or settings.useful_px
        if tall * lens.whole_scale >= settings.enough_px:
            continue
        scale = min(settings.useful_px / tall, settings.greatest_scale)
        piece_px = lens.whole.side_px or lens.spec.width_px
        size_px = piece_px / scale, 0.6 * piece_px / scale
        room = 0.5 * tall
        region = _place((x0 - room, y0 - 2 * room, x1 + room, y1 + room), tall, lens.picture_px)
        if region is not None:
            found += [Place(tile, tall) for tile in tiles(region.xyxy_px, size_px)]
    return tuple(dict.fromkeys(found))


def _place(box_px: Box, tall: float, picture_px: tuple[int, int]) -> Place | None:
    width, height = picture_px
    x0, y0, x1, y1 = box_px
    inside = max(0.0, x0), max(0.0, y0), min(float(width), x1), min(float(height), y1)
    if not (inside[0] < inside[2] and inside[1] < inside[3]):
        return None
    return Place(inside, max(tall, LEAST_PERSON_PX))


def _is_near(a: Box, b: Box, apart: float) -> bool:
    return a[0] <= b[2] + apart and b[0] <= a[2] + apart and a[1] <= b[3] + apart and b[1] <= a[3] + apart
