"""The person recipe in small, from the command line, on real pictures: it must learn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from footfall.cli.main import main

pytest.importorskip("torch", reason="torch is not installed: ./dev test installs it")
RECIPE = Path(__file__).parents[1] / "training" / "smoke.toml"
FLOOR = 0.4


@pytest.mark.slow
def test_a_minute_of_training_finds_people(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--data", str(shared / "data" / "train"), "--out", str(tmp_path), "--threads", "1", "--workers", "0"]
    assert main(["train", "person", str(RECIPE), *where]) == 0
    told = capsys.readouterr().err
    (best,) = re.findall(r"best: held-out AP50 ([0-9.]+)", told)
    assert float(best) >= FLOOR, told
