"""Topic filters: the standard's own examples and a few more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.hub.filters import is_filter, matches


@pytest.mark.parametrize(
    ("pattern", "topic", "expected"),
    [
        pytest.param("sport/tennis/player1/#", "sport/tennis/player1", True, id="# is also the parent"),
        pytest.param("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", True, id="# is all below"),
        pytest.param("sport/tennis/+", "sport/tennis/player1", True, id="+ is one level"),
        pytest.param("sport/tennis/+", "sport/tennis/player1/ranking", False, id="+ is not two"),
        pytest.param("sport/+", "sport", False, id="+ is not none"),
        pytest.param("sport/+", "sport/", True, id="+ may be empty"),
        pytest.param("+/+", "/finance", True, id="leading slash"),
        pytest.param("/+", "/finance", True, id="leading slash kept"),
        pytest.param("+", "/finance", False, id="two levels"),
        pytest.param("#", "a/b", True, id="everything"),
        pytest.param("#", "$iothub/twin/res/200", False, id="but what begins with $"),
        pytest.param("+/twin/#", "$iothub/twin/res/200", False, id="nor through +"),
        pytest.param("$iothub/#", "$iothub/twin/res/200", True, id="$ by name"),
        pytest.param("$iothub/twin/res/#", "$iothub/twin/res/200/?$rid=1", True, id="twin answers"),
        pytest.param("devices/d/modules/m/#", "devices/d/modules/m/inputs/in/a=b", True, id=".NET's filter"),
        pytest.param("devices/d/modules/m/#", "devices/d/modules/mm/inputs/in/", False, id="another module"),
        pytest.param("a/b", "a/B", False, id="case matters"),
    ],
)
def test_matches(pattern, topic, expected):
    assert matches(pattern, topic) is expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("#", True),
        ("a/#", True),
        ("+", True),
        ("+/a/+", True),
        ("/", True),
        ("", False),
        ("a#", False),
        ("#/a", False),
        ("a/#/b", False),
        ("a+", False),
        ("a+/#", False),
        ("a/b+/c", False),
    ],
)
def test_is_filter(pattern, expected):
    assert is_filter(pattern) is expected


levels = st.lists(st.text("ab$", max_size=3), min_size=1, max_size=5)


@given(levels)
def test_a_topic_matches_itself_and_whatever_stands_for_its_levels(parts):
    topic = "/".join(parts)
    assert matches(topic, topic)
    if not topic.startswith("$"):
        assert matches("#", topic)
        assert matches("/".join("+" for _ in parts), topic)
        assert not matches("/".join("+" for _ in [*parts, ""]), topic)
    assert matches(f"{parts[0]}/#", topic)
