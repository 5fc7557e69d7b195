"""From a trained iteration to the model that cameras ask: compared, put in its place, and taken back."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from footfall.annotate import VideoWriter
from footfall.cli.main import main
from footfall.core.errors import ConfigError
from footfall.customvision.moving.comparing import Comparison, Judged
from footfall.customvision.moving.using import back, before, put
from footfall.detect.attributes import AttributeReader
from footfall.learning.bundle import make_bundle
from footfall.learning.lesson import Kind
from servers.custom_vision import CustomVisionServer, told
from takeaways import colour_teller, encoded, white_finder

AT = datetime(2026, 11, 21, tzinfo=UTC)
COMPACT = "0732100f-1a38-4e49-a514-c9b44c697ab5"
COLOURS = {"coat:red": (220, 30, 30), "coat:blue": (30, 30, 220)}
BLIND = make_bundle(colour_teller(), ("coat:blue", "other", "coat:red"), Kind.MULTICLASS, "1", AT, None)
"""Tells red from blue, but names them the wrong way round."""


def entry(number: int, tag: str, tag_id: str) -> dict[str, object]:
    pixels = np.random.default_rng(number).integers(0, 90, (80, 120, 3), np.uint8)
    pixels[10:70, 20:100] = COLOURS[tag]
    return {"name": str(number), "contents": base64.b64encode(encoded(pixels)).decode(), "tagIds": [tag_id]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CustomVisionServer]:
    """One service with a project `coats`, trained once, and six more tagged images. It keeps no predictions."""
    with (
        CustomVisionServer(tmp_path_factory.mktemp("using"), more=("--prediction-days", "0")) as server,
        server.client() as client,
    ):
        project = told(client.post("projects", params={"name": "coats", "domainId": COMPACT}))["id"]
        ids = {tag: told(client.post(f"projects/{project}/tags", params={"name": tag}))["id"] for tag in COLOURS}

        def add(numbers: range) -> None:
            entries = [entry(n, list(COLOURS)[n % 2], ids[list(COLOURS)[n % 2]]) for n in numbers]
            told(client.post(f"projects/{project}/images/files", json={"images": entries}))

        add(range(10))
        iteration = told(client.post(f"projects/{project}/train"))
        while iteration["status"] == "Training":
            time.sleep(0.5)
            iteration = told(client.get(f"projects/{project}/iterations/{iteration['id']}"))
        assert iteration["status"] == "Completed", iteration
        add(range(10, 16))
        yield server


@pytest.fixture
def vision(server: CustomVisionServer, tmp_path: Path) -> Callable[..., int]:
    (tmp_path / "ours.key").write_text(server.keys["training key 1"])
    ends = ["--at", server.endpoint, "--key-file", str(tmp_path / "ours.key")]
    return lambda action, *words: main(["customvision", action, *words, *ends])


def test_an_iteration_is_compared_and_takes_the_place_of_the_model(
    vision: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "coats.zip"
    target.write_bytes(BLIND)
    assert vision("compare", "coats", "--with", str(target)) == 0
    out = capsys.readouterr()
    assert [line.split() for line in out.out.splitlines()][-3:] == [
        ["coat:blue", "3", "0%", "100%"], ["coat:red", "3", "0%", "100%"], ["all", "6", "0%", "100%"],
    ]  # fmt: skip
    assert "6 images only Iteration 1 tells right, 0 only coats.zip" in out.err
    assert vision("use", "coats", "--as", str(target)) == 0
    assert "Iteration 1 answers: coat:red, coat:blue" in capsys.readouterr().err
    assert AttributeReader(target).tags == ("coat:red", "coat:blue")
    assert before(target).read_bytes() == BLIND
    assert main(["customvision", "use", "--back", "--as", str(target)]) == 0
    assert target.read_bytes() == BLIND
    assert AttributeReader(before(target)).tags == ("coat:red", "coat:blue")


def test_the_exported_model_tells_what_the_service_tells(
    vision: Callable[..., int], server: CustomVisionServer, tmp_path: Path
) -> None:
    target = tmp_path / "coats.zip"
    assert vision("use", "coats", "Iteration 1", "--as", str(target)) == 0
    pixels = np.random.default_rng(99).integers(0, 255, (80, 120, 3), np.uint8)
    with server.client() as client:
        project = told(client.get("projects"))[0]["id"]
        where = f"projects/{project}/quicktest/image"
        answer = told(client.post(where, params={"store": "false"}, files={"imageData": encoded(pixels)}))
    served = {one["tagName"]: one["probability"] for one in answer["predictions"]}
    (attributes,) = AttributeReader(target).read([np.ascontiguousarray(pixels[:, :, ::-1])])
    exported = {f"{one.task}:{one.label}": one.confidence for one in attributes}
    assert exported == pytest.approx(served, abs=1e-4)


def test_a_project_without_new_images_is_judged_by_what_was_learned_and_that_is_said(
    vision: Callable[..., int], server: CustomVisionServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.zip").write_bytes(BLIND)
    with server.client() as client:
        project = told(client.get("projects"))[0]["id"]
        listed = told(client.get(f"projects/{project}/images", params={"taggingStatus": "Tagged", "take": 256}))
        late = ",".join(one["id"] for one in listed[:6])
        tags = ",".join({one["tags"][0]["tagId"] for one in listed})
        told(client.delete(f"projects/{project}/images/tags", params={"imageIds": late, "tagIds": tags}))
        assert vision("compare", "coats", "--with", str(tmp_path / "a.zip")) == 0
        pairs = [{"imageId": one["id"], "tagId": one["tags"][0]["tagId"]} for one in listed[:6]]
        told(client.post(f"projects/{project}/images/tags", json={"tags": pairs}))
    assert "Iteration 1 has learned from all of these images" in capsys.readouterr().err


def test_a_service_that_keeps_no_predictions(server: CustomVisionServer) -> None:
    with server.client() as client:
        project = told(client.get("projects"))[0]["id"]
        where = f"projects/{project}/quicktest/image"
        asked = told(client.post(where, params={"store": "true"}, files={"imageData": encoded(np.zeros((80, 80, 3)))}))
        assert asked["predictions"]
        kept = told(client.post(f"projects/{project}/predictions/query", json={"maxCount": 10}))
        assert kept["results"] == []


def test_figures_for_programs(vision: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.zip").write_bytes(BLIND)
    assert vision("compare", "coats", "--with", str(tmp_path / "a.zip"), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["running"], told["new"], told["learned"]) == ("a.zip", "Iteration 1", False)
    assert told["all"] == {"images": 6, "running": 0, "new": 6}
    assert told["tags"]["coat:red"] == {"images": 3, "running": 0, "new": 3}
    assert (told["only_new_right"], told["only_running_right"]) == (6, 0)


def test_an_iteration_and_the_model_on_a_clip(
    vision: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One person in a red coat, as recorded; the model that runs calls it blue."""
    (tmp_path / "a.zip").write_bytes(BLIND)
    pixels = np.full((90, 160, 3), (30, 30, 220), np.uint8)
    with VideoWriter(tmp_path / "door.mp4", 10.0, (160, 90)) as clip:
        for number in range(30):
            clip.write(pixels, number / 10)
    people = [{"id": "ann", "box": [0.2, 0.1, 0.8, 0.9]}]
    lines = [json.dumps({"frame": n, "t": n / 10, "people": people, "size": [160, 90]}) for n in range(30)]
    (tmp_path / "door.jsonl").write_text("\n".join(lines))
    on_clip = "--clip", str(tmp_path / "door.mp4"), "--tracks", str(tmp_path / "door.jsonl")
    assert vision("compare", "coats", "--with", str(tmp_path / "a.zip"), *on_clip, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    [case] = told["disputed"]
    assert (case["person"], case["task"], case["looks"]) == ("ann", "coat", 2)
    assert (case["running"]["tag"], case["new"]["tag"]) == ("coat:blue", "coat:red")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["use", "none", "--as", "a.zip"], "there is no project none; there are: coats", id="no project"),
        pytest.param(
            ["use", "coats", "9", "--as", "a.zip"], "no trained iteration 9; there are: Iteration 1", id="none"
        ),
        pytest.param(["use", "coats", "--as", "a.onnx"], "a.onnx: $: is no zip", id="no zip"),
        pytest.param(["use", "--as", "a.zip"], "PROJECT: is missing", id="no word of which"),
        pytest.param(["use", "--back", "--as", "a.zip"], "there is no a.before.zip beside it", id="nothing before"),
        pytest.param(["compare", "coats", "--with", "a.zip"], "a.zip: cannot be read", id="nothing to compare with"),
    ],
)
def test_what_cannot_be_used(
    vision: Callable[..., int], words: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert vision(*words) == 2
    told = capsys.readouterr().err
    assert says in told
    assert "Traceback" not in told
    assert [path.name for path in tmp_path.iterdir()] == ["ours.key"]


def test_without_a_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["customvision", "use", "coats", "--as", str(tmp_path / "a.zip")]) == 2
    assert "--key-file: is missing" in capsys.readouterr().err


