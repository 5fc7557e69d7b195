"""`footfall backup`: a data folder there and back, beside a service that writes, and what must be refused."""

from __future__ import annotations

import fcntl
import gzip
import io
import json
import sqlite3
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from footfall.cli.main import main
from footfall.engine.clock import SystemClock
from footfall.serve import archive
from footfall.serve.folder import DataFolder
from footfall.serve.restoring import restore_archive
from footfall.serve.service import Service, Wishes

PASSPHRASE = "correct horse battery"
CANARY = b"canary-key-material"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is quick to derive."""
    monkeypatch.setattr(archive, "COST_LOG2", 14)


SEALED = "customvision/objects/shop/image/one.enc"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    vision = ("customvision/keys", "customvision/objects/shop/image")
    for name in ("keys", "outbox", "tls", "recordings/front", "calibrations", "visits", *vision):
        (folder / name).mkdir(parents=True)
    for name in ("own.sqlite", "store.sqlite", "outbox/mqtt.sqlite"):
        with sqlite3.connect(folder / name) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("CREATE TABLE rows (n INTEGER)")
            database.executemany("INSERT INTO rows VALUES (?)", [(n,) for n in range(100)])
        database.close()
    (folder / "keys" / "service-key").write_bytes(CANARY)
    (folder / "keys" / "service-key").chmod(0o400)
    (folder / "tls" / "key.pem").write_bytes(CANARY)
    (folder / "customvision" / "keys" / "service-key").write_bytes(CANARY)
    (folder / "customvision" / "lock").write_text("1")
    (folder / SEALED).write_bytes(b"sealed")
    (folder / "calibrations" / "front.json").write_text('{"tilt": 1}')
    (folder / "recordings" / "front" / "clip.mp4").write_bytes(b"video")
    (folder / "lock").write_text("1")
    (folder / "visits" / "0").write_text("somebody")
    (folder / "outbox" / "mqtt.sqlite.lock").touch()
    return folder


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\n")
    file.chmod(0o600)
    return file


def rows(file: Path) -> int:
    with sqlite3.connect(file) as database:
        count = database.execute("SELECT count(*) FROM rows").fetchone()[0]
    database.close()
    return int(count)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def backup(*arguments: object) -> int:
    return main(["backup", *map(str, arguments)])


def test_there_and_back(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "disk.reserve").write_bytes(bytes(9))
    file, other = tmp_path / "copy.tar.gz", tmp_path / "new" / "data"
    assert backup("make", file, "--data", data) == 0
    assert backup("verify", file) == 0
    assert backup("restore", file, "--data", other) == 0
    assert files(other) == {"own.sqlite", "store.sqlite", "outbox/mqtt.sqlite", "calibrations/front.json", SEALED}
    assert rows(other / "store.sqlite") == rows(other / "outbox" / "mqtt.sqlite") == 100
    assert file.stat().st_mode & 0o777 == 0o600
    assert other.stat().st_mode & 0o777 == 0o700
    assert "without keys" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_with_keys_everything_is_encrypted(data: Path, secret: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "copy.ffb", tmp_path / "other"
    assert backup("make", file, "--data", data, "--keys", "--recordings", "--passphrase-file", secret) == 0
    text = file.read_bytes()
    assert text.startswith(b"FFBACKUP\x01")
    assert CANARY not in text
    assert b"own.sqlite" not in text
    assert backup("restore", file, "--data", other, "--passphrase-file", secret) == 0
    assert (other / "keys" / "service-key").read_bytes() == CANARY
    assert (other / "keys" / "service-key").stat().st_mode & 0o777 == 0o400
    assert (other / "customvision" / "keys" / "service-key").read_bytes() == CANARY
    assert {"tls/key.pem", "recordings/front/clip.mp4"} <= files(other)
    assert "lock" not in files(other)


@pytest.mark.parametrize("with_keys", [True, False])
def test_a_service_goes_on_with_what_was_restored(with_keys: bool, secret: Path, tmp_path: Path) -> None:
    config, folder, other = tmp_path / "footfall.yaml", tmp_path / "first", tmp_path / "second"
    url = "rtsp://viewer:canary-word@127.0.0.1:9/live"
    config.write_text(json.dumps({"model": "motion", "cameras": [{"name": "front", "url": url}]}))
    Service(Wishes(DataFolder(folder), config, "", 1, {}), SystemClock()).close()
    options = ["--keys", "--passphrase-file", secret] if with_keys else []
    assert backup("make", tmp_path / "copy", "--data", folder, *options) == 0
    assert backup("restore", tmp_path / "copy", "--data", other, *options[1:]) == 0
    service = Service(Wishes(DataFolder(other), None, "", 1, {}), SystemClock())
    try:
        cameras, reasons = [camera.name for camera in service.desk.cameras()], service.desk.health().reasons
    finally:
        service.close()
    assert cameras == (["front"] if with_keys else [])
    assert ("configuration-broken" in reasons) is not with_keys


def test_the_passphrase_may_stand_in_the_environment(
    data: Path, secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTFALL_BACKUP_PASSPHRASE_FILE", str(secret))
    assert backup("make", tmp_path / "copy.ffb", "--data", data, "--keys") == 0
    monkeypatch.delenv("FOOTFALL_BACKUP_PASSPHRASE_FILE")
    assert backup("verify", tmp_path / "copy.ffb") == 2


def test_beside_a_service_that_writes(data: Path, tmp_path: Path) -> None:
    done, started = threading.Event(), threading.Event()

    def write() -> None:
        database = sqlite3.connect(data / "store.sqlite", timeout=60)
        while not done.is_set():
            with database:
                database.executemany("INSERT INTO rows VALUES (?)", [(7,)] * 10)
            started.set()
        database.close()

    writer = threading.Thread(target=write)
    writer.start()
    started.wait(60)
    try:
        assert backup("make", tmp_path / "copy.tar.gz", "--data", data) == 0
    finally:
        done.set()
        writer.join()
    assert backup("restore", tmp_path / "copy.tar.gz", "--data", tmp_path / "other") == 0
    count = rows(tmp_path / "other" / "store.sqlite")
    assert count > 100
    assert count % 10 == 0, "whole transactions"


def test_what_was_there_before_is_kept(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    backup("make", tmp_path / "copy.tar.gz", "--data", data)
    assert backup("restore", tmp_path / "copy.tar.gz", "--data", data) == 0
    (before,) = tmp_path.glob("data.before-*")
    assert (before / "keys" / "service-key").exists()
    assert not (data / "keys").exists()
    assert str(before) in capsys.readouterr().out


def test_two_restorations_in_the_same_second(data: Path, tmp_path: Path) -> None:
    backup("make", tmp_path / "copy.tar.gz", "--data", data)
    now = SystemClock().now()
    _, first = restore_archive(tmp_path / "copy.tar.gz", "", data, now)
    _, second = restore_archive(tmp_path / "copy.tar.gz", "", data, now)
    assert first is not None
    assert second == first.with_name(f"{first.name}-1")


def test_a_folder_that_a_service_runs_on_is_refused(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup("make", tmp_path / "copy.tar.gz", "--data", data)
    with (data / "lock").open("r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert backup("restore", tmp_path / "copy.tar.gz", "--data", data) == 2
    assert "a service runs on it; stop it first" in capsys.readouterr().err
    assert (data / "keys").exists()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        pytest.param(["make", "{new}", "--data", "{tmp}"], "no data folder", id="another folder"),
        pytest.param(["make", "{secret}", "--data", "{data}"], "exists", id="a file that is there"),
        pytest.param(["make", "{data}/copy", "--data", "{data}"], "inside", id="into itself"),
        pytest.param(["make", "{new}", "--data", "{data}", "--keys"], "in the clear", id="keys in the clear"),
        pytest.param(["verify", "{secret}"], "cannot be read", id="no archive"),
        pytest.param(["restore", "/no/such/file", "--data", "{new}"], "No such file", id="nothing"),
    ],
)
def test_refused(
    arguments: list[str], text: str, data: Path, secret: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = {"data": data, "secret": secret, "tmp": tmp_path, "new": tmp_path / "new"}
    assert backup(*(argument.format(**places) for argument in arguments)) == 2
    assert text in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_short_passphrase_is_refused(data: Path, secret: Path, tmp_path: Path) -> None:
    secret.write_text("short")
    assert backup("make", tmp_path / "copy", "--data", data, "--passphrase-file", secret) == 2


def test_a_wrong_passphrase(data: Path, secret: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    backup("make", tmp_path / "copy", "--data", data, "--passphrase-file", secret)
    secret.write_text("another horse battery")
    assert backup("verify", tmp_path / "copy", "--passphrase-file", secret) == 2
    assert "the passphrase is wrong" in capsys.readouterr().err


@pytest.mark.parametrize("is_encrypted", [False, True])
@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda text: text[: len(text) // 2], id="cut in the middle"),
        pytest.param(lambda text: text[:-1], id="cut at the end"),
        pytest.param(lambda text: text[:900] + bytes([text[900] ^ 1]) + text[901:], id="one bit"),
    ],
)
def test_damage_is_noticed_and_nothing_changes(
    harm: Callable[[bytes], bytes], is_encrypted: bool, data: Path, secret: Path, tmp_path: Path
) -> None:
    file = tmp_path / "copy"
    options = ["--passphrase-file", secret] if is_encrypted else []
    backup("make", file, "--data", data, *options)
    file.write_bytes(harm(file.read_bytes()))
    before = files(data)
    assert backup("restore", file, "--data", data, *options) == 2
    assert files(data) == before


def packed(file: Path, contents: dict[str, bytes], manifest: dict[str, object] | None) -> None:
    """An archive that somebody has made by hand."""
    with gzip.open(file, "wb") as out, tarfile.open(fileobj=out, mode="w|") as tar:
        for name, text in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
        if manifest is not None:
            text = json.dumps(manifest).encode()
            info = tarfile.TarInfo("manifest.json")
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))


NOTHING = {"footfall": "0.1.0", "made": "", "has_keys": False, "files": [], "format": 1}


@pytest.mark.parametrize(
    ("contents", "manifest"),
    [
        pytest.param({"../evil": b"x"}, NOTHING, id="out of the folder"),
        pytest.param({"/etc/evil": b"x"}, NOTHING, id="to the root"),
        pytest.param({"extra": b"x"}, NOTHING, id="a file that is not listed"),
        pytest.param({}, None, id="no list"),
        pytest.param({}, {**NOTHING, "format": 2}, id="a later format"),
        pytest.param({}, {**NOTHING, "footfall": "9.0.0"}, id="a later footfall"),
        pytest.param({}, {"files": 7}, id="no list of ours"),
        pytest.param(
            {}, {**NOTHING, "files": [{"name": "a", "bytes": 0, "sha256": "", "mode": 0}]}, id="one is missing"
        ),
    ],
)
def test_made_by_somebody_else(
    contents: dict[str, bytes], manifest: dict[str, object] | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed(tmp_path / "copy", contents, manifest)
    assert backup("restore", tmp_path / "copy", "--data", tmp_path / "data") == 2
    assert not (tmp_path / "data").exists()
    assert not (tmp_path / "evil").exists()
    assert "Traceback" not in capsys.readouterr().err
