"""The reference of Custom Vision is complete, and the program in the guide for movers moves a project."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from footfall.customvision.door.routes_table import ROUTES
from footfall.customvision.workspace.limits import Limits
from footfall.learning.bundle import FLAVORS
from servers.custom_vision import CustomVisionServer, told
from takeaways import plain_png

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference" / "custom-vision.md"
GUIDE = ROOT / "docs" / "how-to" / "move-from-custom-vision.md"
CODE = re.compile(
    r'"((?:BadRequest|NotFound|Forbidden|UnsupportedMedia|Conflict|ErrorUnknown|Unauthorized|TooMany)\w*)"'
)
MIB = 2**20
COMPACT = "0732100f-1a38-4e49-a514-c9b44c697ab5"


def operations() -> Iterator[str]:
    """One row an operation, in the order of the code."""
    yield "| operation | request | |"
    yield "|---|---|---|"
    for route in ROUTES:
        path = route.path.removeprefix("/customvision/{version}")
        yield f"| `{route.name}` | `{route.method} {path}` | {'not offered: 501' if route.rank == 'C' else ''} |"


def limits() -> Iterator[str]:
    """One row a limit."""
    yield "| limit | |"
    yield "|---|---|"
    for one in fields(Limits):
        value = getattr(Limits(), one.name)
        is_bytes = one.name.endswith("_bytes")
        shown = f"{value // MIB} MiB" if is_bytes else f"{value:,}" if isinstance(value, int) else f"{value:g}"
        yield f"| {one.name.removesuffix('_bytes').removesuffix('_px').replace('_', ' ')} | {shown} |"


def platforms() -> Iterator[str]:
    """One row a platform of exports."""
    yield "| platform | flavors |"
    yield "|---|---|"
    for platform, flavors in FLAVORS.items():
        yield f"| `{platform}` | {', '.join('none' if one is None else f'`{one}`' for one in flavors)} |"


@pytest.mark.parametrize("table", [operations, limits, platforms], ids=lambda table: table.__name__)
def test_tables_are_those_of_the_code(table) -> None:
    text, rows = REFERENCE.read_text(), "\n".join(table())
    begin, end = f"<!-- {table.__name__}: kept equal by tests/docs -->\n", f"\n<!-- end of {table.__name__} -->"
    assert begin in text
    if os.environ.get("FOOTFALL_GOLDEN") == "write":
        REFERENCE.write_text(re.sub(f"{begin}.*?{end}", lambda _: begin + rows + end, text, flags=re.S))
    assert rows == REFERENCE.read_text().partition(begin)[2].partition(end)[0]


def test_every_refusal_stands_there_and_no_other() -> None:
    sources = [*(ROOT / "src/footfall/customvision").rglob("*.py"), ROOT / "src/footfall/serve/vision.py"]
    text = "\n".join(path.read_text() for path in sources if path.parent.name != "wire")
    said = {code for code in CODE.findall(text) if code not in {"BadRequest", "NotFound", "Forbidden", "Conflict"}}
    listed = set(re.findall(r"^\| `(\w+)`", REFERENCE.read_text().partition("## Refusals")[2], re.M))
    assert said - listed == set()
    made = {code for code in listed - said if code.endswith("TrainingValidationFailed")}
    assert listed - said - made - {"BadRequest", "NotFound"} == set()
    assert made == {"BadRequestClassificationTrainingValidationFailed", "BadRequestDetectionTrainingValidationFailed"}


def test_the_sdks_program_in_the_guide_moves_a_project(vendor_python: Path, tmp_path: Path) -> None:
    [code] = re.findall(r"<!-- executed by tests/docs -->\n```python\n(.*?)```", GUIDE.read_text(), re.S)
    (tmp_path / "move.py").write_text(code)
    with CustomVisionServer(tmp_path / "a") as source, CustomVisionServer(tmp_path / "b") as target:
        with source.client() as client:
            project = told(client.post("projects", params={"name": "coats", "domainId": COMPACT}))["id"]
            for number, name in enumerate(("red", "blue")):
                tag = told(client.post(f"projects/{project}/tags", params={"name": name, "description": f"is {name}"}))
                files = {f"{i}": (f"{i}.png", plain_png((40 * i, 200 * number, 9))) for i in range(4)}
                told(client.post(f"projects/{project}/images", params={"tagIds": tag["id"]}, files=files))
        environment = {
            "PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1", "PROJECT": "coats",
            "SOURCE_ENDPOINT": source.endpoint, "SOURCE_KEY": source.keys["training key 1"],
            "TARGET_ENDPOINT": target.endpoint, "TARGET_KEY": target.keys["training key 2"],
        }  # fmt: skip
        command = [vendor_python, tmp_path / "move.py"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert (done.returncode, done.stdout) == (0, "8 images\n"), done.stderr
        with target.client() as client:
            copy = told(client.get("projects"))[0]["id"]
            tags = {
                tag["name"]: (tag["imageCount"], tag["description"])
                for tag in told(client.get(f"projects/{copy}/tags"))
            }
            assert tags == {"red": (4, "is red"), "blue": (4, "is blue")}
