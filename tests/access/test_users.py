from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from footfall.access.faults import BeyondRights, NotThere, Taken
from footfall.access.passwords import Passwords
from footfall.access.roles import Rights, Role
from footfall.access.tables import users as table
from footfall.access.users import SERVICE, Author, User, Users
from footfall.core.errors import ConfigError
from footfall.store.database import reading

WORD = "correct horse battery"
VIEWER, OPERATOR, ADMIN = (Rights(role) for role in Role)
FRONT = frozenset({"front"})
ANNA = Author("anna", ADMIN)
LOCAL = Author("lee", Rights(Role.ADMIN, FRONT))
"""An admin of one camera."""


@pytest.fixture
def users(gate):
    gate.users.add("anna", WORD, ADMIN, SERVICE)
    return gate.users


def events(gate):
    return [(entry.event, entry.author) for entry in reversed(gate.audit.entries())]


def test_an_account_and_its_life(gate, users, clock):
    made = users.add("bob", WORD, Rights(Role.VIEWER, FRONT), ANNA)
    assert made == User("bob", Rights(Role.VIEWER, FRONT), clock.now(), None, True)

    clock.t_s = 60
    assert users.by_login("bob", WORD).name == "bob"
    assert users.get("bob").last_login == clock.now()
    assert users.change("bob", Rights(Role.OPERATOR, None, True), ANNA).rights == Rights(Role.OPERATOR, None, True)
    users.remove("bob", ANNA)

    assert [user.name for user in users.all()] == ["anna"]
    assert events(gate) == [
        ("user-added", "footfall"),
        ("user-added", "anna"),
        ("user-changed", "anna"),
        ("user-removed", "anna"),
    ]


@pytest.mark.parametrize("name", ["Anna", "ANNA ", " anna", "\uff41\uff4e\uff4e\uff41", "anna"])
def test_names_that_look_alike_are_one(users, name):
    with pytest.raises(Taken):
        users.add(name, WORD, VIEWER, ANNA)
    assert users.by_login(name, WORD).name == "anna"


@pytest.mark.parametrize("name", ["", "   ", "a" * 65, "a\nb", "a\0b", "\u202egnp.exe", "\ud800", "\u200b"])
def test_what_is_no_name(users, name):
    with pytest.raises(ConfigError, match=r"\$\.name"):
        users.add(name, WORD, VIEWER, ANNA)
    assert users.by_login(name, WORD) is None
    with pytest.raises(NotThere):
        users.get(name)


def test_the_last_admin_stays(users):
    with pytest.raises(Taken, match="last admin"):
        users.remove("anna", ANNA)
    for less in (OPERATOR, Rights(Role.ADMIN, FRONT)):
        with pytest.raises(Taken, match="last admin"):
            users.change("anna", less, ANNA)
    assert users.get("anna").rights == ADMIN

    users.add("bob", WORD, ADMIN, ANNA)
    users.remove("anna", Author("bob", ADMIN))

    assert [user.name for user in users.all()] == ["bob"]


def test_an_admin_of_some_cameras_is_not_the_one_who_stays(users):
    users.add("lee", WORD, Rights(Role.ADMIN, FRONT), ANNA)

    with pytest.raises(Taken):
        users.remove("anna", ANNA)


def test_the_last_admin_may_still_be_given_real_pictures(users):
    assert users.change("anna", Rights(Role.ADMIN, None, True), ANNA).rights.real_pixels


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(VIEWER, id="all cameras"),
        pytest.param(Rights(Role.VIEWER, frozenset({"front", "back"})), id="another camera"),
        pytest.param(ADMIN, id="an admin of everything"),
    ],
)
def test_nobody_gives_more_than_they_have(users, given):
    users.add("bob", WORD, Rights(Role.VIEWER, FRONT), ANNA)
    with pytest.raises(BeyondRights):
        users.add("eve", WORD, given, LOCAL)
    with pytest.raises(BeyondRights):
        users.change("bob", given, LOCAL)


def test_nobody_touches_accounts_that_may_more(users):
    for touch in (
        lambda: users.set_password("anna", "another long password", LOCAL),
        lambda: users.remove("anna", LOCAL),
        lambda: users.change("anna", Rights(Role.VIEWER, FRONT), LOCAL),
    ):
        with pytest.raises(BeyondRights):
            touch()
    assert users.by_login("anna", WORD) is not None


def test_an_admin_of_some_cameras_gives_what_is_theirs(users):
    users.add("bob", WORD, Rights(Role.OPERATOR, FRONT), LOCAL)
    users.set_password("bob", "another long password", LOCAL)

    assert users.by_login("bob", WORD) is None
    assert users.by_login("bob", "another long password") is not None


def test_another_password_ends_sessions(gate, users):
    mine, other = gate.sessions.open("anna", ""), gate.sessions.open("anna", "")
    users.set_password("anna", "another long password", ANNA, keep_session=gate.sessions.caller(mine.secret).credential)

    assert gate.sessions.caller(mine.secret) is not None
    assert gate.sessions.caller(other.secret) is None


def test_an_account_without_password_opens_to_nobody(users):
    users.add("sso", None, VIEWER, SERVICE, subject="https://issuer 1")

    assert users.by_login("sso", "") is None
    assert users.by_login("sso", "nobody has this password") is None
    assert users.by_subject("https://issuer 1").name == "sso"
    assert users.by_subject("https://issuer 2") is None
    assert not users.get("sso").has_password


def test_old_hashes_are_made_anew_at_a_login(gate, users, clock):
    dearer = Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    later = Users(gate.users._engine, clock, gate.audit, dearer)
    assert later.by_login("anna", WORD) is not None

    assert not dearer.is_outdated(_hash_of(gate))
    assert later.by_login("anna", WORD) is not None


def _hash_of(gate):
    with reading(gate.users._engine) as connection:
        return connection.execute(select(table.c.password)).scalar_one()


@pytest.mark.parametrize("name", ["file", "FOOTFALL", "\uff46ile"])
def test_nobody_is_called_as_the_service_calls_itself(users, name):
    with pytest.raises(ConfigError, match="history"):
        users.add(name, WORD, VIEWER, ANNA)
