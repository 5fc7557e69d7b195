from math import radians

import numpy as np
import pytest

from footfall.simulator.cloth import Material, Pattern
from footfall.simulator.lens import Lens
from footfall.simulator.mesh import Mesh, box, tube
from footfall.simulator.raster import SAMPLING, Canvas, Lighting, draw

LENS = Lens((160, 120), 2.0, radians(15), focal_w=0.8)
LIGHT = Lighting(np.array([0.0, -0.6, 0.8], np.float32), np.full(3, 0.5, np.float32), np.full(3, 0.6, np.float32))
RED = (Material((20, 20, 200)),)


def cube(x: float, y: float, size_m: float = 0.8) -> Mesh:
    return box(np.array([x, y, 0.0]), (size_m, size_m, size_m), 0.3, 0)


def test_a_mesh_covers_what_its_corners_enclose() -> None:
    mesh = cube(0.0, 5.0)
    patch = draw(mesh, RED, LENS, LIGHT)
    assert patch is not None
    seen = LENS.project(mesh.points_m)
    assert patch.bounds == pytest.approx((*seen[:, :2].min(axis=0), *seen[:, :2].max(axis=0)), abs=1e-3)
    ys, xs = np.nonzero(patch.covered)
    found = np.array([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]) + np.tile(patch.corner, 2)
    assert found / SAMPLING == pytest.approx(patch.bounds, abs=1.0)
    assert patch.depth.min() == pytest.approx(seen[:, 2].min(), abs=0.15)
    assert patch.depth.max() < seen[:, 2].max()
    assert patch.colour[:, 2].min() > 3 * patch.colour[:, 0].max()


@pytest.mark.parametrize(
    "mesh",
    [
        pytest.param(cube(0.0, -4.0), id="behind the camera"),
        pytest.param(cube(0.0, 0.0, 4.5), id="around the camera"),
        pytest.param(cube(30.0, 5.0), id="beside the picture"),
    ],
)
def test_what_cannot_be_seen_is_not_drawn(mesh: Mesh) -> None:
    assert draw(mesh, RED, LENS, LIGHT) is None


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_who_is_nearer_hides_who_is_behind_in_any_order(order: tuple[int, int]) -> None:
    canvas = Canvas(np.full((120, 160, 3), 90.0, np.float32), np.full((120, 160), 1e5, np.float32))
    patches = [draw(cube(0.0, 4.0), RED, LENS, LIGHT), draw(cube(0.0, 6.0, 1.4), RED, LENS, LIGHT)]
    for index in order:
        patch = patches[index]
        assert patch is not None
        canvas.put(patch, index)
    near, far = patches
    assert near is not None
    assert far is not None
    assert (canvas.owner == 0).sum() == near.covered.sum()
    assert 0 < (canvas.owner == 1).sum() < far.covered.sum()


def test_the_lit_side_is_brighter() -> None:
    path = np.array([[0.0, 5.0, z] for z in (0.5, 0.51, 1.5, 1.51)], np.float32)
    girth = np.array([0.01, 0.5, 0.5, 0.01])
    left = np.array([0.0, 1.0, 0.0], np.float32)
    side = Lighting(np.array([-0.9, -0.3, 0.3], np.float32), LIGHT.key, LIGHT.ambient)
    patch = draw(tube(path, left, girth, girth, 0, 16), RED, LENS, side)
    assert patch is not None
    image = np.zeros((*patch.covered.shape, 3), np.float32)
    image[patch.covered] = patch.colour
    columns = image[image.shape[0] // 2, :, 2]
    width = len(columns)
    assert columns[width // 5] > columns[4 * width // 5] * 1.3


@pytest.mark.parametrize("pattern", [p for p in Pattern if p is not Pattern.PLAIN])
def test_every_pattern_shows_a_second_colour(pattern: Pattern) -> None:
    path = np.array([[0.0, 3.0, z] for z in np.linspace(0.2, 1.0, 9)], np.float32)
    girth = np.full(9, 0.35)
    mesh = tube(path, np.array([1.0, 0.0, 0.0], np.float32), girth, girth, 0, 24)
    period = 0.23 if pattern is Pattern.FACE else 0.1
    seen = draw(mesh, (Material((200, 200, 200), (10, 10, 10), pattern, period, seed=1),), LENS, LIGHT)
    plain = draw(mesh, (Material((200, 200, 200)),), LENS, LIGHT)
    assert seen is not None
    assert plain is not None
    changed = (np.abs(seen.colour - plain.colour) > 10).any(axis=1).mean()
    assert 0.0 < changed <= 1.0


def test_folds_ripple_the_colour_without_changing_it() -> None:
    mesh = cube(0.0, 5.0)
    plain, folded = draw(mesh, RED, LENS, LIGHT), draw(mesh, (Material((20, 20, 200), folds=0.2),), LENS, LIGHT)
    assert plain is not None
    assert folded is not None
    ratio = folded.colour[:, 2] / plain.colour[:, 2]
    assert ratio.mean() == pytest.approx(1.0, abs=0.15)
    assert ratio.std() > 0.03
