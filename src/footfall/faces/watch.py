"""One camera's faces over time: whom to look at, what was seen of them, what to say about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from footfall.core.types import MaskState, TrackObservation
from footfall.faces.belief import Belief, learn, tell
from footfall.faces.heads import Cut, Size, head_cut, in_pixels
from footfall.faces.looks import Turn, choose
from footfall.faces.matching import Face, distinct, give


@dataclass(slots=True)
class _Person:
    """What is remembered of a track."""

    came_s: float
    here_s: float
    looked_s: float = -inf
    belief: Belief = field(default_factory=Belief)

    def turn(self, track_id: str, width_px: float, t_s: float) -> Turn:
        """Their claim to a look."""
        news_s = self.came_s if self.belief.seen_s is None else self.belief.seen_s
        is_settled = tell(self.belief, t_s) is not None
        return Turn(track_id, t_s - self.looked_s, t_s - news_s, is_settled, width_px)


class FaceWatch:
    """Remembers nobody longer than `forget_after_s` after the last sight of their track.

    Call `look` for each frame, `learn` after the heads it named were searched for faces, `mask_of` at any time.
    """

    def __init__(self, forget_after_s: float) -> None:
        self._forget_after_s = forget_after_s
        self._people: dict[str, _Person] = {}
        self._sheet_s = -inf

    def reset(self) -> None:
        """The stream starts anew: whoever comes is somebody new."""
        self._people.clear()
        self._sheet_s = -inf

    def look(self, people: Sequence[TrackObservation], t_s: float, size_px: Size, places: int) -> list[Cut]:
        """The heads to search for faces now, in pixels of a picture of (width, height); often none.

        Args:
            people: everybody seen in the frame of stream time `t_s`.
            t_s: stream time in seconds, never before the last.
            size_px: of the picture that heads are cut out of.
            places: how many at most.
        """
        self._meet(people, t_s)
        cuts = {p.track_id: cut for p in people if (cut := head_cut(p.box_n, size_px)) is not None}
        turns = [self._people[i].turn(i, cut.size_px[0], t_s) for i, cut in cuts.items()]
        chosen = choose(turns, t_s - self._sheet_s, places)
        for track_id in chosen:
            self._people[track_id].looked_s = t_s
        if chosen:
            self._sheet_s = t_s
        return [cuts[track_id] for track_id in chosen]

    def learn(self, faces: Sequence[Face], people: Sequence[TrackObservation], t_s: float, size_px: Size) -> None:
        """Take in the faces that were found on the heads of `look`, in the same frame and picture."""
        people_px: Mapping[str, tuple[float, float, float, float]] = {
            person.track_id: in_pixels(person.box_n, size_px) for person in people
        }
        for track_id, face in give(distinct(faces), people_px).items():
            person = self._people[track_id]
            person.belief = learn(person.belief, face.label, face.score, t_s)

    def mask_of(self, track_id: str, t_s: float) -> MaskState | None:
        """What is to be said about somebody now."""
        person = self._people.get(track_id)
        return None if person is None else tell(person.belief, t_s)

    def _meet(self, people: Sequence[TrackObservation], t_s: float) -> None:
        gone = [i for i, person in self._people.items() if t_s - person.here_s > self._forget_after_s]
        for track_id in gone:
            del self._people[track_id]
        for person in people:
            self._people.setdefault(person.track_id, _Person(t_s, t_s)).here_s = t_s
