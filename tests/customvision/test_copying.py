"""Projects copied between two services: whole, cut off and gone on with, trained and published like the original."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from footfall.cli.main import main
from footfall.customvision.moving.far import Far, FarError
from servers.custom_vision import CustomVisionServer, told
from takeaways import encoded

COMPACT, DETECTION = "0732100f-1a38-4e49-a514-c9b44c697ab5", "7ec2ac80-887b-48a6-8df9-8b1357765430"
COLOURS = {"red": (220, 30, 30), "blue": (30, 30, 220)}


def picture(number: int, rgb: tuple[int, int, int]) -> bytes:
    """A coloured block on noise: no two alike."""
    pixels = np.random.default_rng(number).integers(0, 90, (80, 120, 3), np.uint8)
    pixels[20:60, 30:90] = rgb
    return encoded(pixels)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CustomVisionServer, CustomVisionServer]]:
    folder = tmp_path_factory.mktemp("two")
    with CustomVisionServer(folder / "here") as here, CustomVisionServer(folder / "there") as there:
        yield here, there


@pytest.fixture
def copy(pair: tuple[CustomVisionServer, CustomVisionServer], tmp_path: Path) -> Callable[..., int]:
    """`footfall customvision copy` from here to there."""
    here, there = pair
    (tmp_path / "from.key").write_text(here.keys["training key 1"] + "\n")
    (tmp_path / "to.key").write_text(there.keys["training key 2"])
    ends = ["--from", here.endpoint, "--from-key-file", str(tmp_path / "from.key")]
    ends += ["--to", there.endpoint, "--to-key-file", str(tmp_path / "to.key"), "--notes", str(tmp_path)]
    return lambda *more: main(["customvision", "copy", *ends, *more])


class Studio:
    """Makes projects to copy."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def post(self, path: str, body: object = None, **query: object) -> Any:
        return told(self._client.post(path, json=body, params={k: str(v) for k, v in query.items()}))

    def get(self, path: str, **query: object) -> Any:
        return told(self._client.get(path, params={k: str(v) for k, v in query.items()}))

    def upload(self, project: str, entries: list[dict[str, object]]) -> list[str]:
        made = self.post(f"projects/{project}/images/files", {"images": entries})
        return [one["image"]["id"] for one in made["images"]]

    def delete(self, project: str) -> None:
        assert self._client.delete(f"projects/{project}").status_code == 204


@pytest.fixture
def here(pair: tuple[CustomVisionServer, CustomVisionServer]) -> Iterator[Studio]:
    with pair[0].client() as client:
        yield Studio(client)


@pytest.fixture
def there(pair: tuple[CustomVisionServer, CustomVisionServer]) -> Iterator[Studio]:
    with pair[1].client() as client:
        yield Studio(client)


def by_name(studio: Studio, name: str) -> dict[str, Any]:
    (found,) = [one for one in studio.get("projects") if one["name"] == name]
    return dict(found)


def entry(number: int, colour: str, tag_ids: list[str] | None = None) -> dict[str, object]:
    contents = base64.b64encode(picture(number, COLOURS[colour])).decode()
    return {"name": f"{number}.png", "contents": contents, "tagIds": tag_ids or []}


def classification(here: Studio, name: str, count: int = 6, *, negative: bool = True) -> str:
    """Two colours and, where asked, a negative tag on no picture; the last picture is not tagged."""
    project = str(here.post("projects", name=name, description="of coats", domainId=COMPACT,
                            classificationType="Multiclass")["id"])  # fmt: skip
    tags = {
        colour: here.post(f"projects/{project}/tags", name=colour, description=f"is {colour}")["id"]
        for colour in COLOURS
    }
    if negative:
        here.post(f"projects/{project}/tags", name="nothing", type="Negative")
    colours = list(COLOURS) * count
    entries = [entry(number, colour, [tags[colour]]) for number, colour in enumerate(colours)]
    ids = here.upload(project, [*entries, entry(999, "red")])
    here.post(f"projects/{project}/images/metadata", {"camera": "door"}, imageIds=ids[0])
    return project


