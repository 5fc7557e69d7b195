"""`$filter`: which metadata images are asked for by (spec/custom-vision.md 3.2).

`<key> eq|ne '<value>'`, joined by `and` and `or`; `and` binds closer. A quote in a value is doubled. An image without
the key has no value that is equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

LONGEST: Final = 4096
"""Characters."""
_TERM: Final = re.compile(r"\s*(?P<key>[^\s']+)\s+(?P<how>eq|ne)\s+'(?P<value>(?:[^']|'')*)'", re.IGNORECASE)
_JOIN: Final = re.compile(r"\s+(?P<how>and|or)(?=\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison."""

    key: str
    is_equal: bool
    """False: the value must be another, or missing."""
    value: str


Filter: TypeAlias = tuple[tuple[Term, ...], ...]
"""One of these, all of whose terms hold."""


def parse_filter(text: str) -> Filter:
    """Read a filter.

    Raises:
        ValueError: it is none, or too long.
    """
    if len(text) > LONGEST:
        raise ValueError(f"a filter has at most {LONGEST} characters")
    groups: list[list[Term]] = [[]]
    at = 0
    while True:
        term = _TERM.match(text, at)
        if not term:
            raise ValueError(f"expected: key eq 'value', or key ne 'value', at character {at + 1}")
        groups[-1].append(Term(term["key"], term["how"].lower() == "eq", term["value"].replace("''", "'")))
        at = term.end()
        if not text[at:].strip():
            return tuple(map(tuple, groups))
        join = _JOIN.match(text, at)
        if not join:
            raise ValueError(f"expected: and, or, or the end, at character {at + 1}")
        if join["how"].lower() == "or":
            groups.append([])
        at = join.end()
