"""A camera's faces over time, told as stories: who is looked at, what is seen, what is said."""

from __future__ import annotations

import pytest

from footfall.core.geometry import Box
from footfall.core.types import MaskLabel, TrackObservation
from footfall.faces.belief import BARE, MASK
from footfall.faces.heads import Cut, in_pixels
from footfall.faces.matching import Face
from footfall.faces.watch import FaceWatch

HD = (1920, 1080)
PLACES = 12


def person(name: str, x: float = 0.5, t_s: float = 0.0, width: float = 0.06) -> TrackObservation:
    box = (x - width / 2, 0.3, x + width / 2, 0.7)
    return TrackObservation(name, t_s, 0, box, (x, 0.7), 0.9)


def face_of(someone: TrackObservation, label: MaskLabel = MASK, score: float = 0.9) -> Face:
    x0, y0, x1, _ = in_pixels(someone.box_n, HD)
    width = x1 - x0
    box: Box = (x0 + 0.35 * width, y0 + 0.1 * width, x1 - 0.35 * width, y0 + 0.5 * width)
    return Face(box, label, score)


class Camera:
    """Steps a watch through time and shows it the faces of those who face the camera."""

    def __init__(self, forget_after_s: float = 3.0) -> None:
        self.watch = FaceWatch(forget_after_s)
        self.looks = 0

    def show(self, t_s: float, people: list[TrackObservation], faces: list[Face]) -> list[Cut]:
        cuts = self.watch.look(people, t_s, HD, PLACES)
        if cuts:
            self.looks += len(cuts)
            seen = [face for face in faces if any(cut.x0 <= face.xyxy_px[0] < cut.x1 for cut in cuts)]
            self.watch.learn(seen, people, t_s, HD)
        return cuts

    def said(self, name: str, t_s: float) -> str | None:
        state = self.watch.mask_of(name, t_s)
        return state and state.label


def test_a_newcomer_who_shows_a_clear_face_is_told_at_once() -> None:
    camera, ann = Camera(), person("ann")
    assert len(camera.show(0.0, [ann], [face_of(ann)])) == 1
    assert camera.said("ann", 0.0) == MASK


def test_who_never_shows_a_face_is_never_told_and_rarely_looked_at() -> None:
    camera, ann = Camera(), person("ann")
    for n in range(150):
        camera.show(n / 15, [ann], [])
        assert camera.said("ann", n / 15) is None
    assert camera.looks <= 25


def test_two_who_cross_keep_their_own_masks() -> None:
    camera = Camera()
    for n in range(60):
        t_s = n / 15
        ann, bob = person("ann", 0.3 + 0.4 * n / 60), person("bob", 0.7 - 0.4 * n / 60)
        hidden = abs(ann.box_n[0] - bob.box_n[0]) < 0.03
        faces = [face_of(ann, MASK)] if hidden else [face_of(ann, MASK), face_of(bob, BARE)]
        camera.show(t_s, [ann, bob], faces)
        assert camera.said("ann", t_s) == MASK
    assert camera.said("bob", 59 / 15) == BARE


def test_a_neighbour_who_was_not_due_learns_from_a_face_seen_by_the_way() -> None:
    camera, ann, bob = Camera(), person("ann", 0.50), person("bob", 0.52)
    camera.show(0.0, [ann], [face_of(ann)])
    cuts = camera.show(0.3, [ann, bob], [face_of(ann), face_of(bob, BARE)])
    assert len(cuts) == 1
    assert camera.said("ann", 2.2) == MASK
    assert camera.said("bob", 0.3) == BARE


def test_a_settled_person_is_looked_at_about_once_a_second() -> None:
    camera, ann = Camera(), person("ann")
    for n in range(150):
        camera.show(n / 15, [ann], [face_of(ann)])
    assert 9 <= camera.looks <= 12


def test_a_mask_taken_off_is_told_within_two_seconds() -> None:
    camera, ann = Camera(), person("ann")
    for n in range(300):
        camera.show(n / 15, [ann], [face_of(ann, MASK if n < 150 else BARE)])
        if n < 150:
            assert camera.said("ann", n / 15) == MASK
        if n >= 180:
            assert camera.said("ann", n / 15) == BARE


def test_a_turned_back_ends_the_story_after_two_seconds() -> None:
    camera, ann = Camera(), person("ann")
    for n in range(75):
        camera.show(n / 15, [ann], [face_of(ann)] if n < 15 else [])
    assert camera.said("ann", 74 / 15) is None


def test_too_far_away_is_not_looked_at() -> None:
    camera, ant = Camera(), person("ant", width=0.02)
    assert camera.show(0.0, [ant], [face_of(ant)]) == []
    assert camera.said("ant", 0.0) is None


@pytest.mark.parametrize(
    ("away_s", "expected"),
    [pytest.param(1.0, MASK, id="a short gap"), pytest.param(3.5, None, id="gone for longer than tracks live")],
)
def test_what_is_known_goes_with_the_track(away_s: float, expected: str | None) -> None:
    camera, ann = Camera(forget_after_s=1.5), person("ann")
    for n in range(15):
        camera.show(n / 15, [ann], [face_of(ann)])
    back_s = 14 / 15 + away_s
    camera.show(back_s, [person("else", 0.1)], [])
    assert camera.said("ann", back_s) == expected


def test_a_fresh_start_forgets_everybody() -> None:
    camera, ann = Camera(), person("ann")
    camera.show(5.0, [ann], [face_of(ann)])
    camera.watch.reset()
    assert camera.said("ann", 5.0) is None
    assert len(camera.show(0.0, [ann], [])) == 1


def test_memory_is_bounded_by_who_was_here_lately() -> None:
    watch = FaceWatch(3.0)
    for n in range(3000):
        watch.look([person(f"{n}", 0.5)], n / 10, HD, PLACES)
    assert len(watch._people) <= 31
