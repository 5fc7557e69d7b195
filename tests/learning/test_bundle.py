"""The zips that models leave in: their files, and their programs run as their receivers run them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx
import numpy as np
import pytest

from footfall.learning.bundle import FLAVORS, flavor_of, is_offered, make_bundle
from footfall.learning.lesson import Kind
from takeaways import colour_teller, encoded, plain_png, white_finder, with_white

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 11, 21, 18, 30, 5, 123456, UTC)
ITERATION = "0f1e2d3c-0000-4000-8000-000000000001"
COLOURS = ("red", "grün", "blue")
ORANGE = (250, 120, 10)


def colours(flavor: str | None = None) -> bytes:
    return make_bundle(colour_teller(), COLOURS, Kind.MULTICLASS, ITERATION, AT, flavor)


def whites(flavor: str | None = None) -> bytes:
    return make_bundle(white_finder(1), ("shelf", "person"), Kind.DETECTION, ITERATION, AT, flavor)


def text(bundle: bytes, name: str) -> str:
    with ZipFile(BytesIO(bundle)) as archive:
        return archive.read(name).decode()


def names(bundle: bytes) -> list[str]:
    with ZipFile(BytesIO(bundle)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def unpacked(bundle: bytes, folder: Path) -> Path:
    with ZipFile(BytesIO(bundle)) as archive:
        archive.extractall(folder)
    return folder


def alone(*arguments: str | Path, **environment: str) -> list[str]:
    """A command of a Python that sees no footfall: the packages of the requirements alone."""
    code = (
        "import runpy, sys; sys.modules['footfall'] = None; sys.argv = sys.argv[1:]; "
        "sys.path.insert(0, sys.argv[0].rpartition('/')[0]); runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    return [sys.executable, "-I", "-c", code, *map(str, arguments)]


def asked(folder: Path, program: str, *pictures: Path) -> list[dict[str, object]]:
    done = subprocess.run(alone(folder / program, *pictures), capture_output=True, text=True, timeout=120, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_onnx_zip_has_the_documented_files() -> None:
    assert names(colours()) == [
        "LICENSE",
        "README.md",
        "cvexport.manifest",
        "labels.txt",
        "metadata_properties.json",
        "model.onnx",
        "python/predict.py",
    ]


def test_the_model_in_the_zip_is_the_one_that_is_served() -> None:
    with ZipFile(BytesIO(colours())) as archive:
        assert archive.read("model.onnx") == colour_teller()


@pytest.mark.parametrize(
    ("bundle", "expected"),
    [
        pytest.param(
            colours(), {"DomainType": "Classification", "Platform": "ONNX", "Flavor": None}, id="tells pictures"
        ),
        pytest.param(whites("ONNX12"), {"DomainType": "ObjectDetection", "Flavor": "ONNX12"}, id="finds things"),
        pytest.param(
            colours("Linux"),
            {"Platform": "DockerFile", "Flavor": "Linux", "ModelFileName": "app/model.onnx"},
            id="a container",
        ),
    ],
)
def test_the_manifest_says_what_was_exported(bundle: bytes, expected: dict[str, str | None]) -> None:
    manifest = json.loads(text(bundle, "cvexport.manifest"))
    always = {
        "ExporterVersion": "2.0",
        "ExportedDate": "2026-11-21T18:30:05.1234560Z",
        "IterationId": ITERATION,
        "SchemaVersion": "1.0",
    }
    assert manifest | always | expected == manifest
    with ZipFile(BytesIO(bundle)) as archive:
        model = archive.read(manifest["ModelFileName"])
        assert manifest["LabelFileName"] in archive.namelist()
        assert manifest["MetadataPropsFileName"] in archive.namelist()
    assert manifest["ModelFileSHA1"] == hashlib.sha1(model, usedforsecurity=False).hexdigest()


def test_labels_are_lines_that_end_as_on_linux_and_the_last_one_does_not() -> None:
    assert text(colours(), "labels.txt") == "red\ngrün\nblue"


def test_the_properties_say_how_pictures_are_put_to_the_model() -> None:
    properties = json.loads(text(whites(), "metadata_properties.json"))
    assert all(isinstance(value, str) for value in properties.values())
    assert properties["Image.BitmapPixelFormat"] == "Rgb8"
    assert properties["Image.NominalPixelRange"] == "NominalRange_0_255"
    assert properties["CustomVision.Preprocess.TargetWidth"] == "320"
    assert properties["CustomVision.Preprocess.ResizeMethod"] == "Stretch"


def test_the_licence_is_ours() -> None:
    assert text(colours(), "LICENSE") == (ROOT / "LICENSE").read_text("utf-8")


@pytest.mark.parametrize("flavor", ["ONNX10", "Linux"])
def test_the_same_model_makes_the_same_bytes(flavor: str) -> None:
    assert colours(flavor) == colours(flavor)


@pytest.mark.parametrize(
    ("platform", "flavor", "made"),
    [
        pytest.param("ONNX", None, None, id="plain"),
        pytest.param("ONNX", "ONNX12", "ONNX12", id="an age of ONNX"),
        pytest.param("DockerFile", None, "Linux", id="a container of no kind is one of Linux"),
        pytest.param("DockerFile", "ARM", "ARM", id="a container for ARM"),
    ],
)
def test_what_is_offered(platform: str, flavor: str | None, made: str | None) -> None:
    assert is_offered(platform, flavor)
    assert flavor_of(platform, flavor) == made


@pytest.mark.parametrize(
    ("platform", "flavor"),
    [
        ("DockerFile", "Windows"),
        ("CoreML", None),
        ("TensorFlow", "TensorFlowLite"),
        ("VAIDK", None),
        ("OpenVino", None),
        ("ONNX", "Linux"),
        ("onnx", None),
    ],
)
def test_what_is_not_offered(platform: str, flavor: str | None) -> None:
    assert not is_offered(platform, flavor)
    with pytest.raises(ValueError, match=f"{platform}.*is not offered"):
        flavor_of(platform, flavor)


@pytest.mark.parametrize(
    ("onnx", "tags", "flavor", "says"),
    [
        pytest.param(colour_teller(), COLOURS, "Windows", "no flavor Windows", id="a flavor nobody makes"),
        pytest.param(colour_teller(), ("a", "b\nc", "d"), None, "line break", id="a tag on two lines"),
        pytest.param(b"not a model", COLOURS, None, "no model to export", id="bytes that are no model"),
    ],
)
def test_what_cannot_be_exported(onnx: bytes, tags: Sequence[str], flavor: str | None, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make_bundle(onnx, tags, Kind.MULTICLASS, ITERATION, AT, flavor)


def test_the_program_in_the_zip_tells_pictures(tmp_path: Path) -> None:
    folder = unpacked(colours(), tmp_path)
    (tmp_path / "orange.png").write_bytes(plain_png(ORANGE))
    (tmp_path / "blue.png").write_bytes(plain_png((0, 0, 255)))
    first, second = asked(folder, "python/predict.py", tmp_path / "orange.png", tmp_path / "blue.png")
    logits = np.array(ORANGE) * 0.1
    expected = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    told = {one["tagName"]: one["probability"] for one in first["predictions"]}  # type: ignore[index, attr-defined]
    assert list(told) == ["red", "grün", "blue"]
    assert np.allclose(list(told.values()), expected, atol=1e-4)
    assert second["predictions"][0]["tagName"] == "blue"  # type: ignore[index]


def test_the_program_in_the_zip_finds_things(tmp_path: Path) -> None:
    folder = unpacked(whites(), tmp_path)
    (tmp_path / "a.jpg").write_bytes(encoded(with_white((160, 80, 320, 240)), ".jpg"))
    (line,) = asked(folder, "python/predict.py", tmp_path / "a.jpg")
    (found,) = line["predictions"]  # type: ignore[misc]
    assert (found["tagName"], found["tagId"]) == ("person", "1")
    assert found["boundingBox"] == pytest.approx({"left": 0.25, "top": 0.25, "width": 0.25, "height": 0.5}, abs=1e-6)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(None, "No such file", id="nothing"),
        pytest.param(b"", "not a picture", id="an empty file"),
        pytest.param(b"GIF89a and no more", "not a picture", id="a cut off file"),
    ],
)
def test_the_program_names_what_is_no_picture(tmp_path: Path, content: bytes | None, says: str) -> None:
    folder = unpacked(colours(), tmp_path)
    if content is not None:
        (tmp_path / "a.png").write_bytes(content)
    command = alone(folder / "python/predict.py", tmp_path / "a.png")
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_the_dockerfile_passes_its_linter(tmp_path: Path) -> None:
    tool = shutil.which("hadolint", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if tool is None:
        if os.environ.get("CI"):
            pytest.fail("no hadolint here: ./dev setup")
        pytest.skip("no hadolint here")
    folder = unpacked(colours("Linux"), tmp_path)
    done = subprocess.run([tool, folder / "Dockerfile"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_container_copies_what_is_in_the_zip() -> None:
    dockerfile = text(whites("ARM"), "Dockerfile")
    copied = [line.split()[1] for line in dockerfile.splitlines() if line.startswith("COPY")]
    assert copied == ["requirements.txt", "app"]
    assert {"app/app.py", "app/fetch.py", "app/predict.py", "app/labels.txt", "requirements.txt"} < {
        *names(whites("ARM"))
    }


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The container's program as a plain process."""
    yield from served(tmp_path_factory.mktemp("container"), whites("Linux"), ALLOW_PRIVATE_URLS="1")


