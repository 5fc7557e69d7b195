"""Our own weights: part of the package, found by name, held against their card before they are opened."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from footfall.cli import models
from footfall.cli.main import main
from footfall.core.errors import ConfigError, DetectorError
from footfall.detect import catalogue
from footfall.detect.build import open_detector
from footfall.detect.card import Backend, ModelCard, ModelFile, sha256_of
from footfall.detect.catalogue import FileState, list_models, path, verify
from footfall.detect.imaging import InputSpec
from footfall.detect.onnx import OnnxDetector
from footfall.detect.openvino import OpenvinoDetector
from footfall.detect.pull import pull
from networks import white_finder

REPOSITORY = Path(__file__).resolve().parents[2]
WHEEL_LIMIT_BYTES = 25 * 2**20

Ship = Callable[..., Path]


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ship:
    """Puts a model called `white` into a package of its own; gives the folder of the weights."""
    weights = tmp_path / "package" / "models"
    weights.mkdir(parents=True)

    def put(*backends: Backend | None) -> Path:
        files = []
        for backend in backends or (None,):
            file = white_finder(weights / f"white-{backend or 'any'}.onnx")
            files.append(ModelFile(file.name, (sha256_of(file),), (file.stat().st_size,), backend=backend))
        card = ModelCard(
            "ltrb", InputSpec(64, 64, fit="snug"), ("person",), (0,),
            name="white", licence="Apache-2.0", files=tuple(files), origin="shipped",
        )  # fmt: skip
        monkeypatch.setattr(catalogue, "WEIGHTS", weights)
        monkeypatch.setattr(catalogue, "list_models", lambda: (card,))
        monkeypatch.setattr(models, "list_models", lambda: (card,))
        return weights

    monkeypatch.setenv("FOOTFALL_MODELS", str(tmp_path / "pulled"))
    return put


def test_shipped_weights_open_by_name_without_a_download(ship: Ship, tmp_path: Path) -> None:
    weights = ship()
    detector, card = open_detector("white", folder=tmp_path)
    assert isinstance(detector, OnnxDetector)
    assert (card.name, card.licence) == ("white", "Apache-2.0")
    assert path("white", tmp_path) == weights / "white-any.onnx"
    assert pull("white", folder=tmp_path) == [weights / "white-any.onnx"]


def test_a_shipped_file_is_known_by_its_checksum_wherever_it_lies(ship: Ship, tmp_path: Path) -> None:
    copy = shutil.copy(ship() / "white-any.onnx", tmp_path / "copy.onnx")
    _, card = open_detector(str(copy), folder=tmp_path)
    assert card.name == "white"


def test_the_commands_list_verify_and_locate_them(ship: Ship, capfd: pytest.CaptureFixture[str]) -> None:
    file = ship() / "white-any.onnx"
    for arguments, says in (("list", "shipped"), ("verify", f"white: {file}: ok"), ("path white", str(file))):
        assert main(["models", *arguments.split()]) == 0
        out, err = capfd.readouterr()
        assert says in out
        assert err == ""


def test_damaged_weights_are_never_opened(ship: Ship, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = ship() / "white-any.onnx"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(DetectorError, match=r"white-any\.onnx: wrong checksum; install footfall again"):
        open_detector("white", folder=tmp_path)
    assert [one.state for one in verify(tmp_path)] == [FileState.WRONG]
    assert main(["models", "verify"]) == 2
    assert main(["models", "list"]) == 0
    assert "wrong checksum" in capfd.readouterr().out


def test_weights_that_were_left_out_of_the_package_are_missed(ship: Ship, tmp_path: Path) -> None:
    (ship() / "white-any.onnx").unlink()
    for attempt in (lambda: open_detector("white", folder=tmp_path), lambda: pull("white", folder=tmp_path)):
        with pytest.raises(DetectorError, match=r"white-any\.onnx: missing; install footfall again"):
            attempt()


@pytest.mark.parametrize(
    ("backends", "installed", "opened", "file"),
    [
        pytest.param(["openvino", "onnxruntime"], True, OpenvinoDetector, "white-openvino.onnx", id="the best first"),
        pytest.param(["onnxruntime", "openvino"], True, OnnxDetector, "white-onnxruntime.onnx", id="the other way"),
        pytest.param(["openvino", "onnxruntime"], False, OnnxDetector, "white-onnxruntime.onnx", id="what there is"),
        pytest.param(["openvino", None], False, OnnxDetector, "white-any.onnx", id="a file for anybody"),
    ],
)
def test_of_several_files_the_first_whose_backend_is_installed_is_opened(
    ship: Ship,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    backends: list[Backend | None],
    installed: bool,
    opened: type,
    file: str,
) -> None:
    weights = ship(*backends)
    if not installed:
        monkeypatch.setitem(sys.modules, "openvino", None)
    detector, _ = open_detector("white", folder=tmp_path)
    assert isinstance(detector, opened)
    assert path("white", tmp_path) == weights / file


def test_a_pulled_model_of_the_wrong_version_is_not_opened_by_name(tmp_path: Path) -> None:
    target = path("yolox-nano", tmp_path)
    target.parent.mkdir()
    white_finder(target)
    with pytest.raises(DetectorError, match=r"yolox_nano\.onnx: wrong checksum; .*models pull yolox-nano"):
        open_detector("yolox-nano", folder=tmp_path)


def test_a_model_without_files_has_none_to_open() -> None:
    with pytest.raises(ConfigError, match="is built in and has no file"):
        catalogue.file_to_open(msgspec.structs.replace(list_models()[0], files=()))


def test_every_card_of_our_own_has_its_weights_in_the_package() -> None:
    ours = [card for card in list_models() if not card.source and card.files]
    listed = {file.name for card in ours for file in card.files}
    there = {file.name for file in catalogue.WEIGHTS.glob("*.onnx")}
    assert listed == there
    assert all(one.state is FileState.OK for one in verify(Path("unused")) if one.is_shipped)


def test_the_wheel_holds_the_weights_and_stays_small(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(REPOSITORY / "src", project / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, project)
    (project / "src" / "footfall" / "models").mkdir(exist_ok=True)
    white_finder(project / "src" / "footfall" / "models" / "white.onnx")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "footfall/models/white.onnx" in names
    assert {f"footfall/detect/cards/{card.name}.toml" for card in list_models()} <= names
    assert {f"footfall/models/{file.name}" for file in catalogue.WEIGHTS.glob("*")} <= names
    assert wheel.stat().st_size <= WHEEL_LIMIT_BYTES
