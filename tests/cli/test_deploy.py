"""`footfall deploy`: what people see of it when something is wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from footfall.hub.store import held


def deploy(*arguments: str) -> tuple[int, str]:
    """Exit code, and what is told."""
    command = (sys.executable, "-m", "footfall", "deploy", *arguments)
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_a_folder_is_for_one_deployment(tmp_path: Path) -> None:
    with held(tmp_path, "deployment"):
        code, told = deploy(f"--data={tmp_path}")
    assert code == 2
    assert "belongs to a deployment that is running; stop it, or choose another --data" in told
    assert not (tmp_path / "hub").exists()


def test_an_address_that_is_none(tmp_path: Path) -> None:
    code, told = deploy(f"--data={tmp_path}", "--host=300.1.1.1")
    assert code == 2
    assert "hub: $: does not start: " in told


def test_where_nobody_may_write() -> None:
    code, told = deploy("--data=/proc/edge")
    assert code == 2
    assert "deployment: /proc/edge: cannot be written" in told


def test_no_hub_has_ever_run(tmp_path: Path) -> None:
    code, told = deploy("--status", f"--data={tmp_path}")
    assert code == 2
    assert "start one first" in told


def test_what_is_no_manifest_starts_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"cameras": []}')
    code, told = deploy(str(tmp_path / "x.json"), f"--data={tmp_path}")
    assert code == 2
    assert "x.json: $.modulesContent: is missing: this is no deployment manifest; give" in told
    assert not (tmp_path / "hub").exists()
