"""Each face goes to its person, and to nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.geometry import Box
from footfall.faces.belief import BARE, MASK
from footfall.faces.heads import misfit
from footfall.faces.matching import Face, distinct, give, shared

ANN: Box = (900.0, 300.0, 1000.0, 560.0)
BOB: Box = (1010.0, 310.0, 1110.0, 570.0)


def at(x: float, y: float, score: float = 0.9, width: float = 30.0) -> Face:
    return Face((x - width / 2, y - width / 2, x + width / 2, y + width / 2), MASK, score)


@pytest.mark.parametrize(
    ("faces", "people", "expected"),
    [
        pytest.param([at(950, 330)], {"ann": ANN}, {"ann": 0}, id="one face, one person"),
        pytest.param([at(1060, 340), at(950, 330)], {"ann": ANN, "bob": BOB}, {"ann": 1, "bob": 0}, id="side by side"),
        pytest.param([], {"ann": ANN}, {}, id="turned away"),
        pytest.param([at(500, 330)], {"ann": ANN}, {}, id="a face on a poster"),
        pytest.param([at(950, 330), at(945, 380)], {"ann": ANN}, {"ann": 0}, id="one person has one face"),
        pytest.param(
            [at(955, 335)],
            {"front": (905.0, 305.0, 1005.0, 600.0), "behind": (900.0, 270.0, 990.0, 520.0)},
            {"front": 0},
            id="the one behind is hidden: the face belongs to the one in front",
        ),
        pytest.param(
            [at(955, 335), at(950, 297)],
            {"front": (905.0, 305.0, 1005.0, 600.0), "behind": (900.0, 270.0, 990.0, 520.0)},
            {"front": 0, "behind": 1},
            id="looking over a shoulder",
        ),
        pytest.param(
            [at(1010, 345)], {"ann": ANN, "bob": BOB}, {"bob": 0}, id="between two it goes to the nearer head"
        ),
        pytest.param([at(950, 330)], {"bob": ANN, "ann": ANN}, {"bob": 0}, id="of two alike the first gets it"),
        pytest.param([at(950, 330)], {"ann": (950.0, 300.0, 950.0, 560.0)}, {}, id="a box without width"),
    ],
)
def test_who_gets_which(faces: list[Face], people: dict[str, Box], expected: dict[str, int]) -> None:
    assert give(faces, people) == {name: faces[index] for name, index in expected.items()}


coordinates = st.tuples(st.floats(0, 1900), st.floats(0, 1000), st.floats(1, 300), st.floats(1, 600))
boxes = coordinates.map(lambda c: (c[0], c[1], c[0] + c[2], c[1] + c[3]))
found = st.builds(Face, boxes, st.sampled_from([MASK, BARE]), st.floats(0, 1))


@given(st.lists(found, max_size=8), st.dictionaries(st.sampled_from("abcdef"), boxes))
def test_one_to_one_and_nobody_could_do_better_alone(faces: list[Face], people: dict[str, Box]) -> None:
    given_faces = give(faces, people)
    taken = [id(face) for face in given_faces.values()]
    assert len(taken) == len(set(taken))
    for name, box in people.items():
        free = [face for face in faces if id(face) not in taken]
        own = misfit(given_faces[name].xyxy_px, box) if name in given_faces else None
        for face in free:
            off = misfit(face.xyxy_px, box)
            assert off is None or (own is not None and own <= off)


@given(st.lists(found, max_size=8))
def test_no_face_is_there_twice(faces: list[Face]) -> None:
    kept = distinct(faces)
    assert [face.score for face in kept] == sorted((face.score for face in kept), reverse=True)
    for index, face in enumerate(kept):
        assert all(shared(face.xyxy_px, other.xyxy_px) <= 0.5 for other in kept[:index])
    for face in faces:
        assert any(shared(face.xyxy_px, other.xyxy_px) > 0.5 and other.score >= face.score for other in kept)


def test_the_whole_face_wins_over_the_half_of_it_at_the_edge_of_a_neighbours_cut() -> None:
    whole, half = at(950, 330, 0.8), Face((935.0, 315.0, 950.0, 345.0), BARE, 0.6)
    assert distinct([half, whole]) == [whole]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param((0, 0, 2, 2), (1, 0, 3, 2), 0.5, id="half"),
        pytest.param((0, 0, 4, 4), (1, 1, 2, 2), 1.0, id="one inside the other"),
        pytest.param((0, 0, 1, 1), (1, 0, 2, 1), 0.0, id="touching"),
        pytest.param((0, 0, 1, 1), (5, 5, 6, 6), 0.0, id="apart"),
        pytest.param((1, 1, 1, 1), (0, 0, 2, 2), 0.0, id="without area"),
    ],
)
def test_common_area(a: Box, b: Box, expected: float) -> None:
    assert shared(a, b) == shared(b, a) == expected
