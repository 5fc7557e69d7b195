"""The outbox: what it keeps, what it drops, whom it refuses."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.core.errors import ConfigError, SinkUnavailable
from footfall.core.types import Message
from footfall.sinks.outbox import ROW_OVERHEAD_BYTES, Outbox

UTC_NOW = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
SIZE = 100 + ROW_OVERHEAD_BYTES


def message(number, size=SIZE):
    body = str(number).encode()
    room = size - ROW_OVERHEAD_BYTES - len(str(number)) - len("door") - len("{}")
    return Message("door", body + b" " * (room - len(body)), str(number), UTC_NOW)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "outbox.db"


@pytest.fixture
def outbox(path):
    with_cap = Outbox(path, max_bytes=10 * SIZE)
    yield with_cap
    with_cap.close()


def keys(outbox):
    return [int(stored.message.key) for stored in outbox.peek(1000)]


def test_messages_come_back_as_they_were_after_a_restart(path):
    first = Message("door", b"\x00\xff{}", "k", datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1))), {"a": "ä"})
    outbox = Outbox(path)
    outbox.append([first, message(2)])
    outbox.close()
    outbox.close()
    again = Outbox(path)
    assert [stored.message for stored in again.peek(10)] == [first, message(2)]
    assert again.pending() == 2
    again.close()


def test_removed_messages_do_not_come_back(outbox):
    outbox.append([message(n) for n in range(5)])
    outbox.remove(outbox.peek(2))
    assert keys(outbox) == [2, 3, 4]
    assert outbox.pending() == 3
    assert outbox.dropped() == 0


@pytest.mark.parametrize(
    ("batches", "kept", "dropped"),
    [
        pytest.param([10], range(10), 0, id="just full"),
        pytest.param([11], range(1, 11), 1, id="one too many"),
        pytest.param([8, 8], range(6, 16), 6, id="the oldest go"),
        pytest.param([30], range(20, 30), 20, id="one batch larger than the outbox"),
    ],
)
def test_a_full_outbox_drops_the_oldest_and_counts_them(outbox, path, batches, kept, dropped):
    number = 0
    for size in batches:
        outbox.append([message(n) for n in range(number, number + size)])
        number += size
    assert keys(outbox) == list(kept)
    assert outbox.pending() == len(kept)
    outbox.close()
    again = Outbox(path)
    assert again.dropped() == dropped
    again.close()


def test_a_message_larger_than_the_outbox_is_dropped_alone(outbox):
    outbox.append([message(1, 11 * SIZE)])
    assert (outbox.pending(), outbox.dropped()) == (0, 1)
    outbox.append([message(2)])
    assert keys(outbox) == [2]


def test_rejected_messages_are_kept_aside_and_make_room_first(outbox):
    outbox.append([message(n) for n in range(10)])
    outbox.reject(outbox.peek(1)[0], "status-400")
    assert (keys(outbox), outbox.rejected()) == (list(range(1, 10)), 1)
    outbox.append([message(10)])
    assert (keys(outbox), outbox.rejected(), outbox.dropped()) == (list(range(1, 11)), 1, 0)


def test_full_and_room_again_are_told_once_each(outbox, caplog):
    for number in range(30):
        outbox.append([message(number)])
    outbox.remove(outbox.peek(5))
    outbox.append([message(30)])
    outbox.append([message(31)])
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2
    assert "is full" in told[0]
    assert "20 events were dropped" in told[1]


def test_the_file_stays_near_the_cap(path):
    outbox = Outbox(path, max_bytes=200_000)
    for start in range(0, 20_000, 100):
        outbox.append([message(number) for number in range(start, start + 100)])
    outbox.close()
    assert path.stat().st_size < 300_000


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(["append", "remove", "reject"]), st.integers(1, 8)), max_size=12))
def test_nothing_vanishes_uncounted(tmp_path_factory, steps):
    outbox = Outbox(tmp_path_factory.mktemp("outbox") / "outbox.db", max_bytes=10 * SIZE)
    appended = removed = 0
    for step, count in steps:
        if step == "append":
            outbox.append([message(appended + n) for n in range(count)])
            appended += count
        elif step == "remove":
            removed += len(batch := outbox.peek(count))
            outbox.remove(batch)
        else:
            for stored in outbox.peek(count):
                outbox.reject(stored, "no")
    assert appended == outbox.pending() + removed + outbox.rejected() + outbox.dropped()
    assert keys(outbox) == list(range(appended))[appended - outbox.pending() :]
    outbox.close()


def test_one_thread_appends_while_another_drains(path):
    outbox = Outbox(path)
    seen = []

    def drain():
        while len(seen) < 500:
            batch = outbox.peek(50)
            outbox.remove(batch)
            seen.extend(int(stored.message.key) for stored in batch)

    drainer = threading.Thread(target=drain)
    drainer.start()
    for start in range(0, 500, 10):
        outbox.append([message(number) for number in range(start, start + 10)])
    drainer.join(60)
    assert seen == list(range(500))
    outbox.close()


def test_a_second_process_is_refused(outbox, path, child_environ):
    script = "import sys; from pathlib import Path; from footfall.sinks.outbox import Outbox; Outbox(Path(sys.argv[1]))"
    command = [sys.executable, "-c", script, path]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=child_environ)
    assert ran.returncode != 0
    assert f"in use by process {os.getpid()}" in ran.stderr


def _foreign(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE photos (id)")
    connection.close()


def _damaged(path):
    outbox = Outbox(path)
    outbox.append([message(number) for number in range(200)])
    outbox.close()
    data = bytearray(path.read_bytes())
    data[8192:12288] = b"\xff" * 4096
    path.write_bytes(data)


def _newer(path):
    Outbox(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        pytest.param(lambda path: path.write_bytes(b"no database " * 500), "not an outbox", id="no database"),
        pytest.param(_foreign, "another program", id="somebody else's database"),
        pytest.param(_damaged, "damaged", id="a page is overwritten"),
        pytest.param(_newer, "another version", id="a later version's"),
        pytest.param(lambda path: path.mkdir(), "not an outbox", id="a folder"),
    ],
)
def test_spoilt_files_are_refused_and_let_go(path, spoil, what):
    spoil(path)
    for _ in range(2):
        with pytest.raises(ConfigError, match=what) as caught:
            Outbox(path)
        assert caught.value.problems[0].file == str(path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot be written"):
        Outbox(tmp_path / "missing" / "outbox.db")


FULL_DISK = """
import resource, sys
from pathlib import Path
from footfall.core.errors import SinkUnavailable
from footfall.core.types import Message
from footfall.sinks.outbox import Outbox
from datetime import datetime, UTC
outbox = Outbox(Path(sys.argv[1]))
message = Message("door", b"x" * 1000, "1", datetime(2026, 1, 1, tzinfo=UTC))
outbox.append([message])
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, -1))
try:
    outbox.append([message] * 1000)
except SinkUnavailable as error:
    print(error.reason, outbox.pending())
resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
outbox.append([message] * 1000)
print(outbox.pending())
"""


def test_a_full_disk_is_no_crash_and_keeps_what_was_accepted(path, child_environ):
    command = [sys.executable, "-c", FULL_DISK, path]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=child_environ)
    assert ran.stdout.splitlines() == ["storage 1", "1001"], ran.stderr


def test_a_closed_outbox_says_so(path):
    outbox = Outbox(path)
    outbox.close()
    with pytest.raises(SinkUnavailable, match="storage"):
        outbox.append([message(1)])
