"""What `footfall serve` does once on a data folder and ends."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from footfall.cli.main import main
from footfall.store.folder_lock import FolderLock


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["serve", "--setup-link", "--data", str(tmp_path / "data"), "--insecure-http"]) == 0
    assert "#/setup?token=" in capsys.readouterr().err
    return tmp_path / "data"


def test_an_audit_log_that_nobody_touched(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--verify-audit", "--data", str(folder)]) == 0
    assert "as it was written" in capsys.readouterr().err


def test_an_audit_log_that_somebody_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(folder / "own.sqlite")) as database, database:
        assert database.execute("UPDATE audit SET author = 'nobody'").rowcount > 0
    assert main(["serve", "--verify-audit", "--data", str(folder)]) == 1
    assert "entry 1" in capsys.readouterr().err


def test_no_log_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--verify-audit", "--data", str(tmp_path)]) == 2
    assert "own.sqlite" in capsys.readouterr().err


def test_secrets_get_a_new_key_unless_the_service_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name: path.read_bytes() for path in (folder / "keys").iterdir()}
    assert main(["serve", "--rotate-keys", "--data", str(folder)]) == 0
    assert "sealed with a new key" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in (folder / "keys").iterdir()} != before
    lock = FolderLock(folder)
    try:
        assert main(["serve", "--rotate-keys", "--data", str(folder)]) == 2
    finally:
        lock.release()
    assert "in use" in capsys.readouterr().err
