from __future__ import annotations

import stat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from footfall.access.faults import NotThere
from footfall.access.secrets import Damaged, Secrets
from footfall.access.tables import secrets as table
from footfall.core.errors import ConfigError


@pytest.fixture
def secrets(gate):
    return gate.secrets


@pytest.fixture
def key(tmp_path, gate):
    return tmp_path / "keys" / "service-key"


def change(gate, statement):
    with gate._engine.begin() as connection:
        connection.execute(text(statement))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")), st.text())
def test_what_is_kept_comes_back(secrets, name, value):
    secrets.keep(name, value)
    assert secrets.open(name) == value


def test_kept_replaced_listed_forgotten(secrets):
    secrets.keep("CAMERA", "old")
    secrets.keep("CAMERA", "new")
    secrets.keep("HOOK", "x")
    assert secrets.open("CAMERA") == "new"
    assert [name for name in secrets.names() if ":" not in name] == ["CAMERA", "HOOK"]

    secrets.forget("CAMERA")
    secrets.forget("CAMERA")

    with pytest.raises(NotThere):
        secrets.open("CAMERA")


@pytest.mark.parametrize("column", ["sealed", "nonce", "wrapped"])
def test_a_flipped_bit_is_found(secrets, gate, column):
    secrets.keep("CAMERA", "canary")
    is_it = table.c.name == "CAMERA"
    with gate._engine.begin() as connection:
        value = bytearray(connection.execute(select(table.c[column]).where(is_it)).scalar_one())
        value[0] ^= 1
        connection.execute(table.update().where(is_it).values({column: bytes(value)}))

    with pytest.raises(Damaged) as caught:
        secrets.open("CAMERA")
    assert "canary" not in str(caught.value)


def test_no_secret_can_take_anothers_place(secrets, gate):
    secrets.keep("WEAK", "everybody knows")
    change(gate, "UPDATE secrets SET name = 'STRONG' WHERE name = 'WEAK'")

    with pytest.raises(Damaged):
        secrets.open("STRONG")


def test_every_secret_has_a_key_of_its_own(secrets, gate):
    for name in "abc":
        secrets.keep(name, "the same")
    with gate._engine.begin() as connection:
        rows = connection.execute(text("SELECT wrapped, nonce, sealed FROM secrets WHERE length(name) = 1")).all()

    assert all(len(set(column)) == 3 for column in zip(*rows, strict=True))


def test_another_service_key_changes_no_sealed_secret(secrets, gate, key):
    secrets.keep("CAMERA", "canary")
    sealed, old = _sealed(gate), key.read_text()

    assert secrets.rotate("anna") == 2

    assert key.read_text() != old
    assert key.read_text().count("\n") == 1
    assert _sealed(gate)[0] == sealed[0]
    assert _sealed(gate)[1] != sealed[1]
    assert secrets.open("CAMERA") == "canary"
    entry = gate.audit.entries(limit=1)[0]
    assert (entry.event, entry.author, entry.what) == ("key-rotated", "anna", {"secrets": 2})


def test_a_crash_while_keys_change_loses_nothing(secrets, gate, key, tmp_path):
    secrets.keep("CAMERA", "canary")
    old = key.read_text()
    secrets.rotate("anna")
    new = key.read_text()
    for text_ in (new + old, new):
        key.unlink()
        key.write_text(text_)
        assert Secrets(gate._engine, tmp_path / "keys", gate.audit).open("CAMERA") == "canary"


def test_a_secret_that_does_not_open_stops_the_change_of_keys(secrets, gate, key):
    secrets.keep("CAMERA", "canary")
    change(gate, "UPDATE secrets SET wrapped = zeroblob(40) WHERE name = 'CAMERA'")
    with pytest.raises(Damaged):
        secrets.rotate("anna")

    secrets.keep("OTHER", "fine")
    assert secrets.open("OTHER") == "fine"


def test_the_key_of_another_service_opens_nothing(secrets, gate, key, tmp_path):
    secrets.keep("CAMERA", "canary")
    key.unlink()
    key.write_text("00" * 32)

    with pytest.raises(Damaged):
        Secrets(gate._engine, tmp_path / "keys", gate.audit).open("CAMERA")


def test_the_key_is_for_the_service_alone(gate, key, tmp_path):
    assert stat.S_IMODE(key.stat().st_mode) == 0o400
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700

    key.chmod(0o644)
    Secrets(gate._engine, tmp_path / "keys", gate.audit)

    assert stat.S_IMODE(key.stat().st_mode) == 0o400


@pytest.mark.parametrize("content", ["", "nonsense", "00" * 31, "ÿ"])
def test_a_file_that_holds_no_key(gate, key, tmp_path, content):
    key.chmod(0o600)
    key.write_text(content)

    with pytest.raises(ConfigError, match="holds no key"):
        Secrets(gate._engine, tmp_path / "keys", gate.audit)


def test_a_key_that_cannot_be_made(gate, tmp_path):
    (tmp_path / "a file").touch()
    with pytest.raises(ConfigError, match="cannot be used"):
        Secrets(gate._engine, tmp_path / "a file", gate.audit)


def _sealed(gate):
    with gate._engine.begin() as connection:
        return connection.execute(text("SELECT sealed, wrapped FROM secrets WHERE name = 'CAMERA'")).one()
