"""The commands of "Compare two models on a clip" run as they stand there, in their order."""

from __future__ import annotations

import re
import shlex
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from footfall.cli.main import main
from footfall.learning.bundle import make_bundle
from footfall.learning.lesson import Kind
from takeaways import colour_teller, white_finder

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "compare-models.md"
AT = datetime(2026, 11, 21, tzinfo=UTC)
ROW = re.compile(r"^\| ([a-z][^|]+?) \|", re.M)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """All that the commands print."""
    folder = tmp_path_factory.mktemp("compare")
    swapped = ("blue", "green", "red"), ("red", "green", "blue")
    for name, tags in zip(("coats-2.zip", "coats.zip"), swapped, strict=True):
        (folder / name).write_bytes(make_bundle(colour_teller(), tags, Kind.MULTICLASS, "1", AT, None))
    (folder / "people.zip").write_bytes(make_bundle(white_finder(), ("person",), Kind.DETECTION, "1", AT, None))
    blocks = re.findall(r"<!-- executed by tests/docs -->\n```\n(.*?)```", DOCUMENT.read_text(), re.S)
    commands = [shlex.split(line) for block in blocks for line in block.splitlines()]
    assert len(commands) == 6
    heard = StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(heard), redirect_stderr(heard):
        patch.chdir(folder)
        for program, *words in commands:
            assert program == "footfall"
            assert main(words) == 0, words
    assert (folder / "look.png").is_file()
    return heard.getvalue()


def test_every_row_that_is_explained_is_printed(said: str) -> None:
    rows = [words for row in ROW.findall(DOCUMENT.read_text()) for words in row.removesuffix(" …").split("; ")]
    assert len(rows) >= 9
    assert [words for words in rows if words != "row" and words not in said] == []


def test_the_advice_is_worded_as_it_stands_there(said: str) -> None:
    [example] = re.findall(r"\*they agree about ([^*]+)\*", DOCUMENT.read_text())
    assert re.fullmatch(r"\d+ % of people \(\d+ of \d+\); look at these \d+ before you switch over", example)
    assert re.search(r"they agree about \d+ % of people \(\d+ of \d+\)", said)