def test_the_model_before_is_kept_and_twice_back_is_as_before(tmp_path: Path) -> None:
    target = tmp_path / "a.zip"
    put(target, b"first")
    with pytest.raises(ConfigError, match="nothing was exchanged so far"):
        back(target)
    put(target, b"second")
    put(target, b"third")
    assert (target.read_bytes(), before(target).read_bytes()) == (b"third", b"second")
    back(target)
    assert (target.read_bytes(), before(target).read_bytes()) == (b"second", b"third")
    back(target)
    assert (target.read_bytes(), before(target).read_bytes()) == (b"third", b"second")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.before.zip", "a.zip"]
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="in a folder that is yours"):
        put(tmp_path / "file" / "a.zip", b"x")


def test_counting() -> None:
    found = Comparison(
        (
            Judged("1", ("a",), "a", "a"),
            Judged("2", ("a",), "b", "a"),
            Judged("3", ("b", "c"), "c", "a"),
            Judged("4", ("b",), "a", "a"),
        ),
        is_unseen=True,
    )
    assert (found.tags, found.count(), found.count("b")) == (("a", "b", "c"), 4, 2)
    assert [found.right(which) for which in ("running", "new")] == [2, 2]
    assert [found.right(which, "a") for which in ("running", "new")] == [1, 2]
    assert (found.mended, found.broken) == (1, 1)


def test_boxes_are_not_compared_with_tags(
    vision: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.zip").write_bytes(make_bundle(white_finder(), ("person",), Kind.DETECTION, "1", AT, None))
    assert vision("compare", "coats", "--with", str(tmp_path / "a.zip")) == 2
    assert "a.zip finds boxes, Iteration 1 tells whole pictures" in capsys.readouterr().err
