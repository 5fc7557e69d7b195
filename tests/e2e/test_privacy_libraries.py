"""No library below tells its maker that it was started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

NETWORKS = "import footfall.detect.onnx, footfall.detect.openvino"


def left_behind(home: Path, program: str) -> list[str]:
    """Files that a program leaves in its user's home. CI systems are spared by the makers: this is none."""
    spared = {"CI", "TF_BUILD", "JENKINS_URL", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "XDG_CACHE_HOME"}
    environment = {name: value for name, value in os.environ.items() if name not in spared}
    command = (sys.executable, "-B", "-c", program)
    subprocess.run(command, env={**environment, "HOME": str(home)}, check=True, timeout=120)
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())


@pytest.mark.parametrize("library", ["onnxruntime", "openvino"])
def test_a_network_is_opened_in_silence(tmp_path: Path, library: str) -> None:
    assert left_behind(tmp_path, f"{NETWORKS}; import {library}") == []
