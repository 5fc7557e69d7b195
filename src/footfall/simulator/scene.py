"""`footfall simulate scene`: seeded people in a calibrated room, as pictures and as truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import degrees, isfinite, radians
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.annotate import VideoWriter
from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Image
from footfall.simulator.backdrop import draw_backdrop
from footfall.simulator.documents import tracks_line, truth_document
from footfall.simulator.look import draw_look
from footfall.simulator.render import Figure, Renderer, Silhouette
from footfall.simulator.story import STORIES, Story, tell
from footfall.simulator.truth import FrameTruth, PersonTruth, Recorder, Regions, Truth, regions_in_view
from footfall.simulator.view import View
from footfall.simulator.walk import Crowd
from footfall.spatial.ground import Camera

DEFAULT_CAMERA = Camera(height_m=3.2, focal_w=0.8, tilt_rad=radians(65.0))
NOISE_FIELDS = 6


@dataclass(frozen=True, slots=True)
class SceneSpec:
    """What to simulate. The same spec gives the same truth and the same pictures.

    Raises:
        ConfigError: a value makes no sense; every problem is listed.
    """

    story: str = "lobby"
    seed: int = 1
    people: int = 8
    """How many people take part in all."""
    duration_s: float = 20.0
    fps: float = 15.0
    size_px: tuple[int, int] = (960, 540)
    """(width, height), even."""
    camera: Camera = DEFAULT_CAMERA
    night: bool = False
    noise: float = 2.0
    """Standard deviation of the sensor's noise in grey levels by day; three times as much at night."""

    def __post_init__(self) -> None:
        if problems := _problems(self):
            raise ConfigError(problems)

    @property
    def frames(self) -> int:
        """Number of pictures."""
        return max(1, round(self.duration_s * self.fps))


@dataclass(frozen=True, slots=True)
class SceneFiles:
    """Where the three files of a scene go."""

    clip: Path
    truth: Path
    tracks: Path

    @classmethod
    def at(cls, out: Path) -> SceneFiles:
        """A folder: clip.mp4, truth.json, tracks.jsonl in it. X.mp4: X.mp4, X.truth.json, X.tracks.jsonl."""
        if out.suffix.lower() == ".mp4":
            return cls(out, out.with_suffix(".truth.json"), out.with_suffix(".tracks.jsonl"))
        return cls(out / "clip.mp4", out / "truth.json", out / "tracks.jsonl")


def simulate_scene(spec: SceneSpec) -> Iterator[tuple[Image, FrameTruth]]:
    """Pictures and truth, frame by frame; memory does not grow with the length, and no file is touched."""
    story, view = story_of(spec), View(spec.camera, spec.size_px)
    renderer = Renderer(story.room, view, draw_backdrop(story.room, view, np.random.default_rng([spec.seed, 2])))
    looks = [draw_look(np.random.default_rng([spec.seed, 3, i])) for i in range(len(story.journeys))]
    names = [np.random.default_rng([spec.seed, 4, i]).bytes(16).hex() for i in range(len(story.journeys))]
    crowd = Crowd(story.room, story.journeys, story.queue_m)
    sensor = _Sensor(spec)
    for frame in range(spec.frames):
        crowd.advance(frame / spec.fps)
        stances = crowd.stances()
        image, silhouettes = renderer.draw([Figure(looks[i], stance) for i, stance in stances.items()])
        people = [
            _person(names[i], stance.ground_m, silhouette, view)
            for (i, stance), silhouette in zip(stances.items(), silhouettes, strict=True)
        ]
        yield sensor.expose(image), FrameTruth(frame, frame / spec.fps, tuple(p for p in people if p is not None))


def scene_regions(spec: SceneSpec) -> Regions:
    """The lines and zones of the spec's story as its camera sees them."""
    return regions_in_view(story_of(spec), View(spec.camera, spec.size_px))


def write_scene(spec: SceneSpec, out: Path, progress: Callable[[int, int], None] | None = None) -> Truth:
    """Write clip, truth and tracks to a folder, or beside `out` if it ends in .mp4; see `SceneFiles.at`.

    `progress` is called after each frame with (frames done, frames in all).

    Raises:
        ConfigError: `out` cannot be written.
    """
    files, recorder = SceneFiles.at(out), Recorder(scene_regions(spec))
    try:
        files.clip.parent.mkdir(parents=True, exist_ok=True)
        with (
            files.tracks.open("w", encoding="utf-8") as tracks,
            VideoWriter(files.clip, spec.fps, spec.size_px) as clip,
        ):
            for image, truth in simulate_scene(spec):
                clip.write(image, truth.t_s)
                recorder.add(truth)
                tracks.write(tracks_line(truth) + "\n")
                if progress is not None:
                    progress(truth.frame + 1, spec.frames)
        truth_text = truth_document(recorder.truth(), spec.fps, spec.size_px, spec.camera, _origin(spec, files))
        files.truth.write_text(truth_text, encoding="utf-8")
    except OSError as error:
        problem = Problem(str(out), "$", f"cannot be written: {error.strerror}", "name a folder that you may write to")
        raise ConfigError([problem]) from error
    return recorder.truth()


