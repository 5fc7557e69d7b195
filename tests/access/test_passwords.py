from __future__ import annotations

import unicodedata

import pytest
from argon2 import PasswordHasher

from footfall.access.passwords import LONGEST, Passwords, require_fit
from footfall.core.errors import ConfigError

CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("twelve chars", id="twelve characters"),
        pytest.param("correct horse battery staple", id="a few words"),
        pytest.param("aaaaaaaaaaaa", id="no rules of composition"),
        pytest.param("пароль и ещё", id="any script"),
        pytest.param("🔑" * 12, id="any characters"),
        pytest.param("x" * LONGEST, id="as long as can be"),
        pytest.param("anna likes her horses", id="the name and much else"),
    ],
)
def test_fit(password):
    require_fit(password, "anna")

    assert CHEAP.check(password, CHEAP.hash(password))


@pytest.mark.parametrize(
    ("password", "what"),
    [
        pytest.param("", "characters", id="none"),
        pytest.param("elevenchars", "characters", id="eleven characters"),
        pytest.param("x" * (LONGEST + 1), "characters", id="endless"),
        pytest.param("bartholomew1", "little else", id="the name and a digit"),
        pytest.param("BARTHOLOMEWbartholomew", "little else", id="the name, twice and loud"),
    ],
)
def test_unfit(password, what):
    with pytest.raises(ConfigError, match=what) as caught:
        require_fit(password, "bartholomew")

    assert not password or password not in str(caught.value)


def test_only_the_same_password_opens():
    made = CHEAP.hash("correct horse battery")

    assert not CHEAP.check("correct horse batterz", made)
    assert not CHEAP.check("", made)
    assert not CHEAP.check("correct horse battery", None)
    assert not CHEAP.check("correct horse battery", "no hash at all")
    assert "correct" not in made


def test_keyboards_differ_in_how_they_write_an_umlaut():
    assert CHEAP.check(unicodedata.normalize("NFD", "Schlüsselblüte"), CHEAP.hash("Schlüsselblüte"))


def test_half_a_character_is_no_crash():
    assert not CHEAP.check("\ud800" * 12, CHEAP.hash("correct horse battery"))


def test_a_name_that_nobody_has_takes_no_password():
    assert not CHEAP.check("nobody has this password", None)


def test_what_is_hashed_has_the_parameters_of_rfc_9106():
    made = Passwords().hash("correct horse battery")

    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert Passwords().is_outdated(CHEAP.hash("correct horse battery"))
    assert not Passwords().is_outdated(made)
