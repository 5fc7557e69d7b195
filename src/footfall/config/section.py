"""A JSON object read key by key: without case, with aliases, typed, and with a Problem for all that does not fit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import inf, isfinite
from typing import TypeVar

from footfall.config.document import Document, Value, child, parse_json

T = TypeVar("T")
_BOOLEANS: dict[str, bool] = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of an object with its value, and where it stands."""

    key: str
    value: Value
    path: str


def suggest(word: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?`, or the empty string if nothing is near."""
    spellings = {name.lower(): name for name in known}
    near = get_close_matches(word.lower()[:200], spellings, n=1, cutoff=0.6)
    return f"did you mean {spellings[near[0]]!r}?" if near else ""


def shown(value: Value) -> str:
    """A value as it may stand in a message: on one line, and short. Never for what can hold a secret."""
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def kind_of(value: Value) -> str:
    """What a value is, without telling it."""
    return _KINDS.get(type(value), "an object")


_KINDS: dict[type, str] = {
    bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", type(None): "null",
}  # fmt: skip


class Section:
    """A typed, path-aware view of one JSON object. A getter notes an error and returns the default on a bad value."""

    def __init__(self, path: str, entries: Iterable[Entry], document: Document) -> None:
        self.path = path
        self.document = document
        self.entries: dict[str, Entry] = {}
        self._asked: dict[str, str] = {}
        for entry in entries:
            name = entry.key.lower()
            if name in self.entries and self.entries[name].path != entry.path:
                document.warn(entry.path, "given twice in different case", "remove one; the last one counts")
            self.entries[name] = entry

    @classmethod
    def of(cls, value: Value, path: str, document: Document) -> Section | None:
        """View of an object, or of an object serialised into a string (RULE 3 a); None with an error noted."""
        if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
            errors = document.error_count
            value = parse_json(value, path, document)
            if document.error_count > errors:
                return None
        if not isinstance(value, dict):
            document.error(path, f"is {kind_of(value)}, not an object", 'write {"key": value, ...}')
            return None
        return cls(path, [Entry(key, item, child(path, key)) for key, item in value.items()], document)

    def overlaid(self, *others: Section) -> Section:
        """This section with the entries of others on top, the last one winning; paths stay where they were."""
        entries = dict(self.entries)
        for other in others:
            entries |= other.entries
        return Section(self.path, entries.values(), self.document)

    def without(self, *names: str) -> Section:
        """This section less some keys."""
        dropped = {name.lower() for name in names}
        return Section(self.path, [e for name, e in self.entries.items() if name not in dropped], self.document)

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def get(self, *names: str) -> Entry | None:
        """The first of these keys that is there and not null."""
        self._asked |= {name.lower(): name for name in names}
        found = (self.entries.get(name.lower()) for name in names)
        return next((entry for entry in found if entry is not None and entry.value is not None), None)

    def text(self, *names: str, default: str = "") -> str:
        """A string."""
        entry = self.get(*names)
        if entry is None:
            return default
        if not isinstance(entry.value, str):
            self.document.error(entry.path, f"is {kind_of(entry.value)}, not text", 'write it in quotes: "..."')
            return default
        return entry.value

    def number(self, *names: str, default: float, low: float = -inf, high: float = inf) -> float:
        """A finite number in [low, high]; digits in quotes are taken too."""
        entry = self.get(*names)
        if entry is None:
            return default
        number = as_number(entry.value)
        if number is None:
            self.document.error(entry.path, f"is {shown(entry.value)}, not a number", "write a number")
            return default
        if not low <= number <= high:
            self.document.error(entry.path, f"{number:g} is out of range", f"write {_range(low, high)}")
            return default
        return number

    def integer(self, *names: str, default: int, low: float = -inf, high: float = inf) -> int:
        """A whole number in [low, high]."""
        number = self.number(*names, default=default, low=low, high=high)
        entry = self.get(*names)
        if entry is not None and number != int(number):
            self.document.error(entry.path, f"is {number:g}, not a whole number", f"write {int(number)}")
        return int(number)

    def boolean(self, *names: str, default: bool) -> bool:
        """True or false; `"true"`, `"True"`, `1` and the like are taken too (RULE 8)."""
        entry = self.get(*names)
        if entry is None:
            return default
        found = _BOOLEANS.get(str(entry.value).strip().lower()) if isinstance(entry.value, bool | int | str) else None
        if found is None:
            self.document.error(entry.path, f"is {shown(entry.value)}, not true or false", "write true or false")
            return default
        return found

    def choice(self, *names: str, options: Mapping[str, T], default: T) -> T:
        """One of some words, without case."""
        word = self.text(*names).strip()
        entry = self.get(*names)
        if entry is None or not isinstance(entry.value, str):
            return default
        if word.lower() not in options:
            cure = suggest(word, options) or f"write one of {', '.join(options)}"
            self.document.error(entry.path, f"{shown(word)} is not known here", cure)
        return options.get(word.lower(), default)

    def section(self, *names: str) -> Section | None:
        """A nested object; None when missing or, with an error noted, when it is something else."""
        entry = self.get(*names)
        return None if entry is None else Section.of(entry.value, entry.path, self.document)

    def items(self, *names: str) -> list[Entry]:
        """Members of a list, each with its path."""
        entry = self.get(*names)
        if entry is None:
            return []
        value = entry.value
        if isinstance(value, str) and value.lstrip().startswith("["):
            value = parse_json(value, entry.path, self.document)
        if not isinstance(value, list):
            self.document.error(entry.path, f"is {kind_of(entry.value)}, not a list", "write [...]")
            return []
        return [Entry(entry.key, item, child(entry.path, index)) for index, item in enumerate(value)]

    def finish(self, *also_known: str) -> None:
        """Warn about every key that nobody asked for (RULE 5)."""
        known = self._asked | {name.lower(): name for name in also_known}
        for name, entry in self.entries.items():
            if name not in known:
                cure = suggest(entry.key, known.values()) or "remove it, or check the spelling"
                self.document.warn(entry.path, "unknown key, ignored", cure)


def as_number(value: Value) -> float | None:
    """A finite number, or text that spells one; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def _range(low: float, high: float) -> str:
    if high == inf:
        return f"at least {low:g}"
    return f"at most {high:g}" if low == -inf else f"a number from {low:g} to {high:g}"
