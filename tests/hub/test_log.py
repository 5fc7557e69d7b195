"""The event log: nothing half, nothing lost, files that turn over under their readers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.errors import ConfigError
from footfall.hub.log import BLOCK, EventLog, Position, Tail, beginning, files


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "events"


def lines(*numbers: int) -> list[bytes]:
    return [b'{"n":%d}\n' % number for number in numbers]


def read_all(tail: Tail, until: Position | None = None) -> list[bytes]:
    out = []
    while read := tail.read(until):
        out += read
    return out


def test_lines_are_read_in_order_and_once(folder):
    log = EventLog(folder)
    tail = Tail(folder, log.end)
    log.append(lines(1, 2))
    assert tail.read() == [b'{"n":1}', b'{"n":2}']
    assert tail.read() == []
    log.append(lines(3))
    assert tail.read(log.end) == [b'{"n":3}']
    assert tail.position == log.end
    log.close()


def test_a_half_written_line_is_not_read_and_is_cut_off_at_the_next_start(folder, caplog):
    log = EventLog(folder)
    log.append(lines(1))
    log.close()
    path = folder / "events-00000001.jsonl"
    with path.open("ab") as file:
        file.write(b'{"n":2,"hal')
    assert read_all(Tail(folder, beginning(folder))) == [b'{"n":1}']
    again = EventLog(folder)
    assert "cut 11 bytes" in caplog.text
    again.append(lines(3))
    assert path.read_bytes() == b"".join(lines(1, 3))
    again.close()


@pytest.mark.parametrize("size", [3, BLOCK, 2 * BLOCK + 1])
def test_a_file_that_is_one_half_line_begins_anew(folder, size):
    folder.mkdir()
    path = folder / "events-00000001.jsonl"
    path.write_bytes(b"x" * size)
    EventLog(folder).close()
    assert path.read_bytes() == b""


def test_files_turn_over_under_a_reader_and_the_oldest_go(folder, caplog):
    log = EventLog(folder, largest_file=20, most_files=3)
    tail, slow = Tail(folder, log.end), Tail(folder, log.end)
    seen = []
    for number in range(20):
        log.append(lines(number))
        seen += tail.read(log.end)
    assert seen == [line[:-1] for line in lines(*range(20))]
    assert len(files(folder)) == 3
    assert read_all(slow)[-1] == b'{"n":19}', "a reader that slept goes on with what is left"
    assert "is gone" in caplog.text
    log.close()
    again = EventLog(folder, largest_file=20, most_files=3)
    assert again.end == log.end
    again.close()


def test_lines_longer_than_a_block(folder):
    log = EventLog(folder)
    long = [b"x" * (BLOCK + 5) + b"\n", b"y" * (2 * BLOCK) + b"\n"]
    log.append(long)
    assert read_all(Tail(folder, beginning(folder)), log.end) == [line[:-1] for line in long]
    log.close()


def test_what_may_yet_be_taken_back_is_not_read(folder):
    log = EventLog(folder)
    log.append(lines(1))
    with (folder / "events-00000001.jsonl").open("ab") as file:
        file.write(b"".join(lines(2)))
    assert read_all(Tail(folder, beginning(folder)), log.end) == [b'{"n":1}']
    log.close()


def test_a_full_disk_leaves_no_half_line(folder, full_disk):
    log = EventLog(folder)
    log.append(lines(1))
    with full_disk(12), pytest.raises(OSError, match="too large"):
        log.append(lines(2, 3))
    assert (folder / "events-00000001.jsonl").stat().st_size == 12, "a line and a half"
    assert read_all(Tail(folder, beginning(folder)), log.end) == [b'{"n":1}']
    log.append(lines(4))
    assert read_all(Tail(folder, beginning(folder)), log.end) == [b'{"n":1}', b'{"n":4}']
    log.close()


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "events").write_text("a file")
    with pytest.raises(ConfigError, match="cannot be written"):
        EventLog(tmp_path / "events")


def test_reading_where_nothing_is_yet(folder):
    folder.mkdir()
    assert Tail(folder, beginning(folder)).read() == []
    assert beginning(folder) == Position(1, 0)


@given(st.integers(0, 10**9), st.integers(0, 10**12))
def test_positions_are_written_down(file, offset):
    assert Position.parse(str(Position(file, offset))) == Position(file, offset)


@pytest.mark.parametrize("text", ["", "1", "1:", "a:1", ":"])
def test_other_texts_are_no_positions(text):
    with pytest.raises(ValueError, match=r"."):
        Position.parse(text)
