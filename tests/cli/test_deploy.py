"""`footfall deploy`: what people see of it when something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from footfall.cli.main import main
from footfall.hub.store import held


def test_a_folder_is_for_one_deployment(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with held(tmp_path, "deployment"):
        assert main(["deploy", f"--data={tmp_path}"]) == 2
    assert "belongs to a deployment that is running; stop it, or choose another --data" in capfd.readouterr().err
    assert not (tmp_path / "hub").exists()


def test_an_address_that_is_none(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", f"--data={tmp_path}", "--host=300.1.1.1"]) == 2
    told = capfd.readouterr().err
    assert "hub: $: does not start: " in told
    assert "Traceback" not in told


def test_where_nobody_may_write(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "--data=/proc/edge"]) == 2
    assert "cannot be written" in capfd.readouterr().err


def test_no_hub_has_ever_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "--status", f"--data={tmp_path}"]) == 2
    assert "start one first" in capfd.readouterr().err
