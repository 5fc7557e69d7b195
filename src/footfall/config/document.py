"""One file of configuration: its text as plain values, and everything found wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import TypeAlias

from footfall.config.lenient import mend
from footfall.core.errors import ConfigError, Problem

DEEPEST = 64
"""Levels of nesting; no real document comes near, and none may exhaust the stack."""
LARGEST_INTEGER = 2**63
Value: TypeAlias = object
"""What JSON can say: None, bool, int, float, str, list, dict."""


class Document:
    """Collects the problems of one file, so that all of them are told at once."""

    def __init__(self, file: str, *, lenient: bool = False) -> None:
        self.file = file
        self.lenient = lenient
        self.problems: list[Problem] = []
        self.error_count = 0
        self._noted: set[Problem] = set()

    def error(self, path: str, what: str, cure: str) -> None:
        """Note something that keeps the document from being used."""
        self._note(Problem(self.file, path, what, cure))

    def warn(self, path: str, what: str, cure: str) -> None:
        """Note something that is worth a look but does no harm."""
        self._note(Problem(self.file, path, what, cure, is_warning=True))

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is worth a look."""
        return tuple(problem for problem in self.problems if problem.is_warning)

    def raise_errors(self) -> None:
        """Refuse the document if it has an error.

        Raises:
            ConfigError: with all problems, errors first.
        """
        if self.error_count:
            raise ConfigError(sorted(self.problems, key=lambda problem: problem.is_warning))

    def _note(self, problem: Problem) -> None:
        if problem not in self._noted:
            self._noted.add(problem)
            self.problems.append(problem)
            self.error_count += not problem.is_warning


def child(path: str, key: str | int) -> str:
    """JSON path of a member: `$.graphs.door`, `$.zones[0]`, `$["properties.desired"]`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    plain = key.removeprefix("$").replace("-", "_").isidentifier()
    return f"{path}.{key}" if plain else f"{path}[{json.dumps(key)}]"


def decode(text: str | bytes, document: Document) -> str:
    """Bytes of a file -> text, without a byte order mark.

    Raises:
        ConfigError: not UTF-8.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            document.error("$", f"not UTF-8 text (byte {error.start})", "save the file as UTF-8")
            raise ConfigError(document.problems) from error
    return text.removeprefix("\ufeff")


class _Object(dict[str, Value]):
    """A JSON object that remembers which keys it was given twice."""

    __slots__ = ("doubles",)

    def __init__(self, pairs: list[tuple[str, Value]]) -> None:
        super().__init__(pairs)
        seen: set[str] = set()
        self.doubles = [key for key, _ in pairs if key in seen or seen.add(key)]  # type: ignore[func-returns-value]


def parse_json(text: str, path: str, document: Document) -> Value:
    """JSON text -> values; None, with an error noted, where it is not JSON.

    Strict, unless the document is lenient: then `config.lenient` mends what people often break.
    """
    try:
        value = _loads(text)
    except ValueError as error:
        value = _mended(text, path, document) if document.lenient else None
        if value is None:
            _note_syntax(error, path, document)
    except RecursionError:
        document.error(path, "nested too deeply", f"use at most {DEEPEST} levels")
        return None
    return value if is_sound(value, path, document) else None


def _loads(text: str) -> Value:
    return json.loads(text, object_pairs_hook=_Object)


def _mended(text: str, path: str, document: Document) -> Value:
    mended, mends = mend(text)
    try:
        value = _loads(mended)
    except (ValueError, RecursionError):
        return None
    for what in mends:
        document.warn(path, what, "correct the file: others will refuse it")
    return value


def _note_syntax(error: ValueError, path: str, document: Document) -> None:
    if isinstance(error, json.JSONDecodeError):
        what = f"not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}"
        cure = "correct the text there, or use --lenient for stray commas, braces and line breaks"
    else:
        what, cure = "not valid JSON: a number has too many digits", "write a shorter number"
    document.error(path, what, cure)


def is_sound(value: Value, path: str, document: Document) -> bool:
    """Whether all numbers are finite, all text is text and nothing is nested too deeply; problems are noted."""
    errors_before = document.error_count
    pending = [(value, path, 0)]
    while pending:
        item, where, depth = pending.pop()
        flaw = _flaw(item, depth)
        if flaw:
            document.error(where, *flaw)
            continue
        if isinstance(item, _Object):
            for key in item.doubles:
                document.warn(child(where, key), "given twice", "remove one; the last one counts")
        pending.extend((member, child(where, key), depth + 1) for key, member in _members(item))
    return document.error_count == errors_before


def _members(item: Value) -> Iterator[tuple[str | int, Value]]:
    if isinstance(item, dict):
        yield from item.items()
    elif isinstance(item, list):
        yield from enumerate(item)


def _flaw(item: Value, depth: int) -> tuple[str, str] | None:
    if depth > DEEPEST:
        return "nested too deeply", f"use at most {DEEPEST} levels"
    if isinstance(item, float) and not isfinite(item):
        return "not a finite number", "write an ordinary number; leave the key out for 'no limit'"
    if isinstance(item, int) and abs(item) >= LARGEST_INTEGER:
        return "number is too large", "write a number of at most 18 digits"
    texts: Iterable[Value] = item if isinstance(item, dict) else (item,)
    if any(isinstance(text, str) and not _encodes(text) for text in texts):
        return "text holds half a character (a lone surrogate)", "write the character itself, in UTF-8"
    return None


def _encodes(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)
