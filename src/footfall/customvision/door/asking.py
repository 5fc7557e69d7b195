"""What a request asks for: parameters of path and query become arguments of an operation, or a refusal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import parse_qsl
from uuid import UUID

from footfall.customvision.faults import Refused

Reader: TypeAlias = Callable[[str], object]
"""Text of a parameter -> its value; raises `Refused` or ValueError."""

MOST_FIELDS: Final = 100
_UUID: Final = re.compile(r"\{?[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\}?")
_WORD_BEGINS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST_INT: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Query:
    """One parameter of a query."""

    name: str
    read: Reader
    is_required: bool = False
    default: object = None

    @property
    def argument(self) -> str:
        """As operations call it: `tagIds` -> `tag_ids`."""
        return _WORD_BEGINS.sub("_", self.name.removeprefix("$")).lower()


def identity(text: str) -> str:
    """An id, in lower case and with dashes.

    Raises:
        Refused: it is none.
    """
    if not _UUID.fullmatch(text):
        raise Refused("BadRequestInvalidIds", "an id is a UUID such as 3fa85f64-5717-4562-b3fc-2c963f66afa6")
    return str(UUID(text))


def identities(most: int, code: str = "BadRequestExceededBatchSize") -> Reader:
    """Several ids with commas between them.

    Args:
        most: how many there may be.
        code: of the refusal where there are more.
    """

    def read(text: str) -> tuple[str, ...]:
        found = [part.strip() for part in text.split(",") if part.strip()]
        if len(found) > most:
            raise Refused(code, f"at most {most} ids at a time")
        return tuple(identity(part) for part in found)

    return read


def text(value: str) -> str:
    """Words; whoever takes them says what is allowed.

    Raises:
        Refused: they hold NUL.
    """
    if "\x00" in value:
        raise Refused("BadRequestInvalid", "text must not hold NUL")
    return value


def texts(value: str) -> tuple[str, ...]:
    """Several words with commas between them."""
    return tuple(part.strip() for part in text(value).split(",") if part.strip())


def flag(value: str) -> bool:
    """`true` or `false`."""
    return {"true": True, "false": False}[value.strip().lower()]


def whole(most: int = _LONGEST_INT) -> Reader:
    """A number of things."""

    def read(value: str) -> int:
        number = int(value) if value.strip().lstrip("+-").isascii() and len(value) < 20 else -1
        if not 0 <= number <= most:
            raise Refused("BadRequestInvalid", f"a number from 0 to {most} is wanted")
        return number

    return read


def share(value: str) -> float:
    """A number from 0 to 1."""
    number = float(value)
    if not 0.0 <= number <= 1.0:
        raise Refused("BadRequestInvalid", "a number from 0 to 1 is wanted")
    return number


def arguments(fields: Sequence[Query], query: bytes) -> dict[str, object]:
    """What a query says, by the names that operations use; parameters that nobody knows are passed over.

    Raises:
        Refused: something is missing or is none.
    """
    given = _given(query)
    return {field.argument: _value(field, given) for field in fields}


def _value(field: Query, given: Mapping[str, str]) -> object:
    value = given.get(field.name.lower())
    if value is None or (not value and field.read is not text):
        if field.is_required:
            raise Refused("BadRequestRequiredParamIsNull", f"the parameter {field.name} is missing")
        return field.default
    try:
        return field.read(value)
    except (ValueError, KeyError):
        raise Refused("BadRequestInvalid", f"the parameter {field.name} is not as it should be") from None


def _given(query: bytes) -> dict[str, str]:
    """By name in lower case; what is said several times is joined, as lists are."""
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Refused("BadRequestInvalid", "the query cannot be read") from None
    return _joined(pairs)


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        given[key] = f"{given[key]},{value}" if key in given else value
    return given
