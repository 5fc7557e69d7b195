from __future__ import annotations

from datetime import timedelta

import pytest

from footfall.access.faults import BeyondRights, NotThere
from footfall.access.roles import Caller, Kind, Rights, Role
from footfall.access.users import SERVICE
from footfall.core.errors import ConfigError

FRONT = frozenset({"front"})
VIEWER = Rights(Role.VIEWER, FRONT)


@pytest.fixture
def anna(gate):
    gate.users.add("anna", "correct horse battery", Rights(Role.ADMIN), SERVICE)
    gate.users.add("bob", "correct horse battery", Rights(Role.ADMIN, None, True), SERVICE)
    return gate.sessions.caller(gate.sessions.open("anna", "").secret)


def test_a_token_and_its_life(gate, anna, clock):
    made = gate.tokens.make("till", VIEWER, anna, clock.now() + timedelta(days=1))
    assert made.secret.startswith("ffp_")
    assert len(made.secret) >= 4 + 43
    assert made.secret.startswith(made.token.prefix)
    assert made.token.used is None
    assert made.secret not in repr(made) + repr(gate.tokens.all())

    clock.t_s = 60
    caller = gate.tokens.caller(made.secret)
    assert (caller.name, caller.rights, caller.kind, caller.label) == ("anna", VIEWER, Kind.TOKEN, "till")
    assert gate.tokens.get(made.token.id).used == clock.now()

    clock.t_s = 86400
    assert gate.tokens.caller(made.secret) is None
    assert gate.tokens.all() == []


def test_one_token_follows_another_without_a_gap(gate, anna):
    old = gate.tokens.make("till", VIEWER, anna)
    new = gate.tokens.make("till", VIEWER, anna)
    calls = [gate.tokens.caller(one.secret) for one in (old, new, old, new)]
    gate.tokens.remove(old.token.id, "anna")

    assert all(calls)
    assert gate.tokens.caller(old.secret) is None
    assert gate.tokens.caller(new.secret) is not None


@pytest.mark.parametrize(
    ("maker", "wanted"),
    [
        pytest.param(VIEWER, Rights(Role.OPERATOR, FRONT), id="a higher role"),
        pytest.param(VIEWER, Rights(Role.VIEWER), id="all cameras"),
        pytest.param(Rights(Role.ADMIN), Rights(Role.VIEWER, FRONT, True), id="real pictures"),
    ],
)
def test_never_more_than_its_maker(gate, anna, maker, wanted):
    with pytest.raises(BeyondRights):
        gate.tokens.make("till", wanted, Caller("anna", maker, Kind.TOKEN, "1"))


def test_it_shrinks_with_its_maker_and_dies_with_it(gate, anna):
    bob = gate.sessions.caller(gate.sessions.open("bob", "").secret)
    made = gate.tokens.make("till", Rights(Role.OPERATOR, None, True), bob)
    gate.users.change("bob", Rights(Role.VIEWER, FRONT), SERVICE)

    assert gate.tokens.caller(made.secret).rights == VIEWER
    assert gate.tokens.all()[0].rights == VIEWER
    gate.users.remove("bob", SERVICE)
    assert gate.tokens.caller(made.secret) is None
    assert gate.tokens.all() == []


@pytest.mark.parametrize("token", ["", "ffp_", "ffp_" + "a" * 43, "\ud800", "\0", "ffp_' OR ''='"])
def test_tokens_that_nobody_made(gate, anna, token):
    gate.tokens.make("till", VIEWER, anna)
    assert gate.tokens.caller(token) is None


@pytest.mark.parametrize(("label", "ends_s"), [("", 1), ("a" * 65, 1), ("till", 0), ("till", -1)])
def test_what_is_no_token(gate, anna, clock, label, ends_s):
    with pytest.raises(ConfigError):
        gate.tokens.make(label, VIEWER, anna, clock.now() + timedelta(seconds=ends_s))


def test_a_token_that_is_not_there(gate, anna):
    for ask in (gate.tokens.get, lambda token: gate.tokens.remove(token, "anna")):
        with pytest.raises(NotThere):
            ask("0011223344556677")


def test_making_and_removing_is_in_the_log(gate, anna):
    made = gate.tokens.make("till", VIEWER, anna)
    gate.tokens.remove(made.token.id, "anna")

    removed, added = gate.audit.entries(limit=2)
    assert (added.event, added.what["label"], added.what["cameras"]) == ("token-made", "till", ["front"])
    assert (removed.event, removed.what["id"]) == ("token-removed", made.token.id)
