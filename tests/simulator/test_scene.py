import json
from itertools import pairwise
from math import hypot, radians
from pathlib import Path

import av
import cv2
import numpy as np
import onnxruntime
import pytest

from footfall.core.errors import ConfigError
from footfall.core.geometry import side_of_line
from footfall.simulator.scene import SceneFiles, SceneSpec, scene_regions, simulate_scene, write_scene
from footfall.simulator.story import STORIES
from footfall.spatial.ground import Camera

SMALL = SceneSpec(people=5, duration_s=3.0, fps=10.0, size_px=(320, 180))


def test_the_same_spec_gives_the_same_files(tmp_path: Path) -> None:
    write_scene(SMALL, tmp_path / "a")
    write_scene(SMALL, tmp_path / "b")
    for name in ("clip.mp4", "truth.json", "tracks.jsonl"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_another_seed_tells_another_story() -> None:
    (image, truth), (other_image, other) = (
        next(simulate_scene(SceneSpec(seed=seed, duration_s=1.0, size_px=(160, 90)))) for seed in (1, 2)
    )
    assert not np.array_equal(image, other_image)
    assert {p.id for p in truth.people}.isdisjoint(p.id for p in other.people)


def test_clip_tracks_and_truth_agree(tmp_path: Path) -> None:
    done: list[tuple[int, int]] = []
    truth = write_scene(SMALL, tmp_path / "scene.mp4", lambda frame, frames: done.append((frame, frames)))
    files = SceneFiles.at(tmp_path / "scene.mp4")
    with av.open(str(files.clip)) as container:
        pictures = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    tracks = [json.loads(line) for line in files.tracks.read_text().splitlines()]
    document = json.loads(files.truth.read_text())
    assert len(pictures) == len(tracks) == truth.frames == document["frames"] == SMALL.frames == 30
    assert done == [(k, 30) for k in range(1, 31)]
    assert pictures[0].shape == (180, 320, 3)
    assert document["format"] == "footfall-truth-1"
    assert document["clip"] == "scene.mp4"
    assert document["camera"]["height_m"] == SMALL.camera.height_m
    assert set(document["lines"]) == set(scene_regions(SMALL).lines)
    assert all(0.0 <= v <= 1.0 for row in tracks for p in row["people"] for v in p["box"])
    assert all(len(p["id"]) == 32 for row in tracks for p in row["people"])


@pytest.mark.parametrize("story", STORIES)
def test_the_truth_is_what_the_feet_did(story: str, tmp_path: Path) -> None:
    spec = SceneSpec(story, people=8, duration_s=16.0, fps=5.0, size_px=(96, 54))
    truth = write_scene(spec, tmp_path)
    feet: dict[str, dict[int, tuple[float, float]]] = {}
    ground: dict[str, dict[int, tuple[float, float]]] = {}
    for _, frame in simulate_scene(spec):
        for person in frame.people:
            feet.setdefault(person.id, {})[frame.frame] = person.foot_n
            ground.setdefault(person.id, {})[frame.frame] = person.ground_m
    for name, crossings in truth.crossings.items():
        start, end = truth.regions.lines[name]
        for crossing in crossings:
            path = feet[crossing.person]
            before, after = (side_of_line(start, end, path[f]) for f in (crossing.frame - 1, crossing.frame))
            assert before * after <= 0
            assert after * crossing.sign > 0
        for who in feet:
            signs = [c.sign for c in crossings if c.person == who]
            assert all(a != b for a, b in pairwise(signs)), "enters and leaves take turns"
    for path in ground.values():
        steps = [hypot(b[0] - a[0], b[1] - a[1]) for (_, a), (_, b) in pairwise(sorted(path.items()))]
        assert max(steps, default=0.0) <= 1.6 * 1.16 / spec.fps
    assert sum(map(len, truth.crossings.values())) + sum(map(len, truth.visits.values())) >= 3
    document = json.loads((tmp_path / "truth.json").read_text())
    assert all(
        z["max_occupancy"] >= max((n for _, n in z["occupancy_probes"]), default=0) for z in document["zones"].values()
    )


def test_half_the_frame_rate_counts_nearly_the_same(tmp_path: Path) -> None:
    counts = []
    for fps in (6.0, 12.0):
        truth = write_scene(SceneSpec("door", people=10, fps=fps, size_px=(64, 64)), tmp_path / str(fps))
        counts.append(len(truth.crossings["door"]))
    assert abs(counts[0] - counts[1]) <= 1
    assert counts[0] >= 5


def test_nobody_at_all_is_a_scene_too(tmp_path: Path) -> None:
    truth = write_scene(SceneSpec(people=0, duration_s=0.5, size_px=(64, 64)), tmp_path)
    assert truth.persons_total == 0
    assert set(truth.whole_frame) == {0}


def test_night_is_dark_and_noisy() -> None:
    day, night = (
        next(simulate_scene(SceneSpec(people=0, duration_s=1, size_px=(160, 90), night=n)))[0] for n in (0, 1)
    )
    assert night.mean() < 0.5 * day.mean()


@pytest.mark.parametrize(
    ("values", "option"),
    [
        ({"story": "opera"}, "--story"),
        ({"seed": -1}, "--seed"),
        ({"people": -1}, "--people"),
        ({"duration_s": 0.0}, "--seconds"),
        ({"fps": float("nan")}, "--fps"),
        ({"size_px": (641, 360)}, "--size"),
        ({"size_px": (0, 0)}, "--size"),
        ({"camera": Camera(0.0, 0.8, 1.0)}, "--height"),
        ({"camera": Camera(3.0, 0.0, 1.0)}, "--focal"),
        ({"camera": Camera(3.0, 0.8, radians(140))}, "--tilt"),
        ({"noise": float("inf")}, "--noise"),
    ],
)
def test_a_senseless_value_is_named(values: dict[str, object], option: str) -> None:
    with pytest.raises(ConfigError) as caught:
        SceneSpec(**values)  # type: ignore[arg-type]
    assert [problem.path for problem in caught.value.problems] == [option]


@pytest.mark.parametrize("out", ["file/below", "file/clip.mp4"])
def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path, out: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_scene(SMALL, tmp_path / out)


def detect(session: onnxruntime.InferenceSession, image: np.ndarray) -> np.ndarray:
    """YOLOX-nano's person boxes, (n, 4) pixels, score 0.3 and more, not yet thinned out."""
    ratio = 416 / max(image.shape[:2])
    small = cv2.resize(image, (round(image.shape[1] * ratio), round(image.shape[0] * ratio)))
    padded = np.full((416, 416, 3), 114, np.uint8)
    padded[: small.shape[0], : small.shape[1]] = small
    rows = session.run(None, {"images": padded.transpose(2, 0, 1)[None].astype(np.float32)})[0][0]
    cells = [(x, y, s) for s in (8, 16, 32) for y in range(416 // s) for x in range(416 // s)]
    grid = np.array(cells, np.float32)
    centre, size = (rows[:, :2] + grid[:, :2]) * grid[:, 2:], np.exp(rows[:, 2:4]) * grid[:, 2:]
    found = rows[:, 4] * rows[:, 5] >= 0.3
    return np.concatenate([centre - size / 2, centre + size / 2], axis=1)[found] / ratio


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    wide, high = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    shared = max(wide, 0) * max(high, 0)
    return float(shared / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - shared))


@pytest.mark.parametrize("story", STORIES)
def test_a_real_detector_finds_the_people(story: str, shared: Path) -> None:
    session = onnxruntime.InferenceSession(str(shared / "models/yolox_nano/yolox_nano.onnx"))
    spec = SceneSpec(story, people=10, duration_s=15.0, fps=1.0, size_px=(640, 360))
    found = wanted = 0
    for image, truth in simulate_scene(spec):
        boxes = detect(session, image)
        for person in truth.people:
            if person.visible_box_n is None or person.visibility < 0.9:
                continue
            box = np.array(person.visible_box_n) * [640, 360, 640, 360]
            if box[3] - box[1] > 60:
                wanted += 1
                found += any(overlap(box, other) > 0.5 for other in boxes)
    assert wanted >= 15
    assert found >= 0.6 * wanted, f"{found} of {wanted}"
