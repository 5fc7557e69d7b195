"""Detectors measured from the command line: on labelled pictures, on pictures and clips without labels."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from cli.test_bad_input import write_clip
from footfall.cli.main import main
from oracle import write_oracle

Arrange = Callable[[Path], list[str]]
ANN = (1, 0.9, 0.25, 0.2, 0.5, 0.8)
"""Class, score, box: where the person of every picture is."""
NOBODY = (1, 0.8, 0.6, 0.2, 0.9, 0.8)


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTFALL_DATA", str(tmp_path / "data"))


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Three pictures of 200x100 with one person each, COCO truth, and the models good.xml and poor.xml."""
    folder = tmp_path / "an album with blänks"
    folder.mkdir()
    images = [{"id": k, "file_name": f"{k}.png", "source": f"cam{k}/x"} for k in range(3)]
    boxes = [{"image_id": k, "category_id": 7, "bbox": [50, 20, 50, 60]} for k in range(3)]
    truth = {"images": images, "annotations": boxes, "categories": [{"id": 7, "name": "person"}]}
    (folder / "coco.json").write_text(json.dumps(truth))
    for image in images:
        cv2.imwrite(str(folder / str(image["file_name"])), np.full((100, 200, 3), 99, np.uint8))
    write_oracle(folder / "good.xml", [ANN])
    write_oracle(folder / "poor.xml", [NOBODY, (1, 0.3, *ANN[2:])])
    return folder


def figures(capfd: pytest.CaptureFixture[str]) -> Any:
    out = capfd.readouterr().out
    assert "Traceback" not in out
    return json.loads(out)


def evaluate(folder: Path, *options: str, truth: str = "coco.json") -> list[str]:
    return ["evaluate", "detections", str(folder / truth), *options]


def test_models_side_by_side_on_labelled_pictures(album: Path, capfd: pytest.CaptureFixture[str]) -> None:
    models = [f"--model={album}/good.xml", f"--model={album}/poor.xml"]
    assert main(evaluate(album, *models, "--json")) == 0
    good, poor = figures(capfd)["models"]
    assert (good["model"], good["time_ratio"], good["categories"]["person"]["AP50"]) == ("good", 1.0, 1.0)
    assert poor["categories"]["person"]["AP50"] == pytest.approx(0.5)
    assert poor["categories"]["person"]["confident"] == {
        "score": 0.5, "precision": 0.0, "recall": 0.0, "false_per_image": 1.0,
    }  # fmt: skip
    assert poor["ms_per_image"] > 0
    assert main(evaluate(album, *models)) == 0
    out, err = capfd.readouterr()
    assert "person: 3 pictures, 3 boxes" in out
    assert "good, poor: 3 pictures in turn" in err


