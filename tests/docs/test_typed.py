"""Commands that the documents show can be typed: a shell takes them apart as meant, and footfall understands them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import dropwhile
from pathlib import Path

import pytest

from footfall.cli.main import COMMANDS, parser_of

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TYPED = re.compile(rf"\s*(?:\w+=\S+ |sudo |nice )*footfall ({'|'.join(COMMANDS)})(?: (?![a-z]*:)|$)")
"""What footfall itself prints has a colon behind its name."""
NOT_TYPED = re.compile(r"\.\.\.|…| \[-")
"""Something is left out, or it is the form of a command."""


def code(text: str) -> Iterator[str]:
    """Lines of blocks that are fenced or indented, those that go on in the next put together."""
    fenced = False
    for line in text.replace("\\\n", " ").splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            yield line.strip()


def commands(document: Path) -> list[str]:
    return [line for line in code(document.read_text()) if TYPED.match(line) and not NOT_TYPED.search(line)]


ALL = [(document, line) for document in DOCUMENTS for line in commands(document)]


@pytest.mark.parametrize(
    ("document", "line"), [pytest.param(*one, id=f"{one[0].stem}: {one[1]}") for one in dict.fromkeys(ALL)]
)
def test_a_command_of_a_document_is_understood(document: Path, line: str) -> None:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words = list(dropwhile(lambda word: word != "footfall", lexer))
    end = next((at for at, word in enumerate(words) if word[0] in ">|&"), len(words))
    end -= words[end - 1] == "2"  # standard error goes somewhere
    assert not {";", "(", ")", "<"} & set(words[:end]), "quote it"
    assert parser_of(words[1]).parse_args(words[2:end]) is not None


def test_the_documents_show_most_commands() -> None:
    shown = {match[1] for _, line in ALL if (match := TYPED.match(line))}
    assert len(shown) > len(COMMANDS) / 2