def images_of(studio: Studio, project: str) -> list[dict[str, Any]]:
    return list(studio.get(f"projects/{project}/images", taggingStatus="All", orderBy="Oldest", take=256))


def pixels(image: dict[str, Any]) -> bytes:
    return httpx.get(image["originalImageUri"], trust_env=False, timeout=60).content


def test_a_classification_project_arrives_whole(
    copy: Callable[..., int], here: Studio, there: Studio, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    project = classification(here, "coats")
    assert copy("--project", "coats") == 0
    made = by_name(there, "coats")
    assert made["description"] == "of coats"
    assert (made["settings"]["domainId"], made["settings"]["classificationType"]) == (COMPACT, "Multiclass")
    tags = {tag["name"]: tag for tag in there.get(f"projects/{made['id']}/tags")}
    assert {name: (tag["type"], tag["imageCount"], tag["description"]) for name, tag in tags.items()} == {
        "red": ("Regular", 6, "is red"), "blue": ("Regular", 6, "is blue"), "nothing": ("Negative", 0, ""),
    }  # fmt: skip
    before, after = images_of(here, project), images_of(there, made["id"])
    assert [pixels(one) for one in before] == [pixels(one) for one in after]
    names = [[[tag["tagName"] for tag in one["tags"] or ()] for one in side] for side in (before, after)]
    assert names[0] == names[1]
    assert after[0]["metadata"] == {"camera": "door"}
    assert "coats: 13 images, 3 tags, 12 labels are at" in capsys.readouterr().err
    assert list(tmp_path.glob("*.notes")) == []


def test_boxes_arrive_where_they_were(copy: Callable[..., int], here: Studio, there: Studio) -> None:
    project = str(here.post("projects", name="shelf", domainId=DETECTION)["id"])
    tags = [here.post(f"projects/{project}/tags", name=name)["id"] for name in ("fork", "spoon")]
    places = [(0.1, 0.2, 0.3, 0.4), (0.25, 0.25, 0.5, 0.5)]
    boxes = [
        {"tagId": tag, "left": left, "top": top, "width": width, "height": height}
        for tag, (left, top, width, height) in zip(tags, places, strict=True)
    ]
    here.upload(project, [entry(7, "red") | {"regions": boxes}, entry(8, "blue") | {"regions": boxes[:1]}])
    assert copy("--project", "shelf") == 0

    def seen(studio: Studio, project: str) -> list[list[tuple[object, ...]]]:
        return [
            sorted((box["tagName"], box["left"], box["top"], box["width"], box["height"]) for box in one["regions"])
            for one in images_of(studio, project)
        ]

    assert seen(there, by_name(there, "shelf")["id"]) == seen(here, project)


def test_a_copy_that_was_cut_off_goes_on(
    copy: Callable[..., int], here: Studio, there: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    project = classification(here, "long", count=20)
    monkeypatch.setattr("footfall.customvision.moving.copying.BATCH_IMAGES", 8)
    calls: list[str] = []
    send = Far.picture

    def breaks_off(self: Far, image: dict[str, Any], project_id: str) -> bytes:
        calls.append(image["id"])
        if len(calls) == 20:
            raise FarError("here", "the line is dead", status=429)
        return send(self, image, project_id)

    monkeypatch.setattr(Far, "picture", breaks_off)
    assert copy("--project", "long") == 2
    (notes,) = tmp_path.glob("*.notes")
    assert (notes.stat().st_mode & 0o777) == 0o600
    notes.write_bytes(notes.read_bytes() + b'{"images": ["half a li')
    monkeypatch.setattr(Far, "picture", send)
    fetched: list[str] = []

    def counts(self: Far, image: dict[str, Any], project_id: str) -> bytes:
        fetched.append(image["id"])
        return send(self, image, project_id)

    monkeypatch.setattr(Far, "picture", counts)
    assert copy("--project", "long") == 0
    assert "long: going on after 16 images" in capsys.readouterr().err
    assert len(fetched) == 41 - 16
    assert [len(images_of(side, id)) for side, id in ((here, project), (there, by_name(there, "long")["id"]))] == [
        41,
        41,
    ]


def test_copying_twice_adds_nothing(
    copy: Callable[..., int], here: Studio, there: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    classification(here, "twice")
    assert [copy("--project", "twice"), copy("--project", "twice")] == [0, 0]
    assert len(images_of(there, by_name(there, "twice")["id"])) == 13
    assert "twice: twice is there already: images are added to it" in capsys.readouterr().err


def test_the_copy_is_trained_and_answers_under_the_same_name(
    copy: Callable[..., int], here: Studio, there: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    project = classification(here, "trained", negative=False)
    iteration = here.post(f"projects/{project}/train")
    while iteration["status"] == "Training":
        time.sleep(0.5)
        iteration = here.get(f"projects/{project}/iterations/{iteration['id']}")
    assert iteration["status"] == "Completed", iteration
    here.post(f"projects/{project}/iterations/{iteration['id']}/publish", publishName="coats", predictionId="x")
    assert copy("--project", "trained", "--train") == 0
    made = there.get(f"projects/{by_name(there, 'trained')['id']}/iterations")
    assert [(one["status"], one["publishName"]) for one in made] == [("Completed", "coats")]
    assert "is trained and answers as coats" in capsys.readouterr().err
    assert copy("--project", "trained", "--train") == 0
    assert len(there.get(f"projects/{by_name(there, 'trained')['id']}/iterations")) == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param(["--project", "none such"], "there is no project none such; there are:", id="no such project"),
        pytest.param(["--from", "http://shop.example"], "over http the key would travel in clear", id="a key in clear"),
        pytest.param(["--from", "ftp://shop.example"], "is no endpoint such as", id="no address of the web"),
        pytest.param(["--from-ca", "no.pem"], "no.pem is no PEM file", id="a certificate that is not there"),
        pytest.param(["--to-key-file", "no.key"], "no.key: $: No such file", id="a key file that is not there"),
        pytest.param(["--from", "http://127.0.0.1:1"], "http://127.0.0.1:1: projects: ConnectError", id="nobody there"),
        pytest.param(["--notes", "no/folder", "--project", "coats"], "name a file that can be written", id="no notes"),
    ],
)  # fmt: skip
def test_what_cannot_be_copied(
    copy: Callable[..., int], here: Studio, options: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if not any(one["name"] == "coats" for one in here.get("projects")):
        classification(here, "coats")
    assert copy(*options) == 2
    told = capsys.readouterr().err
    assert says in told
    assert "Traceback" not in told


def test_a_wrong_key_is_told(copy: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wrong.key").write_text("0" * 43)
    assert copy("--to-key-file", str(tmp_path / "wrong.key"), "--project", "coats") == 2
    assert "is it the training key of this endpoint?" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "two words", "ключ"])
def test_a_file_without_a_key(copy: Callable[..., int], tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.key").write_text(text)
    assert copy("--from-key-file", str(tmp_path / "bad.key")) == 2


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([{"about": "another project"}], id="of another project"),
        pytest.param(["no object"], id="no notes at all"),
    ],
)
def test_strange_notes_are_left_alone(
    copy: Callable[..., int], here: Studio, lines: list[object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = classification(here, f"notes {len(json.dumps(lines))}", count=1)
    file = tmp_path / f"copy-of-{project}.notes"
    text = "".join(json.dumps(line) + "\n" for line in lines)
    file.write_text(text)
    assert copy("--project", f"notes {len(json.dumps(lines))}") == 2
    assert "remove it, or name another: --notes" in capsys.readouterr().err
    assert file.read_text() == text