def test_only_some_and_pictures_elsewhere(album: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    truth = tmp_path / "moved.json"
    (album / "coco.json").rename(truth)
    options = [f"--images={album}", "--without=cam0", f"--model={album}/good.xml", "--json"]
    assert main(["evaluate", "detections", str(truth), *options]) == 0
    assert figures(capfd)["models"][0]["categories"]["person"]["images"] == 2


def test_labels_of_the_truth_are_translated(album: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = (album / "coco.json").read_text().replace('"person"', '"pedestrian = walking"')
    (album / "coco.json").write_text(text)
    assert main(evaluate(album, f"--model={album}/good.xml")) == 2
    assert "--label THEIRS=OURS" in capfd.readouterr().err
    assert main(evaluate(album, f"--model={album}/good.xml", "--label=pedestrian = walking=person", "--json")) == 0
    assert figures(capfd)["models"][0]["categories"]["person"]["AP50"] == 1.0


def test_masks_in_pascal_voc(album: Path, capfd: pytest.CaptureFixture[str]) -> None:
    box = "<bndbox><xmin>50</xmin><ymin>20</ymin><xmax>100</xmax><ymax>80</ymax></bndbox>"
    for k, label in enumerate(("with_mask", "without_mask", "mask_weared_incorrect")):
        entry = f"<filename>{k}.jpg</filename><object><name>{label}</name>{box}</object>"
        (album / f"{k}.xml").write_text(f"<annotation>{entry}</annotation>")
    model = write_oracle(album / "mask.onnx.xml", [ANN], labels=("face_mask", "face_nomask"))
    for path in (album / "good.xml", album / "poor.xml"):
        path.unlink()
    voc = album / "voc"
    voc.mkdir()
    for path in album.glob("[012].xml"):
        path.rename(voc / path.name)
    assert main(["evaluate", "detections", str(voc), f"--images={album}", f"--model={model}", "--json"]) == 0
    found = figures(capfd)["models"][0]["categories"]
    assert (
        main(["evaluate", "detections", str(voc), f"--images={album}", f"--model={model}", f"--sheet={voc}/s.png"]) == 0
    )
    assert len(list(voc.glob("s.face*.missed.png"))) == 3, "a page a category"
    assert found["face"]["AP50"] == 1.0, "a face worn wrongly is a face"
    assert found["face_mask"]["truths"] == 1
    assert found["face_mask"]["confident"]["precision"] == 0.5, "wrong about the bare one, not about the third"
    assert found["face_nomask"]["recall"] == 0.0


def test_who_cannot_find_such_things_is_left_out(album: Path, capfd: pytest.CaptureFixture[str]) -> None:
    faces = write_oracle(album / "faces.xml", [ANN], labels=("face",))
    assert main(evaluate(album, f"--model={faces}", f"--model={album}/good.xml", "--json")) == 0
    out, err = capfd.readouterr()
    assert [(model["model"], model["time_ratio"]) for model in json.loads(out)["models"]] == [("good", 1.0)]
    assert "without faces: it finds face, the truth holds person" in err


def test_contact_sheets(album: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "look.png"
    models = [f"--model={album}/good.xml", f"--model={album}/poor.xml"]
    assert main(evaluate(album, *models, f"--sheet={sheet}")) == 0
    names = [f"look.{model}.{word}.png" for model in ("good", "poor") for word in ("missed", "false", "hits")]
    assert sorted(path.name for path in tmp_path.glob("look*")) == sorted(names)
    assert all(cv2.imread(str(tmp_path / name)).shape[1] > 1000 for name in names)
    assert main(evaluate(album, models[0], f"--sheet={sheet}")) == 0
    assert (tmp_path / "look.hits.png").is_file()
    assert "look.hits.png" in capfd.readouterr().err


def test_on_a_terminal_there_is_a_bar(
    album: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert main(evaluate(album, f"--model={album}/good.xml")) == 0
    assert "measuring" in capfd.readouterr().err


def test_benchmark_with_labels(album: Path, capfd: pytest.CaptureFixture[str]) -> None:
    options = [f"--model={album}/good.xml", "--frames=2", "--json"]
    assert main(["models", "benchmark", str(album / "coco.json"), *options]) == 0
    assert figures(capfd)["models"][0]["categories"]["person"]["images"] == 2


def test_benchmark_of_pictures_without_labels(album: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (album / "coco.json").unlink()
    twin = write_oracle(album / "twin.xml", [ANN])
    models = [f"--model={album}/{name}.xml" for name in ("good", "poor")] + [f"--model={twin}"]
    pictures = album / "pictures"
    pictures.mkdir()
    for path in album.glob("*.png"):
        path.rename(pictures / path.name)
    assert main(["models", "benchmark", str(pictures), *models, "--json"]) == 0
    said = figures(capfd)
    assert (said["images"], said["labelled"]) == (3, False)
    good, poor, _ = said["categories"]["person"]
    assert (good["boxes_per_image"], good["agreement_AP50"], good["flicker"]) == (1.0, None, None)
    assert poor["agreement_AP50"] == pytest.approx(0.5)


def test_benchmark_of_a_clip(album: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    clip = write_clip(tmp_path / "clip.mp4", 30)
    options = [f"--model={album}/good.xml", "--model=motion", "--json"]
    assert main(["models", "benchmark", str(clip), *options]) == 0
    good, motion = figures(capfd)["categories"]["person"]
    assert (good["boxes_per_image"], good["flicker"]) == (1.0, 0.0)
    assert motion["model"] == "motion"
    assert main(["models", "benchmark", str(clip), f"--model={album}/good.xml", "--frames=6"]) == 0
    assert "6 pictures without labels" in capfd.readouterr().out


def test_without_names_every_installed_model_takes_part(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", 10)
    broken = tmp_path / "models" / "yolox-nano" / "yolox_nano.onnx"
    broken.parent.mkdir(parents=True)
    broken.write_text("no weights")
    monkeypatch.setenv("FOOTFALL_MODELS", str(tmp_path / "models"))
    assert main(["models", "benchmark", str(clip)]) == 0
    out, err = capfd.readouterr()
    assert "motion" in out
    assert "without yolox-nano" in err


def empty(folder: Path) -> str:
    (folder / "empty").mkdir()
    return "empty"


BAD = [
    ("neither result nor model", evaluate, "neither a result nor a model"),
    ("both", lambda d: evaluate(d, "found.json", "--model=x"), "both a result and models"),
    ("motion on pictures", lambda d: evaluate(d, "--model=motion"), "motion needs unbroken video"),
    ("a model of events", lambda d: ["evaluate", "events", "a", "--model=x"], "--model: does not go with events"),
    ("the same model twice", lambda d: evaluate(d, "--model=x", "--model=x"), "x is named twice"),
    ("a sheet of results", lambda d: evaluate(d, "found.json", "--sheet=a.png"), "--sheet: needs pictures"),
    ("a sheet that is no png", lambda d: evaluate(d, f"--model={d}/good.xml", "--sheet=a.jpg"), "is not a .png"),
    ("a sheet in no folder", lambda d: evaluate(d, f"--model={d}/good.xml", f"--sheet={d}/no/a.png"), "cannot write"),
    ("pictures elsewhere", lambda d: evaluate(d, f"--model={d}/good.xml", f"--images={d}/no"), "pictures of"),
    ("a folder without xml", lambda d: evaluate(d, "--model=x", truth=empty(d)), "holds no Pascal VOC xml files"),
    ("a folder of other xml", lambda d: evaluate(d, "--model=x", truth="."), "not a Pascal VOC annotation"),
    ("nothing left", lambda d: evaluate(d, "--model=x", "--only=night"), "no image is left"),
    ("no such model", lambda d: evaluate(d, "--model=nothing"), "no such model"),
    ("benchmark of nothing", lambda d: ["models", "benchmark", f"{d}/no.mp4"], "does not exist"),
    ("--only without labels", lambda d: ["models", "benchmark", f"{d}/0.png", "--only=a"], "has no labels"),
    ("motion here and there", lambda d: ["models", "benchmark", str(write_clip(d / "c.mp4", 9)), "--model=motion",
                                         "--frames=3"], "--frames 9"),
]  # fmt: skip


@pytest.mark.parametrize(("arrange", "said"), [pytest.param(*row[1:], id=row[0]) for row in BAD])
def test_bad_input(arrange: Arrange, said: str, album: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(arrange(album)) == 2
    out, err = capfd.readouterr()
    assert said in err
    assert "Traceback" not in out + err


def test_a_label_can_only_mean_what_we_know(album: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(evaluate(album, f"--model={album}/good.xml", "--label=cat=dog"))
    assert left.value.code == 2
    assert "'cat=dog' is not THEIRS=OURS" in capfd.readouterr().err


def test_real_networks_side_by_side(shared: Path, capfd: pytest.CaptureFixture[str]) -> None:
    truth = shared / "data" / "test" / "coco_people" / "annotations.json"
    models = [
        f"--model={shared}/models/{name}" for name in ("yolox_nano/yolox_nano.onnx", "fastestdet/FastestDet.onnx")
    ]
    assert main(["models", "benchmark", str(truth), *models, "--frames=30", "--json"]) == 0
    nano, fastest = figures(capfd)["models"]
    assert (nano["model"], fastest["model"]) == ("yolox-nano", "fastestdet")
    assert nano["categories"]["person"]["AP50"] > fastest["categories"]["person"]["AP50"] > 0.3
    assert fastest["time_ratio"] < 0.8
