from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from doorway import open_gate
from footfall.access.faults import NotThere
from footfall.access.roles import Kind, Rights, Role
from footfall.access.users import SERVICE
from footfall.engine.clock import SystemClock

HOUR = 3600
WORD = "correct horse battery"


@pytest.fixture
def sessions(gate):
    gate.users.add("anna", WORD, Rights(Role.OPERATOR), SERVICE)
    gate.users.add("bob", WORD, Rights(Role.ADMIN), SERVICE)
    return gate.sessions


@pytest.mark.parametrize(
    ("used_at_h", "asked_at_h", "is_open"),
    [
        pytest.param([], 1.9, True, id="a short while"),
        pytest.param([], 2.1, False, id="nobody used it for two hours"),
        pytest.param([1.5, 3, 4.5], 6, True, id="used again and again"),
        pytest.param([x * 1.5 for x in range(1, 16)], 23.9, True, id="a whole day"),
        pytest.param([x * 1.5 for x in range(1, 16)], 24.0, False, id="never more than a day"),
        pytest.param([], -25, False, id="the clock was set back by more than its life"),
    ],
)
def test_how_long_a_session_lasts(sessions, clock, used_at_h, asked_at_h, is_open):
    opened = sessions.open("anna", "192.0.2.1")
    for hour in used_at_h:
        clock.t_s = hour * HOUR
        assert sessions.caller(opened.secret) is not None
    clock.t_s = asked_at_h * HOUR

    assert (sessions.caller(opened.secret) is not None) == is_open


def test_who_it_is(sessions, clock):
    opened = sessions.open("ANNA", "192.0.2.1")
    caller = sessions.caller(opened.secret)

    assert (caller.name, caller.role, caller.kind, caller.csrf) == ("anna", Role.OPERATOR, Kind.SESSION, opened.csrf)
    assert opened.secret not in repr(opened) + repr(caller) + repr(sessions.of("anna"))
    assert opened.csrf not in repr(opened)
    assert opened.csrf != opened.secret
    assert len(opened.secret) >= 43


@pytest.mark.parametrize("cookie", ["", "x", "\ud800", "a" * 43, "' OR 1=1 --", "\0"])
def test_cookies_that_nobody_gave(sessions, cookie):
    sessions.open("anna", "")
    assert sessions.caller(cookie) is None


def test_neither_the_id_nor_the_csrf_opens_anything(sessions):
    opened = sessions.open("anna", "")
    caller = sessions.caller(opened.secret)

    assert sessions.caller(caller.credential) is None
    assert sessions.caller(opened.csrf) is None


def test_rights_hold_from_the_next_request_on(gate, sessions):
    opened = sessions.open("anna", "")
    gate.users.change("anna", Rights(Role.VIEWER, frozenset({"front"})), SERVICE)

    assert sessions.caller(opened.secret).rights == Rights(Role.VIEWER, frozenset({"front"}))
    gate.users.remove("anna", SERVICE)
    assert sessions.caller(opened.secret) is None


def test_sessions_are_listed_and_ended(sessions, clock):
    first, clock.t_s = sessions.open("anna", "192.0.2.1"), 10
    second = sessions.open("anna", "192.0.2.2")
    other = sessions.open("bob", "192.0.2.3")
    newest, oldest = sessions.of("anna")
    assert [newest.address, oldest.address] == ["192.0.2.2", "192.0.2.1"]
    assert sessions.get(newest.id) == newest

    sessions.end("anna", oldest.id)

    assert sessions.caller(first.secret) is None
    assert sessions.caller(second.secret) is not None
    for name, session in (("anna", oldest.id), ("anna", sessions.of("bob")[0].id), ("nobody", newest.id)):
        with pytest.raises(NotThere):
            sessions.end(name, session)
    with pytest.raises(NotThere):
        sessions.get(oldest.id)
    assert sessions.caller(other.secret) is not None


def test_those_that_have_ended_are_forgotten(sessions, clock):
    sessions.open("anna", "")
    clock.t_s = 3 * HOUR
    sessions.open("anna", "")

    assert len(sessions.of("anna")) == 1


def test_nobody_without_an_account_gets_one(sessions):
    with pytest.raises(NotThere):
        sessions.open("nobody", "")


def test_who_comes_in_at_the_same_moment_puts_nobody_out(tmp_path, empty_database):
    """Whoever waits for the database is dated when it is their turn."""
    gate = open_gate(empty_database, tmp_path, SystemClock())
    gate.users.add("anna", WORD, Rights(Role.OPERATOR), SERVICE)
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda number: gate.sessions.open("anna", f"192.0.2.{number}"), range(64)))

    assert all(gate.sessions.caller(one.secret) is not None for one in opened)
    gate._engine.dispose()
