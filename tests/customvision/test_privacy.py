"""What is left behind on the disk and in the log, seen from outside (spec/privacy-security.md C2, C4, X8, X10)."""

from __future__ import annotations

import hashlib
import shutil
import ssl
import threading
import zlib
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest

from footfall.cli.main import main
from footfall.cli.prove import HARMLESS, OPTIONS
from footfall.customvision.door.keys import USE_FILE
from footfall.evaluation.trace import is_inside, read_trace
from vision_server import client_of, draw_pictures, running

pytestmark = pytest.mark.slow
LARGE = 3_900_000
TICKS = 20
OPENED = {"vision.sqlite", "vision.sqlite-wal", "vision.sqlite-shm", USE_FILE, f".{USE_FILE}.part"}
"""Opened for writing even where nothing is written."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with a published model, and what made it: (folder, project, keys, iteration)."""
    folder = tmp_path_factory.mktemp("trained")
    pictures = draw_pictures(tmp_path_factory.mktemp("pictures"), each=6)
    with running(folder) as server, client_of(server) as client:
        project = client.project("kept")
        client.upload(project, pictures)
        client.model(project)
    return folder, project, server.keys, pictures


def large_picture(seed: int = 1) -> bytes:
    """Noise as PNG: as large as prediction images may be."""
    side = int((LARGE / 3) ** 0.5)
    noise = np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)
    content = cv2.imencode(".png", noise)[1].tobytes()
    assert LARGE < len(content) < 4 * 2**20
    return content


def state_of(folder: Path) -> dict[str, str]:
    """Every file and what is in it; when keys were used does not count."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.name != USE_FILE]
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def in_multipart(content: bytes) -> bytes:
    """With a file name, as Starlette's own reader would spool it to the disk."""
    head = b'--b\r\nContent-Disposition: form-data; name="imageData"; filename="x.png"\r\n\r\n'
    return head + content + b"\r\n--b--\r\n"


