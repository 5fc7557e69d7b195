"""`footfall serve` runs without the extra: nothing of it is imported before somebody asks for Custom Vision."""

from __future__ import annotations

import subprocess
import sys

SOURCE = """
import sys
for name in ("onnx", "PIL", "sklearn"):
    sys.modules[name] = None
import footfall.cli.serve, footfall.cli.customvision
from footfall.cli.main import main
sys.exit(main(["customvision", "serve", "--data", sys.argv[1]]))
"""


def test_commands_start_without_the_extra_and_say_what_is_missing(tmp_path) -> None:
    data = tmp_path / "data"
    done = subprocess.run(
        [sys.executable, "-c", SOURCE, str(data)], check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 2, done.stderr
    assert "pip install 'footfall[customvision]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not data.exists()
