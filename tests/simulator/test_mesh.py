import numpy as np
import pytest

from footfall.simulator.mesh import Mesh, box, merge, tube

UP = np.array([[0.0, 0.0, z] for z in (0.0, 0.01, 0.5, 0.99, 1.0)], np.float32)
LEFT = np.array([0.0, 1.0, 0.0], np.float32)
GIRTH = np.array([0.01, 0.3, 0.3, 0.3, 0.01])


def outwards(mesh: Mesh) -> np.ndarray:
    """Cosine between each quadrilateral's normal by its corners' order and the way out of a convex mesh."""
    corners = mesh.points_m[mesh.quads]
    across = np.cross(corners[:, 1] - corners[:, 3], corners[:, 2] - corners[:, 0])
    away = corners.mean(axis=1) - mesh.points_m.mean(axis=0)
    size = np.linalg.norm(across, axis=1) * np.linalg.norm(away, axis=1)
    return (across * away).sum(axis=1)[size > 1e-6] / size[size > 1e-6]


@pytest.mark.parametrize(
    "mesh",
    [
        pytest.param(tube(UP, LEFT, GIRTH, GIRTH * 0.5, 0, 8), id="a tube that runs upwards"),
        pytest.param(tube(UP[::-1], LEFT, GIRTH, GIRTH, 0, 8), id="one that runs downwards"),
        pytest.param(tube(UP[:, [2, 1, 0]], LEFT, GIRTH, GIRTH, 0, 8), id="one that lies"),
        pytest.param(box(np.array([1.0, 2.0, 0.0]), (1.0, 0.5, 0.8), 0.7, 0), id="a box"),
    ],
)
def test_surfaces_look_outwards(mesh: Mesh) -> None:
    facing = outwards(mesh)
    assert (facing > 0.0).all() or (facing < 0.0).all()
    normals, away = mesh.normals(), mesh.points_m - mesh.points_m.mean(axis=0)
    assert np.linalg.norm(normals, axis=1) == pytest.approx(1.0, abs=1e-3)
    assert ((normals * away).sum(axis=1) > -0.02).all()


def test_both_kinds_of_mesh_turn_the_same_way() -> None:
    kinds = tube(UP, LEFT, GIRTH, GIRTH, 0, 8), box(np.zeros(3), (1.0, 1.0, 1.0), 0.0, 0)
    assert np.sign(outwards(kinds[0]).mean()) == np.sign(outwards(kinds[1]).mean())


def test_texture_is_metres_along_and_turns_around() -> None:
    mesh = tube(UP, LEFT, GIRTH, GIRTH, 0, 8)
    assert mesh.texture[:, 0].max() == pytest.approx(1.0)
    assert set(np.unique(mesh.texture[:, 1])) == {i / 8 for i in range(9)}
    front = mesh.points_m[mesh.texture[:, 1] == 0.5]
    assert front[2, 0] == pytest.approx(0.3, abs=1e-5)


def test_a_sum_keeps_every_quadrilateral_in_its_place() -> None:
    first, second = tube(UP, LEFT, GIRTH, GIRTH, 3, 8), box(np.zeros(3), (1.0, 1.0, 1.0), 0.0, 5)
    both = merge([first, second])
    assert len(both.quads) == len(first.quads) + 6
    assert np.array_equal(both.points_m[both.quads[-6:]], second.points_m[second.quads])
    assert set(both.material) == {3, 5}
    assert np.array_equal(both.normals()[-24:], second.normals())
