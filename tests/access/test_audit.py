from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from footfall.access.audit import Audit, verify_audit
from footfall.core.errors import ConfigError

ENTRIES = [
    ("login", "anna", {"address": "192.0.2.1"}),
    ("user-added", "anna", {"user": "bob", "role": "viewer", "cameras": "*", "real_pixels": False}),
    ("login-failed", "bob", {"address": "198.51.100.1"}),
    ("real-pixels-opened", "anna", {"camera": "Tür ☂", "path": "/x"}),
    ("logout", "anna", {}),
]


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def audit(gate):
    for event, author, what in ENTRIES:
        gate.audit.record(event, author, what)
    return gate.audit


def change(gate, *statements):
    """What somebody does who may write the database."""
    with gate._engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_entries_come_back_newest_first(audit, clock):
    newest, *others = audit.entries()

    assert (newest.number, newest.at, newest.event, newest.author) == (5, clock.now(), "logout", "anna")
    assert [entry.number for entry in others] == [4, 3, 2, 1]
    assert others[0].what == {"camera": "Tür ☂", "path": "/x"}
    assert [entry.number for entry in audit.entries(before=4, limit=2)] == [3, 2]
    assert audit.entries(before=1) == []


def test_a_whole_log_has_no_findings(audit, folder):
    assert audit.verify() == []
    assert verify_audit(folder) == []


@pytest.mark.parametrize(
    ("tamper", "number", "what"),
    [
        pytest.param(["UPDATE audit SET author = 'eve' WHERE number = 1"], 1, "does not fit", id="another author"),
        pytest.param(["UPDATE audit SET event = 'logout' WHERE number = 3"], 3, "does not fit", id="another event"),
        pytest.param(["UPDATE audit SET what = '{}' WHERE number = 4"], 4, "does not fit", id="other details"),
        pytest.param(["UPDATE audit SET utc_us = utc_us + 1 WHERE number = 2"], 2, "does not fit", id="another time"),
        pytest.param(["UPDATE audit SET hash = zeroblob(32) WHERE number = 2"], 2, "does not fit", id="another hash"),
        pytest.param(["DELETE FROM audit WHERE number = 1"], 1, "are missing", id="the first is gone"),
        pytest.param(["DELETE FROM audit WHERE number IN (2, 3)"], 2, "2 to 3 are missing", id="some are gone"),
        pytest.param(["DELETE FROM audit WHERE number = 5"], 5, "5 to 5 were cut off", id="the last is gone"),
        pytest.param(["DELETE FROM audit"], 1, "1 to 5 were cut off", id="all are gone"),
        pytest.param(
            [
                "UPDATE audit SET number = 99 WHERE number = 2",
                "UPDATE audit SET number = 2 WHERE number = 3",
                "UPDATE audit SET number = 3 WHERE number = 99",
            ],
            2,
            "does not fit",
            id="two have changed places",
        ),
        pytest.param(
            ["DELETE FROM audit WHERE number = 1", "UPDATE audit SET number = number - 1"],
            1,
            "does not fit",
            id="the first is gone and the others moved up",
        ),
        pytest.param(
            ["INSERT INTO audit SELECT 6, utc_us, event, author, what, hash FROM audit WHERE number = 5"],
            6,
            "does not fit",
            id="one was put in",
        ),
    ],
)
def test_whatever_is_done_to_it_is_found(audit, gate, folder, tamper, number, what):
    change(gate, *tamper)

    for findings in (audit.verify(), verify_audit(folder)):
        assert findings[0].number == number
        assert what in findings[0].what


def test_a_chain_that_was_made_anew_is_found_by_its_head(audit, gate, folder, clock):
    head = (folder / "keys" / "audit-head").read_bytes()
    change(gate, "DELETE FROM audit")
    (folder / "keys" / "audit-head").unlink()
    for event, _, what in ENTRIES:
        audit.record(event, "eve", what)
    _put_back(folder, head)

    assert [finding.what for finding in audit.verify()] == ["is not the entry that the file audit-head remembers"]


@pytest.mark.parametrize("content", [None, b"", b"nonsense", b"5", b"x y\n", b"\xff\xfe"])
def test_a_head_that_is_missing_or_damaged_is_found(audit, folder, content):
    (folder / "keys" / "audit-head").unlink()
    if content is not None:
        (folder / "keys" / "audit-head").write_bytes(content)

    assert "missing or damaged" in audit.verify()[0].what


def test_what_was_found_is_not_covered_up_by_later_entries(audit, gate):
    change(gate, "DELETE FROM audit WHERE number > 3")
    for _ in range(5):
        audit.record("login", "anna")

    assert audit.verify()[0].what == "is not the entry that the file audit-head remembers"


def test_a_crash_between_entry_and_head_is_no_finding(audit, folder):
    head = (folder / "keys" / "audit-head").read_bytes()
    audit.record("login", "anna")
    _put_back(folder, head)
    assert audit.verify() == []

    audit.record("logout", "anna")

    assert audit.verify() == []
    assert (folder / "keys" / "audit-head").read_text().startswith("7 ")


def test_a_head_that_cannot_be_written_stops_nobody(audit, folder, caplog):
    head = folder / "keys" / ".audit-head.part"
    head.mkdir()
    audit.record("login", "anna")

    assert "cannot be written" in caplog.text
    assert audit.verify() == []


def test_entries_at_the_same_moment_make_one_chain(gate, folder, clock):
    other = Audit(gate._engine, folder / "keys", clock)
    threads = [
        threading.Thread(target=lambda log=log: [log.record("login", "anna") for _ in range(10)])
        for log in (gate.audit, other, gate.audit)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(gate.audit.entries()) == 30
    assert gate.audit.verify() == []


def test_half_characters_are_no_crash(gate):
    gate.audit.record("login", "anna", {"camera": "\ud800"})

    assert gate.audit.entries()[0].what == {"camera": "\ud800"}
    assert gate.audit.verify() == []


def test_a_folder_without_a_log(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("none")
    with pytest.raises(ConfigError, match="is not there"):
        verify_audit(folder)
    assert list(folder.iterdir()) == []


columns = st.sampled_from(["utc_us = utc_us - 1", "event = event || 'x'", "author = ''", "what = what || ' '"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(1, 5), column=columns)
def test_any_change_of_any_entry_is_found_at_it(audit, gate, number, column):
    with gate._engine.begin() as connection:
        before = connection.execute(text("SELECT * FROM audit WHERE number = :n"), {"n": number}).mappings().one()
        connection.execute(text(f"UPDATE audit SET {column} WHERE number = :n"), {"n": number})  # noqa: S608
    found = [finding.number for finding in audit.verify()]
    with gate._engine.begin() as connection:
        put_back = (
            "UPDATE audit SET utc_us = :utc_us, event = :event, author = :author, what = :what WHERE number = :number"
        )
        connection.execute(text(put_back), dict(before))

    assert found == [number] or (number == 3 and column == "author = ''")
    assert audit.verify() == []


def _put_back(folder, head):
    file = folder / "keys" / "audit-head"
    file.unlink(missing_ok=True)
    file.write_bytes(head)
