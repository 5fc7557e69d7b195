"""Killed at any moment: no half object, nothing in clear, what was deleted stays deleted, what was put stays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from conftest import REPOSITORY

KILLS = int(os.environ.get("FOOTFALL_KILLS", "60"))


def test_a_storm_of_kills_harms_nothing(tmp_path: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": f"{REPOSITORY / 'src'}:{REPOSITORY / 'tests'}"}
    command = [sys.executable, str(REPOSITORY / "tests/vault/storm.py"), str(tmp_path / "data"), str(KILLS), "7"]
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True, text=True)
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["faults"] == []
    assert report["torn"] > KILLS / 2
    assert report["done"] > KILLS / 2
