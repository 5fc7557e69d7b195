"""`footfall doctor`: what it finds in this very computer, and in things that are wrong on purpose."""

from __future__ import annotations

import fcntl
import http.server
import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from footage import make_clip
from footfall.cli.main import main
from footfall.engine.clock import SystemClock
from footfall.ingest import camera_clock
from footfall.serve.checkup import outside
from footfall.serve.checkup.finding import Finding, Grade
from footfall.serve.checkup.house import Address, check_data, check_models, check_port, file_system, holder_of
from footfall.serve.checkup.machine import check_machine, clock_is_synchronised, free_memory, usable_cores
from footfall.serve.checkup.outside import check_sink, check_store
from footfall.serve.folder import DataFolder
from footfall.serve.service import Service, Wishes
from footfall.simulator.rtsp import Login, RtspCamera
from servers.http_catcher import HttpCatcher
from servers.mosquitto import free_port
from servers.rtsp import camera_clip, rtsp_ready
from sinks.conftest import broker, new_broker

__all__ = ["broker", "camera_clip", "new_broker", "rtsp_ready"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, dict[str, dict[str, str]]]:
    code = main(["doctor", "--json", "--port", str(free_port()), *map(str, arguments)])
    return code, {finding["check"]: finding for finding in json.loads(capsys.readouterr().out)}


def test_this_computer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = run(capsys, "--data", tmp_path / "data", "--model", "motion")
    assert code == 0, found
    assert {
        "python",
        "libraries",
        "processor",
        "memory",
        "clock",
        "data folder",
        "disk",
        "port",
        "model motion",
    } <= set(found)
    assert all(finding["cure"] for finding in found.values() if finding["grade"] != "ok")


