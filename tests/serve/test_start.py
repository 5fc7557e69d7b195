"""What a start does not wait for, by what is loaded when the service answers: a clock would tell of the machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LATER = {"alembic", "grpc", "httpx", "joserfc", "paho", "prometheus_client", "psycopg", "pyarrow", "rich", "scipy"}
"""Large, and needed by cameras that run, by few configurations, or by single answers."""
CONFIG = """
cameras:
  - name: door
    url: rtsp://127.0.0.1:9/door
    zones: [{name: middle, points: [[0.2, 0.1], [0.8, 0.1], [0.8, 1.0], [0.2, 1.0]]}]
    lines: [{name: in, points: [[0.5, 0.0], [0.5, 1.0]]}]
occupancy: [{name: shop, doors: [in+]}]
"""
LOADED = "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
UP_TO_THE_DOOR = f"""
import sys
from pathlib import Path
import footfall.cli.serve
from footfall.engine.clock import SystemClock
from footfall.serve.folder import DataFolder
from footfall.serve.service import Service, Wishes
from footfall.serve.web import app_of
from footfall.web.security import Door

folder = Path(sys.argv[1])
wishes = Wishes(DataFolder(folder / "data"), folder / "footfall.yaml", "", 1, {{"FOOTFALL_MODEL": "motion"}})
service = Service(wishes, SystemClock())
app_of(service, Door(frozenset({{"localhost"}})), SystemClock())
service.close()
{LOADED}
"""


def loaded(script: str, *arguments: str) -> set[str]:
    """Packages that a Python process has imported at the end of a script."""
    command = [sys.executable, "-c", script, *arguments]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_the_service_answers_before_it_loads_what_it_needs_later(tmp_path: Path) -> None:
    (tmp_path / "footfall.yaml").write_text(CONFIG)
    first = loaded(UP_TO_THE_DOOR, str(tmp_path))
    assert "alembic" in first, "the first start makes the tables"
    found = loaded(UP_TO_THE_DOOR, str(tmp_path))
    assert not found & LATER
    assert {"fastapi", "sqlalchemy", "cv2"} <= found


def test_help_loads_no_library() -> None:
    script = f"import sys\nfrom footfall.cli.main import main\nmain(['--help'])\n{LOADED}"
    assert not loaded(script) & {*LATER, "numpy", "cv2", "av", "sqlalchemy", "fastapi", "yaml"}


@pytest.mark.parametrize("command", ["run", "serve", "validate", "models"])
def test_a_command_is_found_without_what_its_work_needs(command: str) -> None:
    assert not loaded(f"import sys\nimport footfall.cli.{command}\n{LOADED}") & {"scipy", "alembic", "torch"}
