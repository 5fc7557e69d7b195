from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from pathlib import Path
from tempfile import mkdtemp
from footfall.config.plan import Plan
from footfall.runtime.options import Options
from footfall.runtime.runtime import Runtime

folder = Path(mkdtemp())
runtime = Runtime(Plan((), (f"jsonl:{folder}/events.jsonl",)), Options(folder, folder))
print("scipy.optimize" in sys.modules)
runtime.start()
runtime.apply(Plan(()))
runtime.close()
print("scipy.optimize" in sys.modules, "scipy.signal" in sys.modules)
"""


def test_what_trackers_compute_with_is_loaded_once_when_cameras_start() -> None:
    said = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "True", "True"]