def _origin(spec: SceneSpec, files: SceneFiles) -> dict[str, object]:
    return {
        "clip": files.clip.name,
        "annotated_by": "exact: from the simulated floor positions",
        "simulation": {"story": spec.story, "seed": spec.seed, "people": spec.people, "night": spec.night},
    }


def story_of(spec: SceneSpec) -> Story:
    """Who does what, by the spec's seed."""
    return tell(spec.story, spec.people, spec.duration_s, np.random.default_rng([spec.seed, 1]))


def _person(name: str, ground_m: tuple[float, float], silhouette: Silhouette | None, view: View) -> PersonTruth | None:
    foot = view.floor_point_n(ground_m)
    if foot is None:
        return None
    if silhouette is None:
        return PersonTruth(name, ground_m, foot, None, None, 0.0)
    boxes = silhouette.full_box_n, silhouette.visible_box_n
    return PersonTruth(name, ground_m, foot, *boxes, silhouette.visibility)


class _Sensor:
    """The camera behind the lens: a little blur, darkness, noise that differs from frame to frame."""

    def __init__(self, spec: SceneSpec) -> None:
        self._rng = np.random.default_rng([spec.seed, 5])
        width, height = spec.size_px
        deviation = spec.noise * (3.0 if spec.night else 1.0)
        self._fields = [self._grain((height, width, 3), deviation) for _ in range(NOISE_FIELDS)]
        self._night = spec.night

    def _grain(self, shape: tuple[int, int, int], deviation: float) -> NDArray[np.int8]:
        noise = self._rng.standard_normal(shape, np.float32) * np.float32(deviation)
        return np.asarray(np.clip(np.rint(noise), -127, 127), np.int8)

    def expose(self, image: Image) -> Image:
        """The picture that leaves the camera."""
        image = np.asarray(cv2.GaussianBlur(image, (3, 3), 0.5), np.uint8)
        if self._night:
            grey = image.mean(axis=2, keepdims=True, dtype=np.float32)
            image = ((0.65 * grey + 0.35 * image) * np.array([0.44, 0.40, 0.36], np.float32)).astype(np.uint8)
        field = self._fields[int(self._rng.integers(NOISE_FIELDS))]
        shifted = np.roll(field, int(self._rng.integers(len(field))), axis=0)
        return np.asarray(cv2.add(image, shifted, dtype=cv2.CV_8U), np.uint8)


def _problems(spec: SceneSpec) -> list[Problem]:
    width, height = spec.size_px
    camera = spec.camera
    checks = (
        ("story", spec.story in STORIES, f"no story {spec.story!r}", f"choose one of {', '.join(STORIES)}"),
        ("seed", spec.seed >= 0, f"seed {spec.seed} is negative", "give 0 or more"),
        ("people", 0 <= spec.people <= 100, f"{spec.people} people", "give 0 to 100"),
        ("seconds", 0.0 < spec.duration_s <= 86400.0, f"{spec.duration_s} seconds", "give more than 0, at most 86400"),
        ("fps", 1.0 <= spec.fps <= 120.0, f"{spec.fps} frames a second", "give 1 to 120"),
        ("size", 32 <= width <= 3840 and 32 <= height <= 2160, f"{width}x{height} pixels", "give 32x32 to 3840x2160"),
        ("size", width % 2 == 0 and height % 2 == 0, f"{width}x{height} is odd", "give an even width and height"),
        ("height", 0.5 <= camera.height_m <= 30.0, f"{camera.height_m} m", "give 0.5 to 30 metres"),
        ("focal", 0.2 <= camera.focal_w <= 5.0, f"focal length {camera.focal_w}", "give 0.2 to 5 image widths"),
        ("tilt", 0.0 <= camera.tilt_rad <= radians(100.0), f"{degrees(camera.tilt_rad):g} degrees", "give 0 to 100"),
        ("noise", isfinite(spec.noise) and 0.0 <= spec.noise <= 60.0, f"noise {spec.noise}", "give 0 to 60"),
    )
    return [Problem("simulate scene", f"--{option}", what, cure) for option, ok, what, cure in checks if not ok]
