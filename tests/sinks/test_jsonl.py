"""JSON lines: whole lines, whole batches."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from footfall.core.errors import ConfigError, SinkUnavailable
from footfall.core.types import Message
from footfall.sinks.jsonl import open_jsonl, stdout_sink


def message(body):
    return Message("door", body, "1", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"", b"", id="a new file"),
        pytest.param(b'{"a":1}\n', b'{"a":1}\n', id="a whole file"),
        pytest.param(b'{"a":1}\n{"b":2}', b'{"a":1}\n{"b":2}\n', id="only the line break was lost"),
        pytest.param(b'{"a":1}\n{"b"', b'{"a":1}\n', id="a torn line goes"),
        pytest.param(b'{"b"', b"", id="the only line was torn"),
        pytest.param(b'{"a":1}\n{"b":"' + b"x" * 200_000, b'{"a":1}\n', id="a long torn line"),
    ],
)
def test_what_a_killed_run_left_is_mended(tmp_path, before, after):
    path = tmp_path / "events.jsonl"
    path.write_bytes(before)
    sink = open_jsonl(path)
    sink.send([message(b'{"c":3}')])
    sink.close()
    assert path.read_bytes() == after + b'{"c":3}\n'


def test_a_file_of_another_kind_is_left_alone(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir")
    with pytest.raises(ConfigError, match="does not end in a JSON line"):
        open_jsonl(path)
    assert path.read_text() == "Dear Sir"


@pytest.mark.parametrize("name", ["missing/events.jsonl", "."])
def test_an_unwritable_path_is_named(tmp_path, name):
    with pytest.raises(ConfigError, match=str(tmp_path)):
        open_jsonl(tmp_path / name)


def test_pretty_printed_bodies_stay_one_line(tmp_path):
    sink = open_jsonl(tmp_path / "events.jsonl")
    sink.send([message(b'{\r\n  "a": 1\n}'), message(b"{}")])
    sink.close()
    lines = (tmp_path / "events.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [{"a": 1}, {}]


def test_a_reader_that_goes_away_closes_the_sink():
    read_fd, write_fd = os.pipe()
    sink = stdout_sink(write_fd)
    os.close(read_fd)
    for _ in range(2):
        with pytest.raises(SinkUnavailable) as caught:
            sink.send([message(b"{}")])
        assert caught.value.reason == "closed"
    os.close(write_fd)


FULL_DISK = """
import resource, sys
from pathlib import Path
from datetime import datetime, UTC
from footfall.core.errors import SinkUnavailable
from footfall.core.types import Message
from footfall.sinks.jsonl import open_jsonl
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
sink = open_jsonl(Path(sys.argv[1]))
message = Message("door", b'{"a":"' + b"x" * 50 + b'"}', "1", datetime(2026, 1, 1, tzinfo=UTC))
sink.send([message])
try:
    sink.send([message])
except SinkUnavailable as error:
    print(error.reason)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no file size limit here")
def test_a_full_disk_leaves_no_half_line(tmp_path, child_environ):
    path = tmp_path / "events.jsonl"
    command = [sys.executable, "-c", FULL_DISK, path]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=child_environ)
    assert ran.stdout == "storage\n"
    assert len(path.read_bytes().splitlines()) == 1
    assert path.read_bytes().endswith(b"\n")
