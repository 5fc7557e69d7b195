"""Exceptions of footfall: a class exists only where a caller acts differently.

FootfallError
├── ConfigError        bad input: nothing was started; exit code 2; carries every `Problem` of the document
├── SourceError
│   ├── SourceUnavailable  could not be opened, or broke: a camera is retried, a file ends the run (exit code 3)
│   └── SourceEnded        a file played to its end
├── Blocked            the service does not connect there, whoever asked for it
├── DetectorError      the model does not load or run
├── TrainingError      a training run cannot go on
└── SinkError
    ├── SinkUnavailable    try again later, nothing is lost
    └── SinkRejected       the receiver will never take this message: report and drop it

Pure code raises `ValueError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a document, said so that the reader can mend it."""

    file: str
    path: str
    """JSON path such as `$.graphs.door.parameters.VIDEO_URL`; `$` for the document itself."""
    what: str
    cure: str
    is_warning: bool = False

    def __str__(self) -> str:
        kind = "warning: " if self.is_warning else ""
        return f"{self.file}: {self.path}: {kind}{self.what}; {self.cure}"


class FootfallError(Exception):
    """Base of everything footfall raises on purpose."""


class ConfigError(FootfallError):
    """Input or configuration is wrong. `problems` lists all of it, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class SourceError(FootfallError):
    """A source gives no more frames."""


class SourceUnavailable(SourceError):
    """The source cannot be opened or broke down. `reason` is one of a small, stable vocabulary."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        """`not-found`, `refused`, `unauthorized`, `timeout`, `not-video`, `no-frames`, `broken`, `ended`, `blocked`."""
        self.detail = detail
        super().__init__(f"{reason}: {detail}")


class SourceEnded(SourceError):
    """A finite source was played to its end."""


class Blocked(FootfallError):
    """The service does not connect there. No secret of the address is in the text."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        """`scheme`, `malformed`, `ambiguous`, `unknown-host`, `loopback`, `link-local`, `metadata`, `private`,
        `multicast`, `reserved`."""


class DetectorError(FootfallError):
    """A model file is missing, truncated, of the wrong shape, or fails while running."""


class SinkError(FootfallError):
    """A sink did not take a message. `reason` is one of a small, stable vocabulary."""

    def __init__(self, reason: str, detail: str = "", *, delivered: int = 0) -> None:
        self.reason = reason
        """`closed`, `refused`, `unauthorized`, `timeout`, `not-found`, `tls`, `broken`, `blocked`, `storage` ..."""
        self.detail = detail
        self.delivered = delivered
        """How many of the messages, from the first, were surely taken before this one failed."""
        super().__init__(f"{reason}: {detail}" if detail else reason)


class SinkUnavailable(SinkError):
    """Nobody answers, or says "later": keep the message and try again, not before `retry_after_s`."""

    retry_after_s: float = 0.0


class SinkRejected(SinkError):
    """The receiver refuses the message after `delivered` for good: report it and go on."""


class TrainingError(FootfallError):
    """A training run cannot start or go on; what it has learnt so far is kept."""
