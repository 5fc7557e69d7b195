from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from footfall.access.roles import Caller, Kind, Rights, Role
from footfall.web.security_body import DEEPEST, STRANGERS_BYTES, Bodies, depth
from footfall.web.security_needs import CALLER_KEY

CALLER = Caller("anna", Rights(Role.VIEWER), Kind.SESSION, "1")
LARGEST = 100_000


def post(parts, headers=(), caller=CALLER):
    """Status, and how many parts were taken before it."""
    waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})
    told, taken = [], []

    async def receive():
        taken.append(1)
        return waiting.pop(0)

    async def send(message):
        told.append(message)

    async def app(scope, receive, send):
        body = await Request(scope, receive).body()
        assert body == b"".join(parts)
        await Response(status_code=204)(scope, receive, send)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": list(headers), "state": {CALLER_KEY: caller}}
    asyncio.run(Bodies(app, LARGEST)(scope, receive, send))
    return told[0]["status"], len(taken)


@pytest.mark.parametrize(
    ("parts", "headers", "caller", "expected"),
    [
        pytest.param([], [], CALLER, (204, 1), id="none"),
        pytest.param([b"x" * LARGEST], [], CALLER, (204, 2), id="as large as may be"),
        pytest.param([b"x" * LARGEST, b"y"], [], CALLER, (413, 2), id="one byte more"),
        pytest.param([b"x" * 30_000] * 99, [], CALLER, (413, 4), id="much more, bit by bit: the rest is not read"),
        pytest.param([b"x"], [(b"content-length", b"100001")], CALLER, (413, 0), id="announced: nothing is read"),
        pytest.param([b"x"], [(b"content-length", b"9" * 5000)], CALLER, (413, 0), id="announced beyond reason"),
        pytest.param([b"x"], [(b"content-length", b"-5")], CALLER, (204, 2), id="announced nonsense"),
        pytest.param([b"x" * STRANGERS_BYTES], [], None, (204, 2), id="a stranger's login"),
        pytest.param([b"x" * (STRANGERS_BYTES + 1)], [], None, (413, 1), id="a stranger's novel"),
        pytest.param([b"[" * DEEPEST], [], CALLER, (204, 2), id="deep"),
        pytest.param([b"[" * (DEEPEST + 1)], [], CALLER, (400, 2), id="too deep"),
        pytest.param([b'{"a":' * 40, b"[" * 40], [], CALLER, (400, 3), id="too deep in two parts"),
    ],
)
def test_sizes(parts, headers, caller, expected):
    assert post(parts, headers, caller) == expected


def test_a_client_that_goes_away_is_told_to_the_app():
    told = []

    async def receive():
        return {"type": "http.disconnect"}

    async def app(scope, receive, send):
        told.append(await receive())

    asyncio.run(Bodies(app, LARGEST)({"type": "http", "headers": [], "state": {}}, receive, None))

    assert told == [{"type": "http.disconnect"}]


def test_sockets_have_no_body():
    told = []

    async def app(scope, receive, send):
        told.append(scope["type"])

    asyncio.run(Bodies(app, LARGEST)({"type": "websocket"}, None, None))

    assert told == ["websocket"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", 0),
        (b"1", 0),
        (b"[]", 1),
        (b'{"a": [1, {"b": 2}]}', 3),
        (b"[][][]", 1),
        (b'"[[[["', 0),
        (rb'"a\"[[["', 0),
        (rb'"a\\"[[', 2),
        (b'"open [[', 2),
        (b"]]]][", 1),
        ("\u2028[".encode(), 1),
        (b"[" * 10_000, DEEPEST + 1),
    ],
)
def test_depth(text, expected):
    assert depth(text) == expected


documents = st.recursive(
    st.none() | st.text() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=30,
)


@given(documents, st.booleans())
def test_depth_of_real_documents(document, is_ascii):
    assert depth(json.dumps(document, ensure_ascii=is_ascii).encode("utf-8", "replace")) == _deep(document)


def _deep(value):
    if isinstance(value, dict):
        return 1 + max(map(_deep, value.values()), default=0)
    return 1 + max(map(_deep, value), default=0) if isinstance(value, list) else 0
