"""Clips that are looked at again: in clear or sealed, and the people that were recorded of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from footfall.cli.files import read_lines, read_text
from footfall.config.plan import OnEnd, SourceSpec
from footfall.core.errors import ConfigError, Problem, SourceUnavailable
from footfall.core.geometry import bottom_center
from footfall.core.types import Frame, Observed, TrackObservation
from footfall.engine.clock import SystemClock
from footfall.evaluation.motchallenge import MotTable, parse
from footfall.events.tracks import EPOCH, read_tracks
from footfall.ingest.container import Address, probe
from footfall.ingest.decode import VideoSource
from footfall.vault.faults import NotSealed, UnknownKey
from footfall.vault.keys import keys_of
from footfall.vault.sealed import SUFFIX, opened

EVERY_FRAME_FPS: Final = 1e6
LEAST_SHARE: Final = 0.5
"""Of the recorded moments that must have a picture in the clip."""
LARGEST_TILT: Final = 0.02
"""Between the shapes (height over width) of clip and tracks."""
MOT_SUFFIX: Final = ".txt"
"""Of MOTChallenge text, as `footfall track` writes it."""


@contextmanager
def readable(clip: str, keys: str | None) -> Iterator[str]:
    """A path under which a clip can be read; what is sealed is opened in memory alone.

    Raises:
        ConfigError: it is sealed, and there are no keys for it, or it was altered.
    """
    path = Path(clip)
    if path.is_dir():
        what, cure = "is a folder", "export a recording first: footfall footage export FOLDER clip.mp4"
        raise ConfigError([Problem(clip, "--clip", what, cure)])
    if not clip.endswith(SUFFIX):
        yield clip
        return
    ring = keys_of(os.environ, keys)
    if ring is None:
        what, cure = "is sealed, and there are no keys", "give --keys FILE, or set FOOTFALL_RECORDING_KEY_FILE"
        raise ConfigError([Problem(clip, "--clip", what, cure)])
    memory = os.memfd_create("clip", os.MFD_CLOEXEC)
    with os.fdopen(memory, "wb") as plain:
        try:
            with path.open("rb") as sealed:
                plain.writelines(opened(sealed, ring, path.name.removesuffix(SUFFIX)))
        except (NotSealed, UnknownKey) as error:
            what, cure = f"cannot be opened: {error}", "give the keys it was sealed with, and the name it had"
            raise ConfigError([Problem(clip, "--clip", what, cure)]) from error
        plain.flush()
        inside = f"/proc/self/fd/{memory}"
        try:
            yield inside
        except SourceUnavailable as error:
            raise SourceUnavailable(error.reason, error.detail.replace(inside, clip)) from error


def play(spec: SourceSpec, clip: str, fps: float, width_px: int) -> Iterator[Frame]:
    """The frames of a clip.

    Args:
        spec: how it is read.
        clip: what the user calls it.
        fps: at most so many a second; `EVERY_FRAME_FPS` for all of them.
        width_px: at most so wide.

    Raises:
        ConfigError: it is a camera.
        SourceUnavailable: it cannot be played.
    """
    if spec.on_end is not OnEnd.STOP:
        what, cure = "a camera never ends", "name a file, or record with `footfall run CAMERA --clips FOLDER`"
        raise ConfigError([Problem(clip, "--clip", what, cure)])
    yield from VideoSource(replace(spec, max_fps=fps), image_width_px=width_px, clock=SystemClock()).frames()


def recorded_of(file: str, path: str, clip: str) -> list[Observed]:
    """People recorded of a clip: what `footfall run --tracks` writes, or (.txt) what `footfall track` does.

    Raises:
        ConfigError: it is neither, is empty, or reaches out of the clip's pictures.
        SourceUnavailable: the clip cannot be opened.
    """
    if Path(file).suffix.lower() == MOT_SUFFIX:
        info = probe(Address(path))
        found = list(_of_table(parse(read_text(file), file), info.size_px, info.fps))
        if found and max(corner for one in found for person in one.people for corner in person.box_n[:2]) > 1.0:
            what, cure = f"its boxes reach out of the pictures of {clip}", "name the tracks of this very clip"
            raise ConfigError([Problem(file, "--tracks", what, cure)])
    else:
        found = list(read_tracks(read_lines(file), file=file))
    if not found:
        cure = "record some with `footfall run CLIP --tracks FILE`"
        raise ConfigError([Problem(file, "--tracks", "no recorded frames", cure)])
    return found


@dataclass(slots=True)
class Pairing:
    """Puts recorded people and pictures together, by stream time."""

    recorded: Sequence[Observed]
    near_s: float
    """People belong to a picture that is no further away."""
    file: str
    clip: str

    def pairs(self, frames: Iterable[Frame]) -> Iterator[tuple[Frame, Observed]]:
        """Each frame of which people were recorded, and those.

        Raises:
            ConfigError: the pictures have another shape, or, at the end, too few of them fit.
        """
        number, paired = 0, 0
        for frame in frames:
            self._check_shape(frame)
            while number < len(self.recorded) and self.recorded[number].t_s < frame.t_s - self.near_s:
                number += 1
            if number < len(self.recorded) and self.recorded[number].t_s <= frame.t_s + self.near_s:
                yield frame, self.recorded[number]
                number, paired = number + 1, paired + 1
        if paired < LEAST_SHARE * len(self.recorded):
            raise self._foreign(f"only {paired} of {len(self.recorded)} recorded moments are in {self.clip}")

    def _check_shape(self, frame: Frame) -> None:
        (width, height), (high, wide) = self.recorded[0].size_px, frame.image.shape[:2]
        if abs(height / width - high / wide) > LARGEST_TILT:
            raise self._foreign(f"of pictures of {width}x{height}, and those of {self.clip} have another shape")

    def _foreign(self, what: str) -> ConfigError:
        return ConfigError([Problem(self.file, "--tracks", what, "name the tracks of this very clip")])


def near_s(path: str) -> float:
    """Half the time between two frames of a clip."""
    return 0.5 / probe(Address(path)).fps + 1e-3


def _of_table(table: MotTable, size_px: tuple[int, int], fps: float) -> Iterator[Observed]:
    """Boxes in pixels of the clip; frames count from 1."""
    width, height = size_px
    for frame in sorted(set(table.frame.tolist())):
        t_s = (frame - 1) / fps
        people = []
        for row in (table.frame == frame).nonzero()[0].tolist():
            x, y, w, h = (table.xywh_px[row] / [width, height, width, height]).tolist()
            box_n = x, y, x + w, y + h
            score = float(table.score[row])
            people.append(TrackObservation(str(int(table.id[row])), t_s, frame - 1, box_n, bottom_center(box_n), score))
        yield Observed("", frame - 1, t_s, EPOCH, (width, height), tuple(people))
