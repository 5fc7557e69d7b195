"""Names of recordings: every spelling of every variable, and nothing that leads elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.recording.names import GraphNames, NamePattern, folder_name, numbered, relative_path

NAMES = GraphNames("shop", "evr")
UTC_TIME = datetime(2020, 5, 21, 5, 37, 26, 512_900, UTC)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("a-${System.DateTime}", "a-20200521T053726Z"),
        ("a-${System.Runtime.DateTime}", "a-20200521T053726Z"),
        ("a-${System.PreciseDateTime}", "a-20200521T053726.512Z"),
        ("a-${System.Runtime.PreciseDateTime}", "a-20200521T053726.512Z"),
        ("${System.GraphTopologyName}-${System.TopologyName}", "evr-evr"),
        ("${System.GraphInstanceName}${System.PipelineName}", "shopshop"),
        ("${System.DateTime}/${System.DateTime}", "20200521T053726Z/20200521T053726Z"),
        ("plain $ {x} text", "plain $ {x} text"),
    ],
)
def test_variables(pattern: str, name: str) -> None:
    found = NamePattern(pattern, NAMES)
    assert found.at(UTC_TIME) == name
    assert found.has_time is ("DateTime" in pattern)


@pytest.mark.parametrize("variable", ["System.Date", "system.datetime", "cameraName", ""])
def test_unknown_variables(variable: str) -> None:
    with pytest.raises(ValueError, match="no variable of the system"):
        NamePattern(f"a-${{{variable}}}", NAMES)


def test_names_that_are_taken_are_numbered() -> None:
    assert list(islice(numbered("a"), 3)) == ["a", "a-1", "a-2"]


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".hidden", " a", "a ", "a/b", "a\\b", "a\0b", "a\nb", "x" * 201, "ü" * 101]
)
def test_no_name_of_a_folder(name: str) -> None:
    with pytest.raises(ValueError, match="'"):
        folder_name(name)


@pytest.mark.parametrize("name", ["a", "Shop 1-20200521T053726.512Z", "ünser", "x" * 200])
def test_names_of_folders(name: str) -> None:
    assert folder_name(name) == name


@pytest.mark.parametrize("name", ["/a", "a//b", "a/", "../a", "a/../b", "a/./b"])
def test_no_path_within_a_folder(name: str) -> None:
    with pytest.raises(ValueError, match="'"):
        relative_path(name)


@given(st.text())
def test_what_is_let_through_stays_within_the_folder(text: str) -> None:
    try:
        path = relative_path(text)
    except ValueError:
        return
    assert not path.startswith("/")
    assert not {"", ".", ".."} & set(path.split("/"))