def test_predictions_without_store_leave_nothing(trained, tmp_path: Path) -> None:
    folder, project, keys, _ = trained
    strace = shutil.which("strace")
    assert strace, "apt-get install strace"
    trace, content = tmp_path / "trace", large_picture()
    path = f"/{project}/classify/iterations/model/image/nostore"
    with running(folder, wrap=(strace, *OPTIONS, "-o", str(trace))) as server:
        server.keys = keys
        with client_of(server) as client:
            assert client.predict(path, content).status_code == 200
            before, begin, said = state_of(server.data), trace.stat().st_size, server.log.stat().st_size
            for _ in range(TICKS // 2):
                assert client.predict(path, content).status_code == 200
                multipart = client.predict(path, in_multipart(content), "multipart/form-data; boundary=b")
                assert multipart.status_code == 200, multipart.text
            kept = client.train("POST", f"/projects/{project}/predictions/query", json={}).json()["results"]
            after, told, end = state_of(server.data), server.log.read_bytes()[said:], trace.stat().st_size
            assert client.predict(path.removesuffix("/nostore"), content).status_code == 200
    with trace.open(encoding="ascii", errors="replace") as file:
        file.seek(begin)
        deeds, stored = read_trace(file.read(end - begin).splitlines()), read_trace(file)
    assert kept == []
    assert before == after
    assert told == b""
    assert deeds.nameless == deeds.pictures == deeds.unread == deeds.reached == set()
    assert {name for name in deeds.written if not (is_inside(name, HARMLESS) or Path(name).name in OPENED)} == set()
    assert any("/objects/" in name for name in stored.written), "the trace shows what is written"


def test_what_is_deleted_is_nowhere(trained, tmp_path: Path) -> None:
    """A picture with a marker: uploaded, predicted and deleted; then neither it nor its re-encodings are anywhere."""
    folder, _, keys, pictures = trained
    marker = b"canary" + bytes(range(65, 91)) * 2
    content = with_text(cv2.imread(pictures[0]["file"]), marker)
    with running(folder) as server:
        server.keys = keys
        with client_of(server) as client:
            project = client.project("gone")
            headers = {"Content-Type": "application/octet-stream"}
            [made] = client.train("POST", f"/projects/{project}/images", content=content, headers=headers).json()[
                "images"
            ]
            urls = [made["image"][f"{part}Uri"] for part in ("originalImage", "resizedImage", "thumbnail")]
            encoded = [client.fetch(url).content for url in urls]
            assert all(one[:3] in (b"\xff\xd8\xff", b"\x89PN") for one in encoded)
            assert marker not in b"".join(encoded), "what is not picture is left out"
            assert (
                client.train("DELETE", f"/projects/{project}/images?imageIds={made['image']['id']}").status_code == 204
            )
            assert {client.fetch(url).status_code for url in urls} == {404}
            assert client.train("DELETE", f"/projects/{project}").status_code == 204
    wanted = [marker, *(one[len(one) // 2 :][:64] for one in encoded)]
    for file in (*server.data.rglob("*"), server.log):
        if file.is_file():
            assert not any(one in file.read_bytes() for one in wanted), file


def with_text(picture: np.ndarray, text: bytes) -> bytes:
    """A PNG with a note in it."""
    whole = cv2.imencode(".png", picture)[1].tobytes()
    chunk = b"tEXt" + b"Comment\x00" + text
    sized = (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    return whole[:33] + sized + whole[33:]


def test_secrets_are_in_no_log_and_no_command_line(trained, tmp_path: Path, capsys) -> None:
    folder, project, keys, pictures = trained
    with running(folder, "--log-level", "verbose") as server:
        server.keys = keys
        begin = server.log.stat().st_size
        with client_of(server) as client:
            content = Path(pictures[0]["file"]).read_bytes()
            client.predict(f"/{project}/classify/iterations/model/image?application=canary-app", content)
            images = client.train("GET", f"/projects/{project}/images").json()
            url = images[0]["originalImageUri"]
            client.fetch(url)
            client.fetch(f"{url}x")
            client.train("POST", "/projects?name=canary-name&x=canary-query")
            client.train("GET", "/domains", headers={"Training-Key": "canary-guess", "User-Agent": "canary-agent"})
            client.train("GET", "/nothing?sig=canary-sig")
            client.predict(f"/{project}/classify/iterations/canary-model/image", b"canary-content")
            commands = Path(f"/proc/{server.pid}/cmdline").read_bytes()
        told = server.log.read_bytes()[begin:] + commands
    signature = url.rpartition("sig=")[2].encode()
    assert b"canary" not in told
    assert not any(secret.encode() in told for secret in keys.values())
    assert signature not in told
    assert main(["customvision", "keys", "show", "--data", str(server.data)]) == 0
    assert not any(secret in capsys.readouterr().out for secret in keys.values())


def test_a_key_is_replaced_while_ten_clients_work(trained, capsys) -> None:
    folder, project, keys, pictures = trained
    content = Path(pictures[0]["file"]).read_bytes()
    path = f"/{project}/classify/iterations/model/image/nostore"
    statuses: list[int] = []
    with running(folder) as server:
        server.keys = keys

        def work() -> None:
            with client_of(server) as client:
                statuses.extend(client.predict(path, content).status_code for _ in range(6))
                statuses.append(client.train("GET", f"/projects/{project}/tags").status_code)

        workers = [threading.Thread(target=work) for _ in range(10)]
        for worker in workers:
            worker.start()
        for _ in range(4):
            assert main(["customvision", "keys", "rotate", "prediction", "2", "--data", str(server.data)]) == 0
        for worker in workers:
            worker.join()
        new = capsys.readouterr().out.split()[-1]
        server.keys = {**keys, "prediction key 1": new}
        with client_of(server) as client:
            assert client.predict(path, content).status_code == 200
        server.keys = {**keys, "prediction key 1": keys["prediction key 2"]}
        with client_of(server) as client:
            assert client.predict(path, content).status_code == 401
    keys["prediction key 2"] = new
    assert statuses == [200] * 70


def test_others_reach_it_by_tls_alone(tmp_path: Path) -> None:
    with running(tmp_path, "--host", "0.0.0.0") as server:  # noqa: S104 - as a container does
        assert server.url.startswith("https://")
        trusted = ssl.create_default_context(cafile=server.data / "tls" / "certificate.pem")
        headers = {"Training-Key": server.keys["training key 1"]}
        with httpx.Client(verify=trusted, trust_env=False, headers=headers, timeout=60) as client:
            path = "/customvision/v3.4-preview/training/projects"
            assert client.get(f"{server.url}{path}").json() == []
            with pytest.raises(httpx.HTTPError):
                client.get(f"{server.url.replace('https', 'http')}{path}")
