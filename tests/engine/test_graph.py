"""Items flow depth-first; flush goes through the nodes behind."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from footfall.core.ports import Node
from footfall.engine.graph import Graph


class Add:
    """Adds its letter to what passes; holds one item back if asked to."""

    def __init__(self, letter: str, held: str = "") -> None:
        self.letter = letter
        self.held = held

    def feed(self, item: object) -> Iterable[object]:
        yield f"{item}{self.letter}"

    def flush(self) -> Iterable[object]:
        if self.held:
            yield f"{self.held}{self.letter}"


class Swallow(Add):
    def feed(self, item: object) -> Iterable[object]:
        return ()


CASES = [
    pytest.param({"a": []}, ["1a"], id="one node"),
    pytest.param({"a": [], "b": ["a"]}, ["1ab"], id="a row of two"),
    pytest.param({"a": [], "b": ["a"], "c": ["a"]}, ["1ab", "1ac"], id="a fork gives both branches in order"),
    pytest.param({"a": [], "b": [], "c": ["a", "b"]}, ["1ac", "1bc"], id="two entries meet"),
    pytest.param({"a": [], "b": ["a"], "c": ["b"], "d": ["a"]}, ["1abc", "1ad"], id="depth before breadth"),
]


@pytest.mark.parametrize(("inputs", "expected"), CASES)
def test_push(inputs: dict[str, list[str]], expected: list[str]) -> None:
    assert list(Graph({name: Add(name) for name in inputs}, inputs).push("1")) == expected


def test_flush_passes_what_was_held_back_through_the_nodes_behind() -> None:
    graph = Graph({"a": Add("a", held="x"), "b": Add("b", held="y")}, {"b": ["a"]})
    assert list(graph.flush()) == ["xab", "yb"]


def test_a_node_that_swallows_ends_its_branch() -> None:
    nodes: dict[str, Node] = {"a": Add("a"), "tap": Swallow("t"), "b": Add("b")}
    assert list(Graph(nodes, {"tap": ["a"], "b": ["a"]}).push("1")) == ["1ab"]


@pytest.mark.parametrize("inputs", [{"a": ["b"], "b": []}, {"a": ["a"], "b": []}, {"a": ["nobody"], "b": []}])
def test_inputs_stand_before_their_users(inputs: dict[str, list[str]]) -> None:
    with pytest.raises(ValueError, match="do not stand before"):
        Graph({name: Add(name) for name in inputs}, inputs)
