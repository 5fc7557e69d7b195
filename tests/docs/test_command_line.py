"""The reference of the command line is complete: every command, option and variable of ours stands in it."""

from __future__ import annotations

import argparse
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference" / "command-line.md"


def section(command: str) -> str:
    """What the reference says about one command: from its heading to the next."""
    found = re.search(rf"^## footfall {command}$(.*?)(?=^## |\Z)", REFERENCE.read_text(), re.M | re.S)
    assert found is not None, f"no heading for footfall {command}"
    return found[1]


def words(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Long options and sub-commands, those of sub-commands included."""
    for action in parser._actions:
        yield from (option for option in action.option_strings if option not in {"-h", "--help"})
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                yield name
                yield from words(child)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_stands_under_its_command(command: str) -> None:
    parser = argparse.ArgumentParser()
    importlib.import_module(f"footfall.cli.{command}").add_arguments(parser)
    text = section(command)
    missing = [word for word in words(parser) if not re.search(rf"`{re.escape(word)}[ `]", text)]
    assert missing == []


def test_nothing_stands_there_that_no_command_has() -> None:
    known = {"--help", "--version"}
    for command in COMMANDS:
        parser = argparse.ArgumentParser()
        importlib.import_module(f"footfall.cli.{command}").add_arguments(parser)
        known.update(words(parser))
    told = set(re.findall(r"`(--[a-z][a-z0-9-]*)", REFERENCE.read_text()))
    assert told - known == set()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("config/environment.py", id="settings of the process"),
        pytest.param("runtime/folders.py", id="folders"),
        pytest.param("vault/making.py", id="keys of objects"),
        pytest.param("simulator/rtsp.py", id="simulated camera"),
        pytest.param("runtime/spatial_module.py", id="spatial analysis as a module"),
        pytest.param("runtime/module_plan.py", id="a module's surroundings"),
    ],
)
def test_every_variable_of_ours_stands_there(source: str) -> None:
    variables = set(re.findall(r"FOOTFALL_[A-Z_]*[A-Z]", (ROOT / "src" / "footfall" / source).read_text()))
    told = set(re.findall(r"`(FOOTFALL_[A-Z_]+)`", REFERENCE.read_text()))
    assert variables
    assert variables - told == set()
