from __future__ import annotations

import pytest

from doorway import Visitor, make_app, make_database, open_gate
from footfall.web.security import Door
from footfall.web.security_headers import POLICY
from footfall.web.security_table import WEBSOCKET, Needs
from servers.clock import SetClock

BRIEF = (
    "default-src 'self'; img-src 'self' blob: data:; connect-src 'self'; style-src 'self'; script-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
ALWAYS = {
    "content-security-policy": BRIEF,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    gate = open_gate(make_database(tmp_path_factory.mktemp("empty")), tmp_path_factory.mktemp("gate"), SetClock())
    yield gate
    gate._engine.dispose()


def visit(app, base="https://localhost"):
    return Visitor(app, base)


@pytest.fixture(scope="module")
def app(gate):
    return make_app(gate, SetClock())


@pytest.fixture(scope="module")
def visitor(app):
    visitor = visit(app)
    yield visitor
    visitor.close()


def missing(answer):
    wrong = {name for name, value in ALWAYS.items() if answer.headers.get_list(name) != [value]}
    return wrong | ({"permissions-policy"} - answer.headers.keys()) | ({"server"} & answer.headers.keys())


def test_on_every_route(app, visitor):
    entries = [entry for entry in Needs.of(app).entries if entry.method != WEBSOCKET]
    for entry in entries:
        for method in (entry.method, "BREW"):
            answer = visitor.ask(method, entry.path)
            assert missing(answer) == set(), (method, entry.path)
            assert answer.headers["cache-control"] == "no-store", (method, entry.path)
    assert len(entries) >= 60


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/", 200, id="the page"),
        pytest.param("/assets/main-1a2b3c4d.js", 200, id="its script"),
        pytest.param("/nothing", 404, id="nothing"),
        pytest.param("/api/v1/nothing", 401, id="nothing to strangers"),
        pytest.param("/%ff", 404, id="no UTF-8"),
        pytest.param("/health/live", 200, id="alive"),
    ],
)
def test_on_answers_of_all_kinds(visitor, path, status):
    answer = visitor.ask("GET", path)

    assert (answer.status_code, missing(answer)) == (status, set())


def test_on_failures(gate):
    async def broken(*_):
        raise RuntimeError("canary")

    app = make_app(gate, SetClock())
    app.router = broken
    visitor = visit(app)
    answer = visitor.ask("GET", "/health/live")
    visitor.close()

    assert (answer.status_code, missing(answer)) == (500, set())
    assert "canary" not in answer.text


def test_the_page_may_be_kept_and_the_rest_may_not(visitor):
    assert visitor.ask("GET", "/").headers["cache-control"] == "no-cache"
    assert visitor.ask("GET", "/api/v1/setup").headers["cache-control"] == "no-store"


def test_no_inline_script_or_style_and_nothing_from_elsewhere():
    assert POLICY == BRIEF
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


@pytest.mark.parametrize(
    ("door", "expected"),
    [
        pytest.param(Door(), None, id="a self-made certificate: browsers must be able to go on"),
        pytest.param(Door(own_certificate=True), "max-age=31536000", id="the user's certificate"),
        pytest.param(Door(secure=False), None, id="no TLS"),
    ],
)
def test_whether_browsers_insist_on_tls(gate, door, expected):
    visitor = visit(make_app(gate, SetClock(), door))
    assert visitor.ask("GET", "/health/live").headers.get("strict-transport-security") == expected
    visitor.close()


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("localhost", True),
        ("LOCALHOST:8971", True),
        ("127.0.0.1:8971", True),
        ("[::1]:8971", True),
        ("192.168.1.5", True),
        ("shop.local", True),
        ("Shop.Local:443", True),
        ("evil.example", False),
        ("shop.local.evil.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("2130706433", False),
        ("", False),
        ("[", False),
        ("a b", False),
        ("shop.local@evil.example", False),
        ("127.0.0.1:8971.evil.example", False),
    ],
)
def test_names_that_are_not_ours(host, is_ours):
    assert Door(frozenset({"shop.local"})).knows(host) == is_ours


def test_a_page_that_was_bent_to_our_address_gets_nothing(app):
    visitor = visit(app, "https://evil.example")
    for path in ("/", "/health/live", "/api/v1/setup", "/api/v1/cameras"):
        answer = visitor.ask("GET", path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (421, "wrong-host")
        assert missing(answer) == set()
    visitor.close()
