"""How deep a foot stands in a zone."""

from __future__ import annotations

import pytest

from footfall.spatial.area import FAR_W, Area

FLOOR = ((0.2, 0.5), (0.8, 0.5), (0.8, 1.0), (0.2, 1.0))
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


@pytest.mark.parametrize(
    ("polygon_n", "point", "closed_w", "open_w"),
    [
        pytest.param(FLOOR, (0.5, 1.0), 0.0, 0.3, id="feet cut off by the edge: only other sides matter"),
        pytest.param(FLOOR, (0.5, 0.99), 0.01, 0.3, id="feet near the picture's edge"),
        pytest.param(FLOOR, (0.5, 1.05), -0.05, 0.304138, id="feet known to be below the picture"),
        pytest.param(FLOOR, (0.25, 0.9), 0.05, 0.05, id="near a side in the picture nothing changes"),
        pytest.param(FLOOR, (0.1, 1.0), -0.1, -0.1, id="beside the zone"),
        pytest.param(WHOLE, (0.5, 1.0), 0.0, FAR_W, id="the whole picture has no border"),
    ],
)
def test_sides_on_the_picture_edge_are_no_border_of_open_zones(polygon_n, point, closed_w, open_w):
    assert Area(polygon_n, 1.0).depth(point) == pytest.approx(closed_w, abs=1e-9)
    assert Area(polygon_n, 1.0, is_open=True).depth(point) == pytest.approx(open_w, abs=1e-5)
