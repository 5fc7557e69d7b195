from __future__ import annotations

import pytest

from doorway import Visitor, add_user, make_app, make_database, open_gate
from footfall.store.faults import StoreUnavailable
from footfall.web.app import described
from footfall.web.security_events import EVENTS, TOLD_ELSEWHERE, WITHOUT_EFFECT
from servers.clock import SetClock


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    gate = open_gate(make_database(tmp_path_factory.mktemp("empty")), tmp_path_factory.mktemp("gate"), SetClock())
    add_user(gate, "anna")
    yield gate
    gate._engine.dispose()


@pytest.fixture(scope="module")
def anna(gate):
    visitor = Visitor(make_app(gate, SetClock()))
    visitor.log_in("anna")
    yield visitor
    visitor.close()


def test_whatever_changes_something_is_written_down_somewhere():
    changing = {
        (method.upper(), path)
        for path, operations in described()["paths"].items()
        for method in operations
        if method != "get"
    }
    known = [EVENTS.keys(), TOLD_ELSEWHERE, WITHOUT_EFFECT]

    assert changing - set().union(*known) == set()
    assert sum(map(len, known)) == len(set().union(*known))


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "event", "what"),
    [
        pytest.param(
            "POST", "places/shop/anchor", {"people": 7}, {}, "anchor-set", {"place": "shop"}, id="somebody has counted"
        ),
        pytest.param(
            "DELETE", "cameras/T%C3%BCr%201%2F2%20%E2%98%82", None, {}, "camera-removed",
            {"camera": "Tür 1/2 ☂"}, id="a camera goes",
        ),
    ],
)  # fmt: skip
def test_what_was_done(gate, anna, method, path, body, headers, event, what):
    answer = anna.ask(method, f"/api/v1/{path}", body, headers=headers)
    assert answer.status_code < 300, answer.text
    entry = gate.audit.entries(limit=1)[0]

    assert (entry.event, entry.author, entry.what) == (event, "anna", {**what, "address": "192.0.2.1"})


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        pytest.param("POST", "places/nowhere/anchor", {"people": 7}, id="no such place"),
        pytest.param("POST", "places/shop/anchor", {"people": "many"}, id="no number"),
        pytest.param("PUT", "config", {"text": "x"}, id="without a version"),
        pytest.param("GET", "config", None, id="only looked at"),
    ],
)
def test_what_was_not_done(gate, anna, method, path, body):
    before = gate.audit.entries(limit=1)
    anna.ask(method, f"/api/v1/{path}", body)

    assert gate.audit.entries(limit=1) == before


def test_a_log_that_cannot_be_written_is_told(gate, anna, tmp_path, caplog, monkeypatch):
    def full(*_):
        raise StoreUnavailable("storage", "the disk is full")

    monkeypatch.setattr(gate.audit, "record", full)
    assert anna.ask("POST", "/api/v1/places/shop/anchor", {"people": 7}).status_code < 300

    assert "anchor-set by anna is not in the audit log" in caplog.text
