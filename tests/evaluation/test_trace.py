"""What a program did is read from a real trace of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from footfall.cli.prove import OPTIONS, judged, picture_at
from footfall.evaluation.trace import Deeds, is_inside, picture_in, read_trace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "a folder, with ü"
    folder.mkdir()
    return folder


def deeds_of(program: str, folder: Path) -> Deeds:
    """Trace a Python program that finds the folder in `at`."""
    strace = shutil.which("strace")
    assert strace, "apt-get install strace"
    trace = folder.parent / "trace"
    source = f"import os, socket, threading; at = {str(folder)!r}\n{program}"
    command = (strace, *OPTIONS, "-o", str(trace), sys.executable, "-I", "-S", "-B", "-c", source)
    subprocess.run(command, check=True, timeout=120)
    return read_trace(trace.read_text().splitlines())


HARMLESS = "open('/dev/null', 'w').write('x'); open(at + '/e.jsonl', 'w').write('{}')"


def test_what_is_allowed_is_not_told(folder: Path) -> None:
    deeds = deeds_of(HARMLESS, folder)
    assert deeds.written == {"/dev/null", str(folder / "e.jsonl")}
    assert list(judged(deeds, [str(folder)], [])) == []
    assert list(judged(deeds, ["/somewhere"], [])) == [f"{folder}/e.jsonl was written"]


@pytest.mark.parametrize(
    ("program", "finding"),
    [
        pytest.param(
            "open(at + '/x', 'wb').write(b'\\xff\\xd8\\xff\\xe0 photo')",
            "a picture was written: {}/x (JPEG)",
            id="JPEG",
        ),
        pytest.param(
            "open(at + '/x', 'wb').write(b'\\0\\0\\0\\1\\x67 film')", "a picture was written: {}/x (H.264)", id="H.264"
        ),
        pytest.param(
            "f = open(at + '/x', 'wb'); f.write(b'\\x89PNG\\r\\n\\x1a\\n'); f.close(); os.unlink(f.name)",
            "a picture was written: {}/x (PNG)",
            id="deleted at once",
        ),
        pytest.param(
            "open(at + '/x', 'wb').write(bytes(99) + b'\\xff\\xd8\\xff\\xe0')", "{}/x holds JPEG", id="in the middle"
        ),
        pytest.param(
            "os.open(at, os.O_TMPFILE | os.O_RDWR)", "hidden from view: a file without a name in {}", id="O_TMPFILE"
        ),
        pytest.param("os.memfd_create('frames')", "hidden from view: memfd_create frames", id="memory file"),
        pytest.param(
            "open('/dev/shm/footfall-trace-test', 'w'); os.unlink('/dev/shm/footfall-trace-test')",
            "/dev/shm/footfall-trace-test was written",  # noqa: S108
            id="shared memory",
        ),
        pytest.param(
            "os.mkdir(at + '2'); os.rename(at + '2', at + '3'); os.rmdir(at + '3')", "{}3 was written", id="renamed"
        ),
        pytest.param(
            "os.chdir('/tmp'); open('x-' + str(os.getpid()), 'w'); os.unlink('x-' + str(os.getpid()))",
            "/tmp/x-",  # noqa: S108
            id="relative",
        ),
        pytest.param(
            "t = threading.Thread(target=lambda: open(at + '2', 'w')); t.start(); t.join()",
            "{}2 was written",
            id="in a thread",
        ),
        pytest.param(
            "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'x', ('127.0.0.9', 99))",
            "127.0.0.9:99 was reached",
            id="UDP",
        ),
        pytest.param(
            "l = socket.create_server(('127.0.0.9', 0)); s = socket.socket(); s.setblocking(False)\n"
            "print(l.getsockname()[1]); s.connect_ex(l.getsockname())",
            "127.0.0.9:",
            id="TCP in the background",
        ),
        pytest.param(
            "l = socket.socket(socket.AF_UNIX); l.bind(at + '/s'); l.listen()\n"
            "socket.socket(socket.AF_UNIX).connect(at + '/s')",
            "{}/s was reached",
            id="local socket",
        ),
    ],
)
def test_what_is_not_allowed_is_told(program: str, finding: str, folder: Path) -> None:
    findings = list(judged(deeds_of(program, folder), [str(folder)], []))
    assert any(told.startswith(finding.format(folder)) for told in findings), findings


def test_an_address_that_is_allowed(folder: Path) -> None:
    program = "s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); s.connect(('::1', 99))"
    deeds = deeds_of(program, folder)
    assert list(judged(deeds, [str(folder)], [])) == ["[::1]:99 was reached"]
    assert list(judged(deeds, [str(folder)], ["[::1]:99"])) == []


def test_what_failed_does_not_count(folder: Path) -> None:
    program = (
        "for path in (at + '/no/x', '/proc/version/x'):\n try: open(path, 'w')\n except OSError: pass\n"
        "try: socket.create_connection(('127.0.0.9', 9))\nexcept OSError: pass"
    )
    assert list(judged(deeds_of(program, folder), [], [])) == []


def test_a_call_that_was_interrupted_is_put_together() -> None:
    name = "".join(f"\\x{byte:02x}" for byte in b"/tmp/x")
    lines = [
        f'7 openat(AT_FDCWD<\\x2f>, "{name}", O_WRONLY|O_CREAT <unfinished ...>',
        f'8 openat(AT_FDCWD<\\x2f>, "{name}", O_RDONLY) = 3',
        f"7 <... openat resumed>, 0666) = 3<{name}>",
    ]
    assert read_trace(lines).written == {"/tmp/x"}  # noqa: S108


@pytest.mark.parametrize(
    "line",
    [
        "7  openat(AT_FDCWD, 0x7f712ff22210, O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0666) = 3",
        "7  write(3, 0x376eb3e0, 2)           = 2",
        "7  sendto(3, 0xa5f170, 1, 0, 0x7ffd3e2ad2a0, 16) = 1",
        "7  connect(3, 0x7ffd3e2ad300, 16)    = 0",
    ],
)
def test_what_could_not_be_read_is_not_taken_for_nothing(line: str) -> None:
    call = line.split()[1].partition("(")[0]
    (finding,) = judged(read_trace([line]), ["/"], [])
    assert finding == f"strace could not read what {call} was given: run it as root"


@pytest.mark.parametrize(
    ("path", "is_in"),
    [("/data/x", True), ("/data", True), ("/database", False), ("/data/../etc/x", False), ("data/x", False)],
)
def test_folders(path: str, is_in: bool) -> None:
    assert is_inside(path, ["/data"]) is is_in


def test_a_picture_across_two_parts_is_found(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    file.write_bytes(bytes((1 << 20) - 2) + b"\xff\xd8\xff\xe0" + bytes(99))
    assert picture_at(file) == "JPEG"
    file.write_bytes(bytes(1 << 21))
    assert picture_at(file) == ""


def test_parameter_sets_of_h264_are_found_anywhere() -> None:
    film = b"\0\0\0\1\x67\x42\xc0\x1e" + b"\x11" * 12 + b"\0\0\0\1\x68\xce\x3c\x80"
    assert picture_in(b"page" + film) == "H264"
    assert picture_in(b"\0\0\0\1\x67 and nothing more") == ""
