from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from footfall.access.faults import NotThere, Taken, WrongLogin
from footfall.access.gate import Gate
from footfall.access.limits import TooMany
from footfall.access.passwords import Passwords
from footfall.access.roles import Rights, Role
from footfall.core.errors import ConfigError
from footfall.store.database import open_database

WORD = "correct horse battery"
HOME, AWAY = "192.0.2.1", "198.51.100.1"


@pytest.fixture
def anna(gate):
    entry = gate.set_up(gate.new_setup_link(), "anna", WORD, HOME)
    return gate.by_session(entry.session.secret)


def test_the_first_start(gate):
    assert gate.needs_setup()
    link = gate.new_setup_link()
    entry = gate.set_up(link, "anna", WORD, HOME)

    assert entry.user.rights == Rights(Role.ADMIN)
    assert not gate.needs_setup()
    assert gate.by_session(entry.session.secret).name == "anna"
    with pytest.raises(Taken):
        gate.set_up(link, "eve", WORD, AWAY)
    with pytest.raises(Taken):
        gate.new_setup_link()


def test_two_installations_differ(gate, tmp_path, clock):
    (tmp_path / "other").mkdir()
    engine = open_database(tmp_path / "other" / "own.sqlite", "own")
    other = Gate(engine, tmp_path / "other", clock, Passwords(PasswordHasher(1, 8, 1)))
    link = gate.new_setup_link()
    other.new_setup_link()

    with pytest.raises(WrongLogin):
        other.set_up(link, "eve", WORD, AWAY)
    engine.dispose()


@pytest.mark.parametrize(
    ("spoil", "after_h"),
    [
        pytest.param(lambda link: link, 24, id="a day old"),
        pytest.param(lambda link: link[:-1], 0, id="cut off"),
        pytest.param(lambda _: "", 0, id="empty"),
        pytest.param(lambda _: "\ud800", 0, id="half a character"),
    ],
)
def test_links_that_do_not_open(gate, clock, spoil, after_h):
    link = gate.new_setup_link()
    clock.t_s = after_h * 3600

    with pytest.raises(WrongLogin):
        gate.set_up(spoil(link), "eve", WORD, AWAY)
    assert gate.needs_setup()


def test_a_new_link_ends_the_one_before(gate):
    old, new = gate.new_setup_link(), gate.new_setup_link()
    with pytest.raises(WrongLogin):
        gate.set_up(old, "eve", WORD, AWAY)

    assert gate.set_up(new, "anna", WORD, HOME).user.name == "anna"


def test_a_password_that_does_not_do_leaves_the_link_as_it_is(gate):
    link = gate.new_setup_link()
    with pytest.raises(ConfigError):
        gate.set_up(link, "anna", "short", HOME)

    assert gate.set_up(link, "anna", WORD, HOME).user.name == "anna"


def test_nobody_tries_links_for_ever(gate, clock):
    gate.new_setup_link()
    for clock.t_s in range(0, 10, 2):
        with pytest.raises(WrongLogin):
            gate.set_up("no link", "eve", WORD, AWAY)
    with pytest.raises(TooMany):
        gate.set_up("no link", "eve", WORD, AWAY)


def test_without_a_link_there_is_no_way_in(gate):
    with pytest.raises(WrongLogin):
        gate.set_up("", "eve", WORD, AWAY)


def test_in_and_out(gate, anna):
    caller = gate.by_session(gate.log_in("Anna", WORD, HOME).session.secret)
    gate.log_out(caller)

    with pytest.raises(NotThere):
        gate.log_out(caller)
    events = [entry.event for entry in gate.audit.entries(limit=2)]
    assert events == ["logout", "login"]


@pytest.mark.parametrize(
    ("name", "password"),
    [
        pytest.param("anna", "another horse battery", id="another password"),
        pytest.param("anna", "", id="no password"),
        pytest.param("nobody", WORD, id="nobody's name"),
        pytest.param("", "", id="nothing"),
        pytest.param("anna' --", WORD, id="SQL"),
        pytest.param("anna", WORD + "\0", id="a NUL behind"),
    ],
)
def test_wrong_logins_sound_the_same(gate, anna, name, password):
    with pytest.raises(WrongLogin, match=r"^name or password is wrong$"):
        gate.log_in(name, password, AWAY)


def test_what_nobody_is_called_is_not_written_down(gate, anna, clock):
    for clock.t_s, name in ((2, WORD), (4, "ANNA")):
        with pytest.raises(WrongLogin):
            gate.log_in(name, "wrong", AWAY)

    known, unknown = gate.audit.entries(limit=2)
    assert (unknown.event, unknown.author, unknown.what) == ("login-failed", "", {"address": AWAY})
    assert known.author == "anna"


def test_too_many_attempts_are_refused_even_with_the_right_password(gate, anna, clock):
    for clock.t_s in range(0, 10, 2):
        with pytest.raises(WrongLogin):
            gate.log_in("anna", "wrong", AWAY)
    with pytest.raises(TooMany) as caught:
        gate.log_in("anna", WORD, AWAY)
    assert caught.value.retry_after_s == 52

    clock.t_s = 61
    assert gate.log_in("anna", WORD, AWAY)


def test_whoever_has_been_here_comes_in_while_others_guess(gate, anna, clock):
    device = gate.log_in("anna", WORD, HOME).device
    for clock.t_s in range(0, 3600, 60):
        with pytest.raises((WrongLogin, TooMany)):
            gate.log_in("anna", "wrong", f"198.51.100.{clock.t_s % 200}")
    with pytest.raises(TooMany):
        gate.log_in("anna", WORD, HOME)

    assert gate.log_in("anna", WORD, HOME, device).device == device


def test_ones_own_password(gate, anna, clock):
    other = gate.log_in("anna", WORD, AWAY).session.secret
    gate.change_password(anna, WORD, "another horse battery", HOME)

    assert gate.by_session(other) is None
    assert gate.audit.entries(limit=1)[0].author == "anna"
    with pytest.raises(WrongLogin):
        gate.log_in("anna", WORD, AWAY)
    clock.t_s = 2
    with pytest.raises(WrongLogin):
        gate.change_password(anna, WORD, "yet another battery", HOME)
    clock.t_s = 4
    with pytest.raises(ConfigError):
        gate.change_password(anna, "another horse battery", "short", HOME)


def test_wrong_tokens_are_stopped_and_right_ones_are_not(gate, anna, clock):
    made = gate.tokens.make("till", Rights(Role.VIEWER), anna)
    for clock.t_s in range(0, 10, 2):
        assert gate.by_token("ffp_wrong", AWAY) is None
    with pytest.raises(TooMany):
        gate.by_token("ffp_wrong", AWAY)

    assert gate.by_token(made.secret, AWAY).label == "till"
    assert sum(entry.event == "token-refused" for entry in gate.audit.entries()) == 5


def test_a_restart_forgets_nobody(gate, anna, tmp_path, clock):
    entry = gate.log_in("anna", WORD, HOME)
    engine = open_database(tmp_path / "own.sqlite", "own")
    again = Gate(engine, tmp_path, clock, Passwords(PasswordHasher(1, 8, 1)))

    assert again.by_session(entry.session.secret).name == "anna"
    assert again.log_in("anna", WORD, AWAY, entry.device).device == entry.device
    assert not again.audit.verify()
    engine.dispose()
