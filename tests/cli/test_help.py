"""What help says can be typed: every example goes through a shell as it stands, and the command understands it."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from itertools import dropwhile

import pytest

from footfall.cli.main import COMMANDS, EPILOGUE, main, parser_of

OPERATORS = {";", "&", "|", "(", ")", "<"}


def examples(text: str) -> list[str]:
    """The lines below `Examples:` that are typed; one that ends in a backslash goes on in the next."""
    _, _, below = text.replace("\\\n", "").partition("xamples:\n")
    return [line.strip() for line in below.splitlines() if re.match(r"  (\w+=\S+ )?footfall ", line)]


def everything(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Examples of a command and of its sub-commands."""
    yield from examples(parser.description or "")
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from everything(child)


def words_of(line: str) -> list[str]:
    """As a shell takes it apart, up to where its output goes; a quoted sign is no operator."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words = list(dropwhile(lambda word: word != "footfall", lexer))
    return words[: words.index(">")] if ">" in words else words


ALL = [line for name in COMMANDS for line in everything(parser_of(name))] + examples(EPILOGUE)[:-1]


@pytest.mark.parametrize("line", ALL)
def test_an_example_works_as_typed(line: str) -> None:
    unquoted = shlex.shlex(line, punctuation_chars=True)
    unquoted.whitespace_split = True
    assert OPERATORS.isdisjoint(unquoted), "quote it"
    _, name, *arguments = words_of(line)
    known = parser_of(name).parse_args(arguments)
    assert known is not None


def test_every_command_has_examples() -> None:
    assert {words_of(line)[1] for line in ALL} == set(COMMANDS)


def unexplained(parser: argparse.ArgumentParser) -> list[str]:
    """Arguments of a command and its sub-commands that nothing is said about."""
    children = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    own = [f"{parser.prog} {one.dest}" for one in parser._actions if not one.help and one not in children]
    return own + [one for action in children for child in action.choices.values() for one in unexplained(child)]


@pytest.mark.parametrize("name", COMMANDS)
def test_something_is_said_about_every_argument(name: str) -> None:
    assert unexplained(parser_of(name)) == []


def told(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is said of arguments that are wrong."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    return capfd.readouterr().err


def test_what_is_wrong_stands_alone_in_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    err = told(capfd, "run")
    assert err == "footfall run: the following arguments are required: TARGET; see footfall run --help\n"


def test_a_sub_command_says_its_own_name(capfd: pytest.CaptureFixture[str]) -> None:
    assert told(capfd, "footage", "list").endswith("see footfall footage list --help\n")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("sevre", " (did you mean 'serve'?)", id="two letters exchanged"),
        pytest.param("fly", "", id="nothing like it"),
    ],
)
def test_a_command_that_is_none(typed: str, meant: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert told(capfd, typed) == f"footfall: there is no command {typed!r}{meant}; see footfall --help\n"


def sub_commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield child
                yield from sub_commands(child)


SUB_COMMANDS = [child for name in COMMANDS for child in sub_commands(parser_of(name))]


@pytest.mark.parametrize("parser", SUB_COMMANDS, ids=lambda parser: parser.prog)
def test_help_of_a_sub_command_says_what_it_does_and_shows_it(parser: argparse.ArgumentParser) -> None:
    assert parser.description
    has_children = any(isinstance(action, argparse._SubParsersAction) for action in parser._actions)
    assert has_children or f"{parser.prog}" in (parser.epilog or parser.description)
