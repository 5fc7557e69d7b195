"""What the documents say is true: links lead somewhere, examples run, commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from footfall.cli.main import COMMANDS
from footfall.simulator.scene import SceneSpec, write_scene

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", document.read_text())
    missing = [target for target in targets if not (document.parent / target).exists()]
    assert missing == []


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text()
    assert [name for name in COMMANDS if f"footfall {name}" not in text] == []


def test_the_python_example_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [code] = re.findall(r"<!-- executed by tests/docs -->\n```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    write_scene(SceneSpec(duration_s=8.0, size_px=(640, 360), story="crowd", people=6), tmp_path / "shop.mp4")
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - our own document
    assert "LineCrossed(line='door'" in capsys.readouterr().out


def test_our_version_is_the_changelogs() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()
