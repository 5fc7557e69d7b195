"""The node that reads faces: between the tracker and the floor."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from footfall.core.ports import Detector
from footfall.core.types import Frame, Image, TrackObservation
from footfall.engine.items import Tracked
from footfall.faces.belief import BARE, MASK
from footfall.faces.heads import Cut
from footfall.faces.matching import Face
from footfall.faces.sheet import SheetSpec, draw_sheet, lay_out, to_picture
from footfall.faces.watch import FaceWatch

log = logging.getLogger(__name__)


class FaceNode:
    """Tracked -> Tracked that says who wears a face mask, where a face can be seen.

    Pixels of faces live within one `feed`; what is remembered of a person is a number and two times.

    Args:
        detector: finds faces.
        labels: what its detections mean; others than `face_mask` and `face_nomask` are passed over.
        sheet: the picture that fits its input.
        least_score: faces below are not believed.
        forget_after_s: a lost track is remembered for this long.
    """

    def __init__(
        self, detector: Detector, labels: Sequence[str], sheet: SheetSpec, *, least_score: float, forget_after_s: float
    ) -> None:
        self._detector = detector
        self._labels = tuple(labels)
        self._sheet = sheet
        self._least_score = least_score
        self._watch = FaceWatch(forget_after_s)
        self._loop = 0
        self._told_small = False

    def feed(self, item: object) -> Iterator[Tracked]:
        """Look at those who are due, and tell what is known of everybody."""
        assert isinstance(item, Tracked)
        observed = item.observed
        if observed.loop != self._loop:
            self._watch.reset()
            self._loop = observed.loop
        if item.frame is not None:
            self._look(item.frame, observed.people)
        people = tuple(replace(p, mask=self._watch.mask_of(p.track_id, observed.t_s)) for p in observed.people)
        yield replace(item, observed=replace(observed, people=people))

    def flush(self) -> Iterator[Tracked]:
        """The stream is over: whoever comes later is somebody new."""
        self._watch.reset()
        return iter(())

    def _look(self, frame: Frame, people: Sequence[TrackObservation]) -> None:
        picture = frame.image if frame.picture is None else frame.picture
        size_px = picture.shape[1], picture.shape[0]
        if size_px[0] < frame.size_px[0] and not self._told_small:
            self._told_small = True
            log.warning(
                "%s: face masks: the camera sends pictures %d wide, not %d: only near faces can be read",
                frame.source_id, size_px[0], frame.size_px[0],
            )  # fmt: skip
        cuts = self._watch.look(people, frame.t_s, size_px, self._sheet.places)
        if cuts:
            self._watch.learn(list(self._find(frame, picture, cuts)), people, frame.t_s, size_px)

    def _find(self, frame: Frame, picture: Image, cuts: Sequence[Cut]) -> Iterator[Face]:
        """Faces on these heads, in pixels of the picture."""
        tiles = lay_out(cuts, self._sheet)
        sheet = replace(frame, image=draw_sheet(picture, tiles, self._sheet), picture=None)
        (found,) = self._detector.detect([sheet])
        for (x0, y0, x1, y1), score, label in zip(
            found.xyxy_px.tolist(), found.score.tolist(), found.label.tolist(), strict=True
        ):
            xyxy_px, name = to_picture((x0, y0, x1, y1), tiles), self._labels[label]
            if xyxy_px is not None and name in {MASK, BARE} and score >= self._least_score:
                yield Face(xyxy_px, name, score)
