"""What somebody counted in the moments of an audit: a file of JSON lines, and questions in the terminal.

    {"region": "door", "from": 12.0, "to": 16.0, "right": 1, "left": 0}

Zones have `in` and `out` instead. A line without numbers is a question that nobody has answered; `"skip": true` says
that it cannot be told from the picture.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from footfall.core.errors import ConfigError, Problem
from footfall.evaluation.audit_sheet import clock
from footfall.evaluation.documents import parse_json
from footfall.spatial.audit.estimate import Answer
from footfall.spatial.audit.moments import Moment, Pair

CURE = 'write {"region": "door", "from": 12.0, "to": 16.0, "right": 1, "left": 0}, as `footfall audit --list` does'
MOST = 1000
Count = Annotated[int, Meta(ge=0, le=MOST)]


class AnswerLine(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line of the file."""

    region: str
    start_s: float = msgspec.field(name="from")
    end_s: float = msgspec.field(name="to")
    right: Count | None = None
    left: Count | None = None
    came: Count | None = msgspec.field(name="in", default=None)
    went: Count | None = msgspec.field(name="out", default=None)
    skip: bool = False

    @property
    def counted(self) -> Pair | None:
        """Both numbers; None as long as one is missing."""
        first, second = (self.came, self.went) if self.right is None else (self.right, self.left)
        return None if self.skip or first is None or second is None else (first, second)


class Reply(Enum):
    """What somebody may say instead of numbers."""

    SKIP = "skip"
    QUIT = "quit"


class Answers:
    """The file of answers.

    Args:
        path: read if it is there; new answers are appended.
        words: by region, the two things that are counted: right and left, or in and out.

    Raises:
        ConfigError: the file holds something else, or cannot be read.
    """

    def __init__(self, path: Path, words: Mapping[str, tuple[str, str]]) -> None:
        self._path = path
        self._words = words
        self._known: dict[tuple[str, float, float], AnswerLine] = {}
        for number, text in enumerate(_lines(path), 1):
            line = parse_json(text, AnswerLine, f"{path}:{number}", CURE)
            if line.counted is not None or line.skip:
                self._known[line.region, round(line.start_s, 3), round(line.end_s, 3)] = line

    def __len__(self) -> int:
        return len(self._known)

    def has(self, moment: Moment) -> bool:
        """Whether this moment need not be asked about."""
        return _key(moment) in self._known

    def of(self, moment: Moment) -> Answer | None:
        """What was counted; None where nobody answered, or could not tell."""
        line = self._known.get(_key(moment))
        counted = line.counted if line else None
        return None if counted is None else Answer(moment, counted)

    def add(self, moment: Moment, counted: Pair | None) -> None:
        """Keep an answer, on disk at once; None: cannot be told."""
        line = msgspec.json.decode(self.worded(moment, counted, skip=counted is None), type=AnswerLine)
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(line) + b"\n")
        self._known[_key(moment)] = line

    def worded(self, moment: Moment, counted: Pair | None = None, *, skip: bool = False) -> bytes:
        """A line of the file; without numbers it is a question."""
        numbers = dict(zip(self._words[moment.region], counted or (None, None), strict=True))
        told = {"region": moment.region, "from": moment.start_s, "to": moment.end_s}
        return msgspec.json.encode(told | ({"skip": True} if skip else numbers))


def ask(moment: Moment, words: tuple[str, str], picture: Path | None, progress: str) -> Pair | Reply:
    """Put one question until the answer can be understood; the end of the input is the wish to stop."""
    first, second = words
    aid = ", right is where the arrow points" if first == "right" else ""
    shown = f"\n{picture}" if picture else ""
    prompt = (
        f"{progress} {moment.region}, {clock(moment.start_s)} to {clock(moment.end_s)}{shown}\n"
        f"  how many {first} and {second}{aid}? [0 0, or s: cannot tell, q: stop] "
    )
    while True:
        print(prompt, end="", file=sys.stderr, flush=True)  # noqa: T201
        text = sys.stdin.readline()
        if not text:
            return Reply.QUIT
        reply = understood(text)
        if reply is not None:
            return reply
        prompt = f"  two whole numbers, {first} first, such as 1 0: "


def understood(text: str) -> Pair | Reply | None:
    """`1 0`, nothing (0 0), `s` or `q`; None for anything else."""
    parts = text.replace(",", " ").lower().split()
    if not parts:
        return 0, 0
    if len(parts) == 1 and parts[0] in {"s", "skip", "q", "quit"}:
        return Reply.SKIP if parts[0].startswith("s") else Reply.QUIT
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and int(part) <= MOST for part in parts):
        return None
    return int(parts[0]), int(parts[1])


def _key(moment: Moment) -> tuple[str, float, float]:
    return moment.region, moment.start_s, moment.end_s


def _lines(path: Path) -> list[bytes]:
    try:
        return [line for line in path.read_bytes().splitlines() if line.strip()]
    except FileNotFoundError:
        return []
    except OSError as error:
        what, cure = error.strerror or str(error), "name a file in a folder that exists and that you may write to"
        raise ConfigError([Problem(str(path), "--answers", what, cure)]) from error