def test_lines_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    assert main(["doctor", "--data", str(tmp_path / "data"), "--model", "none-such", "--port", str(port)]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert f"ok   port: 127.0.0.1:{port} is free" in lines
    assert any(line.startswith("fail model none-such: no such model; ") for line in lines)


def test_a_wrong_configuration_is_one_of_the_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "footfall.yaml"
    file.write_text("cameras:\n  front:\n    url: 7\n")
    code, found = run(capsys, file, "--data", tmp_path / "data")
    assert code == 2
    assert found["configuration"]["grade"] == "fail"


def test_what_the_service_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, folder = tmp_path / "footfall.yaml", DataFolder(tmp_path / "data")
    url = "rtsp://viewer:canary-word@127.0.0.1:9/live"
    config.write_text(json.dumps({"model": "motion", "cameras": [{"name": "front", "url": url}]}))
    Service(Wishes(folder, config, "", 1, {}), SystemClock()).close()
    before = sorted((path, path.stat().st_mtime_ns) for path in folder.root.rglob("*.pem"))
    code, found = run(capsys, "--data", folder.root)
    assert code == 2
    assert found["configuration"]["what"] == "1 cameras"
    assert found["camera front"]["grade"] == "fail"
    assert found["model motion"]["grade"] == "ok"
    assert "canary-word" not in json.dumps(found)
    assert before == sorted((path, path.stat().st_mtime_ns) for path in folder.root.rglob("*.pem"))


def test_a_data_folder_that_is_broken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "data"
    (folder / "keys").mkdir(parents=True)
    (folder / "keys" / "service-key").write_text("00" * 32)
    (folder / "own.sqlite").write_bytes(b"no database at all" * 100)
    code, found = run(capsys, "--data", folder, "--model", "motion")
    assert (code, found["configuration"]["grade"]) == (2, "fail")


def test_machine_facts() -> None:
    assert usable_cores() > 0
    assert free_memory() > 1 << 20
    assert clock_is_synchronised() in (True, False, None)
    assert file_system(Path("/proc")) == "proc"
    assert any(finding.check == "processor" and finding.grade is Grade.WARN for finding in check_machine(10_000))


@pytest.fixture
def nobody() -> Iterator[None]:
    """For a moment this process is a user whom nothing belongs to."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    yield
    os.setresuid(0, 0, 0)


class TestDataFolder:
    def grades(self, folder: Path) -> dict[str, Grade]:
        return {finding.check: finding.grade for finding in check_data(folder)}

    def test_as_it_should_be(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o700)
        assert self.grades(tmp_path)["data folder"] is Grade.OK
        assert list(tmp_path.iterdir()) == []

    def test_open_to_others(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o755)
        (finding, *_) = check_data(tmp_path)
        assert (finding.grade, finding.cure) == (Grade.WARN, f"chmod 700 {tmp_path}")

    @pytest.mark.parametrize("folder", ["/footfall", "/root/footfall", "/root/footfall/data"])
    def test_not_ours(self, nobody: None, folder: str) -> None:
        """The folders above belong to root; nobody may even look into /root."""
        assert self.grades(Path(folder))["data folder"] is Grade.FAIL

    def test_somebody_runs_on_it(self, tmp_path: Path) -> None:
        assert not holder_of(tmp_path)
        with (tmp_path / "lock").open("wb") as lock:
            assert not holder_of(tmp_path)
            fcntl.flock(lock, fcntl.LOCK_EX)
            assert holder_of(tmp_path)


def test_ports() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = Address("127.0.0.1", taken.getsockname()[1])
        assert check_port(address, is_running=False).grade is Grade.FAIL
        assert check_port(address, is_running=True).grade is Grade.OK
    assert check_port(address, is_running=False).grade is Grade.OK
    assert check_port(Address("192.0.2.1", 8971), is_running=True).grade is Grade.FAIL


def test_models(tmp_path: Path) -> None:
    own = tmp_path / "own.onnx"
    found = list(check_models(["person", "motion", "person", str(own)], tmp_path))
    assert [finding.grade for finding in found] == [Grade.OK, Grade.OK, Grade.FAIL]


class TestSinks:
    def test_a_broker(self, broker) -> None:
        assert check_sink(f"mqtt://127.0.0.1:{broker.port}/shop", {}).grade is Grade.OK

    def test_a_broker_with_another_password(self, new_broker) -> None:
        port = new_broker(login=("user", "right")).port
        finding = check_sink(f"mqtt://user:canary-word@127.0.0.1:{port}/shop", {})
        assert finding.grade is Grade.FAIL
        assert "canary-word" not in repr(finding)

    def test_a_web_server_gets_no_event(self) -> None:
        catcher = HttpCatcher()
        assert check_sink(f"http://127.0.0.1:{catcher.port}/", {}).grade is Grade.OK
        assert not catcher.requests
        catcher.close()

    @pytest.mark.parametrize(
        "spec", ["mqtt://127.0.0.1:9/shop", "http://127.0.0.1:9/", "jsonl:/no/such/folder/x.jsonl", "what"]
    )
    def test_nobody_there(self, spec: str) -> None:
        assert check_sink(spec, {}).grade is Grade.FAIL

    @pytest.mark.parametrize("spec", ["-", "jsonl:/tmp/footfall-doctor.jsonl"])
    def test_here(self, spec: str) -> None:
        assert check_sink(spec, {}).grade is Grade.OK


def test_a_database_that_is_away_keeps_its_password() -> None:
    finding = check_store("postgresql://user:canary-word@127.0.0.1:9/footfall")
    assert finding.grade is Grade.FAIL
    assert "canary-word" not in repr(finding)


def test_a_database_that_is_none(tmp_path: Path) -> None:
    assert check_store("mysql://host/db").grade is Grade.FAIL
    assert check_store(str(tmp_path / "store.sqlite")).grade is Grade.OK


@pytest.mark.usefixtures("rtsp_ready")
class TestCameras:
    def test_within_ten_seconds(self) -> None:
        assert outside.PROBE_S + outside.CLOCK_WATCH_S < 10.0, "all cameras are looked at together"

    def test_all_together(
        self, camera_clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(camera_clock, "SETTLE_S", 0.5)
        monkeypatch.setattr(outside, "PROBE_S", PATIENT_S)
        monkeypatch.setattr(outside, "CLOCK_WATCH_S", PATIENT_S)
        clip = make_clip(tmp_path / "clip.mp4")
        with RtspCamera(camera_clip) as right, RtspCamera(camera_clip, login=Login("u", "canary-word")) as closed:
            right.set_clock(7200.0)
            file = tmp_path / "footfall.yaml"
            urls = {"right": right.url, "closed": closed.url, "gone": "rtsp://127.0.0.1:9/live", "file": str(clip)}
            cameras = [{"name": name, "url": url, "zones": [ZONE]} for name, url in urls.items()]
            file.write_text(json.dumps({"cameras": cameras}))
            code, found = run(capsys, file, "--data", tmp_path / "data", "--model", "motion")
        assert code == 2
        assert found["camera right"]["what"].startswith("h264 160x90, 2")
        assert found["camera right clock"]["grade"] == "warn"
        assert float(found["camera right clock"]["what"].removesuffix(" s off")) == pytest.approx(7200.0, abs=60.0)
        assert found["camera closed"]["cure"] == "check user and password"
        assert found["camera gone"]["grade"] == "fail"
        assert found["camera file"]["grade"] == "ok"
        assert "canary-word" not in json.dumps(found)


PATIENT_S = 60.0
ZONE = {"name": "all", "points": [[0, 0], [1, 0], [1, 1]]}


@pytest.fixture
def door() -> Iterator[tuple[int, list[int]]]:
    """A web server on this computer and what it answers next."""
    status = [200]

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status[0] if self.path == "/health/live" else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1], status
    server.shutdown()
    server.server_close()
    thread.join()


def test_live(door: tuple[int, list[int]], capsys: pytest.CaptureFixture[str]) -> None:
    port, status = door
    assert main(["doctor", "--live", "--port", str(port)]) == 0
    status[0] = 503
    assert main(["doctor", "--live", "--port", str(port)]) == 1
    assert main(["doctor", "--live", "--port", str(free_port())]) == 1
    assert capsys.readouterr().out == ""


def test_findings_as_json() -> None:
    assert Finding.warn("a", "b", "c").as_json() == {"check": "a", "grade": "warn", "what": "b", "cure": "c"}
