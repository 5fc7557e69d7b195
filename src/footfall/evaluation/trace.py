"""What a program did to disk and network, read from its system calls as `strace -f -yy -xx` writes them. Pure.

Names of files and buffers are in hexadecimal in such a trace (`-xx`), so that nothing in them can be taken for the
trace's own punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

CALLS: Final = (
    "open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mknod,mknodat,"
    "memfd_create,shmget,write,pwrite64,writev,pwritev,pwritev2,connect,sendto,sendmsg,sendmmsg,execve"
)
"""What must be traced, as `-e trace=` takes it."""
_BEGINNINGS: Final = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n": "PNG",
    b"GIF8": "GIF",
    b"\x00\x00\x00\x01\x67": "H.264",
    b"\x00\x00\x00\x01\x40\x01": "H.265",
    b"\x1aE\xdf\xa3": "Matroska",
}
_ANYWHERE: Final = re.compile(
    rb"(?P<JPEG>\xff\xd8\xff[\xdb\xe0-\xef])|(?P<PNG>\x89PNG\r\n\x1a\n)|(?P<GIF>GIF8[79]a)|(?P<MP4>ftyp(?:iso|mp4|avc))"
    rb"|(?P<H264>\0\0\x01[\x27\x67][BMXdn].{3,64}?\0\0\x01[\x28\x68])|(?P<H265>\0\0\x01\x40\x01.{3,99}?\0\0\x01\x42\x01)"
    rb"|(?P<Matroska>\x1aE\xdf\xa3)",
    re.DOTALL,
)
"""Long enough that a database does not hold them by chance."""

_LINE: Final = re.compile(r"(\d+)\s+(\w+)\((.*)\)\s+=\s+(.*)")
_BEGUN: Final = re.compile(r"(\d+)\s+(\w+)\((.*) <unfinished \.\.\.>")
_ENDED: Final = re.compile(r"(\d+)\s+<\.\.\. (\w+) resumed>(.*)")
_TEXT: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FILE: Final = re.compile(r"\d+<((?:\\x[0-9a-f]{2})+)")
_UNREAD: Final = re.compile(r"(?:^|, )0x[0-9a-f]+")
_WRITING: Final = re.compile(r"\bO_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)\b")
_INTERNET: Final = re.compile(r"sin6?_port=htons\((\d+)\).*?\"((?:\\x[0-9a-f]{2})+)\"")
_LOCAL: Final = re.compile(r"sun_path=@?\"((?:\\x[0-9a-f]{2})+)\"")
_MAKING: Final = frozenset(
    "mkdir mkdirat rename renameat renameat2 link linkat symlink symlinkat mknod mknodat".split()  # noqa: SIM905
)
_HIDDEN: Final = {"memfd_create", "shmget"}
_OPENING: Final = {"open", "openat", "openat2", "creat"}
_WRITERS: Final = {"write", "pwrite64", "writev", "pwritev", "pwritev2"}
_SENDING: Final = {"connect", "sendto", "sendmsg", "sendmmsg"}


@dataclass(slots=True)
class Deeds:
    """What was done; failures do not count."""

    written: set[str] = field(default_factory=set)
    """Files that were opened for writing, and names that were made."""
    nameless: set[str] = field(default_factory=set)
    """Files without a name (O_TMPFILE), memory files, shared memory."""
    pictures: set[str] = field(default_factory=set)
    """Files that got data which begins like a picture."""
    reached: set[str] = field(default_factory=set)
    """`host:port`, or the path of a local socket."""
    started: set[str] = field(default_factory=set)
    """Programs."""
    unread: set[str] = field(default_factory=set)
    """Calls whose arguments strace could not read: memory of a process that forbids it."""


def read_trace(lines: Iterable[str]) -> Deeds:
    """Everything that matters in a trace."""
    deeds = Deeds()
    for call, arguments, result in _calls(lines):
        if result.startswith(("-1", "?")) and not (call == "connect" and "EINPROGRESS" in result):
            continue
        if _UNREAD.search(arguments) and not _TEXT.search(arguments) and call != "shmget":
            deeds.unread.add(call)
        else:
            _note(deeds, call, arguments)
    return deeds


def picture_in(data: bytes) -> str:
    """What kind of picture there is somewhere in it; empty: none."""
    found = _ANYWHERE.search(data)
    return (found.lastgroup or "") if found else ""


def is_inside(path: str, folders: Iterable[str]) -> bool:
    """Whether a path is one of these folders or in one of them."""
    own = PurePosixPath(path)
    return ".." not in own.parts and any(own.is_relative_to(folder) for folder in folders)


def _note(deeds: Deeds, call: str, arguments: str) -> None:
    if call in _OPENING:
        path = _path(arguments)
        if "O_TMPFILE" in arguments:
            deeds.nameless.add(f"a file without a name in {path}")
        elif _WRITING.search(arguments) or call == "creat":
            deeds.written.add(path)
    elif call in _MAKING:
        deeds.written.add(_path(arguments, last=True))
    elif call in _HIDDEN:
        deeds.nameless.add(f"{call} {_path(arguments)}".strip())
    elif call in _WRITERS:
        file = _FILE.match(arguments)
        data = b"".join(map(_bytes, _TEXT.findall(arguments)))
        kind = next((kind for magic, kind in _BEGINNINGS.items() if data.startswith(magic)), "")
        if file and kind and (path := _text(file[1])).startswith("/"):
            deeds.pictures.add(f"{path} ({kind})")
    elif call in _SENDING:
        deeds.reached.update(f"{_host(_text(host))}:{port}" for port, host in _INTERNET.findall(arguments))
        deeds.reached.update(map(_text, _LOCAL.findall(arguments)))
    elif call == "execve":
        deeds.started.add(_path(arguments))


def _calls(lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Call, arguments and result; what was interrupted is put together again."""
    begun: dict[tuple[str, str], str] = {}
    for line in lines:
        if found := _BEGUN.match(line):
            begun[found[1], found[2]] = found[3]
            continue
        whole = line
        if found := _ENDED.match(line):
            whole = f"{found[1]} {found[2]}({begun.pop((found[1], found[2]), '')}{found[3]}"
        if found := _LINE.match(whole):
            yield found[2], found[3], found[4]


def _path(arguments: str, *, last: bool = False) -> str:
    """The path that is named first or last; relative ones from the folder that goes with it."""
    found = [_text(text) for text in _TEXT.findall(arguments)]
    if not found:
        return ""
    path = PurePosixPath(found[-1 if last else 0])
    folders = [_text(text) for text in re.findall(r"(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})+)", arguments)]
    return str(PurePosixPath(folders[-1 if last else 0]) / path if folders else path)


def _host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _text(escaped: str) -> str:
    return _bytes(escaped).decode("utf-8", "replace")


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))