@pytest.fixture(scope="module")
def shy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The same as it is by default: it fetches nothing from inside the network."""
    yield from served(tmp_path_factory.mktemp("shy"), colours("Linux"))


def served(folder: Path, bundle: bytes, **environment: str) -> Iterator[httpx.Client]:
    program = unpacked(bundle, folder) / "app" / "app.py"
    command = alone(program)
    said = {"PATH": os.environ["PATH"], "PORT": "0", **environment}
    with subprocess.Popen(command, env=said, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            assert line.startswith("listening at http://127.0.0.1:"), line
            with httpx.Client(base_url=line.split()[-1], timeout=60, trust_env=False) as client:
                yield client
        finally:
            process.kill()


PICTURE = encoded(with_white((0, 0, 320, 160)))
FORM = {"imageData": ("a.png", PICTURE, "application/octet-stream")}
RAW = {"Content-Type": "application/octet-stream"}


def test_the_container_says_that_it_is_there(container: httpx.Client) -> None:
    answer = container.get("/")
    assert (answer.status_code, answer.text) == (200, "CustomVision.ai model host harness")


@pytest.mark.parametrize(
    "path",
    [
        "/image",
        "/any-project/image",
        "/any-project/image/nostore",
        "/p/detect/iterations/mine/image",
        "/p/classify/iterations/mine/image/nostore?application=x",
        "/customvision/v3.1/prediction/p/detect/iterations/mine/image",
    ],
)
def test_the_container_answers_on_every_path_of_the_service(container: httpx.Client, path: str) -> None:
    answer = container.post(path, files=FORM)
    assert answer.status_code == 200
    told = answer.json()
    assert set(told) == {"id", "project", "iteration", "created", "predictions"}
    (found,) = told["predictions"]
    assert found["tagName"] == "person"
    assert found["probability"] == pytest.approx(0.97)
    assert found["boundingBox"] == {"left": 0.0, "top": 0.0, "width": 0.5, "height": 0.5}


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"files": FORM}, id="a form"),
        pytest.param({"files": {"imageData": (None, PICTURE)}}, id="a form without a file's name"),
        pytest.param({"files": {"other": ("x", b"no"), **FORM}}, id="the right part of a form"),
        pytest.param({"files": {"file": ("a.png", PICTURE)}}, id="the only part of a form"),
        pytest.param({"content": PICTURE, "headers": RAW}, id="bytes alone"),
        pytest.param({"content": PICTURE}, id="bytes of no kind"),
    ],
)
def test_the_container_takes_pictures_as_they_come(container: httpx.Client, how: dict[str, object]) -> None:
    answer = container.post("/image", **how)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["predictions"]) == 1


def test_the_container_fetches_pictures(container: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PICTURE)
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as files:
        try:
            assert files.stdout is not None
            address = files.stdout.readline().partition("(")[2].partition(")")[0]
            found = container.post("/url", content=json.dumps({"url": f"{address}a.png"}))
            named = container.post("/p/detect/iterations/m/url/nostore", json={"Url": f"{address}a.png"})
            missing = container.post("/url", json={"url": f"{address}b.png"})
        finally:
            files.kill()
    assert [answer.status_code for answer in (found, named, missing)] == [200, 200, 400]
    assert found.json()["predictions"] == named.json()["predictions"]
    assert "answered 404" in missing.text


@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param({"url": "http://127.0.0.1:1/a.png"}, "inside the network", id="this machine"),
        pytest.param({"url": "http://[::1]:1/a.png"}, "inside the network", id="this machine, the new way"),
        pytest.param({"url": "http://169.254.169.254/latest"}, "inside the network", id="a cloud's own door"),
        pytest.param({"url": "file:///etc/passwd"}, "http or https", id="a file"),
        pytest.param({"url": "http://"}, "http or https", id="nowhere"),
        pytest.param({"url": 5}, "a body such as", id="a number"),
        pytest.param(["url"], "a body such as", id="a list"),
    ],
)
def test_the_container_goes_nowhere_inside_the_network(shy: httpx.Client, body: object, says: str) -> None:
    answer = shy.post("/url", json=body)
    assert answer.status_code == 400
    assert says in answer.text


@pytest.mark.parametrize(
    ("path", "how", "status"),
    [
        pytest.param("/image", {"content": b"no picture"}, 400, id="no picture"),
        pytest.param("/image", {"content": b""}, 400, id="nothing"),
        pytest.param("/image", {"content": bytes(4 * 1024 * 1024 + 1)}, 413, id="one byte too many"),
        pytest.param("/image", {"content": bytes(5 * 1024 * 1024)}, 413, id="far too many"),
        pytest.param("/image", {"content": iter([b"in", b"pieces"])}, 411, id="of unknown length"),
        pytest.param("/url", {"content": b"{"}, 400, id="no JSON"),
        pytest.param("/url", {"content": b"[" * 100_000}, 400, id="lists in lists in lists"),
        pytest.param("/elsewhere", {"content": PICTURE}, 404, id="an unknown path"),
        pytest.param(
            "/image",
            {"content": b"--b\r\n--b--", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
            400,
            id="a form without a part",
        ),
    ],
)
def test_what_the_container_refuses(shy: httpx.Client, path: str, how: dict[str, object], status: int) -> None:
    try:
        answer = shy.post(path, **how)  # type: ignore[arg-type]
    except (httpx.WriteError, httpx.ReadError):
        assert status == 413
        return
    assert answer.status_code == status
    assert shy.post("/image", content=plain_png(ORANGE)).json()["predictions"][0]["tagName"] == "red"


def test_the_container_outlives_who_hangs_up(shy: httpx.Client) -> None:
    with socket.create_connection((shy.base_url.host, shy.base_url.port or 80)) as half:
        half.sendall(b"POST /image HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
    assert shy.get("/").status_code == 200


def test_every_flavor_can_be_made() -> None:
    for platform, flavors in FLAVORS.items():
        for flavor in flavors:
            bundle = colours(flavor_of(platform, flavor))
            assert json.loads(text(bundle, "cvexport.manifest"))["Platform"] == platform
