"""Lines of the event log: whatever a module sends comes back as it was."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.edge.topics import Identity
from footfall.hub.messages import HubMessage
from footfall.hub.record import line_of, message_of

TIME = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)


def message(body: bytes, **changes: object) -> HubMessage:
    parts = {"sender": Identity("dev1", "mod1"), "output": "out", "system": {}, "properties": {}, "id": "m1"} | changes
    return HubMessage(body=body, time=TIME, **parts)


def test_a_line_is_for_people_and_for_tools():
    sent = message(b'{"a":1}', system={"$.ct": "application/json"}, properties={"topic": "/x", "null": None})
    assert line_of(sent) == (
        b'{"time":"2026-01-02T03:04:05.678000Z","device":"dev1","module":"mod1","output":"out","id":"m1",'
        b'"properties":{"topic":"/x","null":null},"system":{"$.ct":"application/json"},"body":{"a":1}}\n'
    )


@pytest.mark.parametrize(
    ("body", "encoding", "shown"),
    [
        pytest.param(b'{"a": [1,\r\n2]}', None, {"a": [1, 2]}, id="line breaks are blanks"),
        pytest.param(b'{"a":1.0,"a":2}', None, {"a": 2}, id="JSON as it came"),
        pytest.param(b"17", None, 17, id="a number"),
        pytest.param(b"hello\nyou", "text", "hello\nyou", id="text"),
        pytest.param(b"", "text", "", id="nothing"),
        pytest.param(b"NaN", "text", "NaN", id="not quite JSON"),
        pytest.param(b"[" * 5000, "text", "[" * 5000, id="nested too deeply to be read"),
        pytest.param(b"\xff\xfe", "base64", "//4=", id="bytes"),
        pytest.param('"\u2028\x85é"'.encode(), None, "\u2028\x85é", id="other line breaks stay in the line"),
    ],
)
def test_bodies(body, encoding, shown):
    line = line_of(message(body))
    assert line.count(b"\n") == 1
    read = json.loads(line)
    assert (read.get("encoding"), read["body"]) == (encoding, shown)


def test_messages_of_devices_and_without_a_route():
    line = line_of(message(b"{}", sender=Identity("dev1"), output=""), unrouted=True)
    assert "module" not in json.loads(line)
    read, unrouted = message_of(line)
    assert (read.sender, read.output, unrouted) == (Identity("dev1"), "", True)


words = st.text(max_size=20)
bags = st.dictionaries(words, st.none() | words, max_size=5)


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode), words, bags, bags)
def test_a_message_reads_back(body, output, system, properties):
    sent = message(body, output=output, system=system, properties=properties)
    read, unrouted = message_of(line_of(sent)[:-1])
    assert not unrouted
    if body.translate(None, b"\r\n") == body:
        assert read == sent
    else:
        assert read.body.translate(None, b"\r\n ") == body.translate(None, b"\r\n ")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | words, lambda inner: st.lists(inner) | st.dictionaries(words, inner)
    )
)
def test_json_stands_in_the_line_as_json(value):
    line = line_of(message(json.dumps(value, indent=1).encode()))
    assert json.loads(line)["body"] == value


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b'{"time":"x"}', line_of(message(b"x"))[:-9], b"\xff"])
def test_other_lines_are_refused(line):
    with pytest.raises(ValueError, match=r"."):
        message_of(line)


def test_an_encoding_of_the_future_is_refused():
    line = line_of(message(b"x")).replace(b'"text"', b'"gzip"')
    with pytest.raises(ValueError, match="gzip"):
        message_of(line)
