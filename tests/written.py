"""Stories whose every figure is written down: what is told changes only on purpose.

`FOOTFALL_GOLDEN=write pytest` rewrites the files under `tests/golden`; review the diff.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from itertools import zip_longest
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def assert_as_written(name: str, said: Iterable[str]) -> None:
    """Every line as in the file `name` (`package/story`); the first that differs is the last that is asked for."""
    golden = GOLDEN / f"{name}.jsonl"
    if os.environ.get("FOOTFALL_GOLDEN") == "write":
        said = list(said)
        golden.write_text("".join(f"{line}\n" for line in said))
    for number, (line, known) in enumerate(zip_longest(said, golden.read_text().splitlines()), 1):
        assert line == known, f"line {number} of {golden.name}"


def in_json(*values: object) -> str:
    """One line of a golden file; figures to six places."""
    return json.dumps([_plain(value) for value in values])


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return round(value, 6) + 0.0
    if is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, dict):
        return [[_plain(key), _plain(one)] for key, one in value.items()]
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value if isinstance(value, bool | int | str | None) else str(value)
