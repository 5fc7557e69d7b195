"""How documents are built, as data, and the one reader of all of them.

The reader forgives what section 1.4 of spec/media-graph.md forgives, and returns the declared form: known keys only,
in their own spelling and order, every scalar as replies spell it. Reading a declared form again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from footfall.config.document import Value
from footfall.config.section import kind_of, suggest
from footfall.mediagraph.flaws import Check, Flaw, Path
from footfall.mediagraph.scalars import Choice, Scalar, Text, code_of, text_of

Declared: TypeAlias = dict[str, Value]
"""An object in its declared form."""


class Need(Enum):
    """Whether a key must be there."""

    NO = "optional"
    YES = "required"
    SINCE_2 = "required in API 2.0"


@dataclass(frozen=True, slots=True)
class Field:
    """One key of an object."""

    name: str
    shape: Shape
    need: Need = Need.NO
    since_2: Value = None
    """What replies to API 2.0 show where it was left out; None: nothing."""


@dataclass(frozen=True, slots=True)
class Record:
    """An object with known keys."""

    fields: tuple[Field, ...]
    check: Check = Check.REQUIRED
    """Which check a missing key or a wrong kind of value belongs to."""
    also: Callable[[Declared, Path, Reader], None] | None = None
    """Looks at what concerns several keys."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """An object whose `@type` says which keys it has."""

    kinds: Mapping[str, Record]
    """By the type's name behind the prefix."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of objects or texts."""

    item: Shape
    least: int = 0
    check: Check = Check.REQUIRED


Shape: TypeAlias = Scalar | Record | Tagged | Listed
PREFIX: Final = "#Microsoft.Media.MediaGraph"


class Reader:
    """Reads values of known shapes, and collects the flaws."""

    def __init__(self, version: str, *, is_substituted: bool = False) -> None:
        self.version = version
        self.is_substituted = is_substituted
        """No parameters are left: every value is looked at, `${` or not."""
        self.flaws: list[Flaw] = []

    def object(self, record: Record, value: Value, path: Path) -> Declared:
        """The declared form of an object."""
        if not isinstance(value, dict):
            self.note(record.check, path, f"is {kind_of(value)}, not an object", 'write {"key": value, ...}')
            return {}
        given = self._folded(value, path)
        declared: Declared = {}
        for field in record.fields:
            _, inner = given.pop(field.name.lower(), (field.name, None))
            if inner is None:
                inner = self._missing(field, record.check, (*path, field.name))
            if inner is not None:
                declared[field.name] = self.value(field.shape, inner, (*path, field.name))
        self._unknown(given, record, path)
        if record.also is not None:
            record.also(declared, path, self)
        return declared

    def value(self, shape: Shape, value: Value, path: Path) -> Value:
        """The declared form of any value."""
        if isinstance(shape, Record):
            return self.object(shape, value, path)
        if isinstance(shape, Tagged):
            return self._tagged(shape, value, path)
        if isinstance(shape, Listed):
            return self._list(shape, value, path)
        return self._scalar(shape, value, path)

    def note(self, check: Check, path: Path, what: str, cure: str) -> None:
        """Note a flaw."""
        self.flaws.append(Flaw(check, path, what, cure))

    def warn(self, path: Path, what: str, cure: str) -> None:
        """Note something that is worth a look."""
        self.flaws.append(Flaw(Check.OBJECT, path, what, cure, is_warning=True))

    def _folded(self, value: dict[str, Value], path: Path) -> dict[str, tuple[str, Value]]:
        """Members by their keys in lower case; the last of those that differ in case counts."""
        given: dict[str, tuple[str, Value]] = {}
        for key, inner in value.items():
            if key.lower() in given:
                self.warn((*path, key), "given twice in different case", "remove one; the last one counts")
            given[key.lower()] = (key, inner)
        return given

    def _missing(self, field: Field, check: Check, path: Path) -> Value:
        if field.need is Need.YES or (field.need is Need.SINCE_2 and self.version != "1.0"):
            self.note(check, path, "is missing", f"add {field.name!r}")
            return None
        return None if self.version == "1.0" else field.since_2

    def _unknown(self, given: dict[str, tuple[str, Value]], record: Record, path: Path) -> None:
        known = [field.name for field in record.fields]
        for folded, (key, _) in given.items():
            if folded not in READ_ELSEWHERE:
                cure = suggest(key, known) or "remove it, or check the spelling"
                self.warn((*path, key), "unknown key, ignored", cure)

    def _tagged(self, shape: Tagged, value: Value, path: Path) -> Declared:
        if not isinstance(value, dict):
            self.note(Check.REQUIRED, path, f"is {kind_of(value)}, not an object", 'write {"@type": ..., ...}')
            return {}
        tag = next((inner for key, inner in value.items() if key.lower() == "@type"), None)
        kind = kind_in(shape, tag)
        if kind is None:
            what = "has no @type" if tag is None else "has an @type that is not known here"
            names = [PREFIX + name for name in shape.kinds]
            cure = suggest(tag, names) if isinstance(tag, str) else ""
            self.note(Check.TYPES, path, what, cure or f"write one of {', '.join(names)}")
            return {}
        return {"@type": PREFIX + kind, **self.object(shape.kinds[kind], value, path)}

    def _list(self, shape: Listed, value: Value, path: Path) -> list[Value]:
        if not isinstance(value, list):
            self.note(shape.check, path, f"is {kind_of(value)}, not a list", "write [...]")
            return []
        if len(value) < shape.least:
            self.note(shape.check, path, "is empty", "add an entry")
        return [self.value(shape.item, item, (*path, index)) for index, item in enumerate(value)]

    def _scalar(self, shape: Scalar, value: Value, path: Path) -> Value:
        text = text_of(value)
        if text is None:
            self.note(Check.REQUIRED, path, f"is {kind_of(value)}, not a single value", "write text or a number")
            return ""
        if not isinstance(shape, Text) or shape.trims:
            text = text.strip()
        if self._waits(shape, text):
            return text
        if flaw := shape.flaw(text):
            check = shape.check if isinstance(shape, Text | Choice) else Check.VALUES
            wording = shape.wording if isinstance(shape, Text) else ""
            self.flaws.append(Flaw(check, path, *flaw, code_of(shape), wording))
        return shape.normal(text)

    def _waits(self, shape: Scalar, text: str) -> bool:
        """Whether a value is known only once parameters are put in."""
        if self.is_substituted or "${" not in text:
            return False
        if isinstance(shape, Text):
            return not (shape.is_literal or shape.is_around_references)
        return not (isinstance(shape, Choice) and shape.is_literal)


def kind_in(shape: Tagged, tag: Value) -> str | None:
    """The name in `shape.kinds` that an `@type` means, whatever its case; None: none of them."""
    folded = tag.strip().lower() if isinstance(tag, str) else ""
    return next((name for name in shape.kinds if folded == (PREFIX + name).lower()), None)


READ_ELSEWHERE: Final = {"@type", "systemdata", "state"}
"""Keys that an object may have beside its record's: the tag, and what replies add."""
