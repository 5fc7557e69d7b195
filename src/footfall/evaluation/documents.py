"""Reading what people hand in: every fault becomes a `ConfigError` that names file and place."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

import msgspec

from footfall.core.errors import ConfigError, Problem

Document = TypeVar("Document")


def refuse(file: str, path: str, what: str, cure: str) -> NoReturn:
    """Give up on a document because of one problem.

    Raises:
        ConfigError: always.
    """
    raise ConfigError([Problem(file, path, what, cure)])


def parse_json(text: str | bytes, kind: type[Document], file: str, cure: str) -> Document:
    """JSON text -> `kind`, checked.

    Raises:
        ConfigError: not JSON, or not of this form; `cure` says what form is wanted.
    """
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.ValidationError as error:
        what, path = _what_and_path(error)
        refuse(file, path, what, cure)
    except (msgspec.DecodeError, UnicodeError) as error:
        refuse(file, "$", f"not JSON: {error}", cure)


def convert(document: Any, kind: type[Document], file: str, cure: str) -> Document:
    """Decoded JSON -> `kind`, checked.

    Raises:
        ConfigError: not of this form.
    """
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        what, path = _what_and_path(error)
        refuse(file, path, what, cure)


def _what_and_path(error: msgspec.ValidationError) -> tuple[str, str]:
    what, _, path = str(error).partition(" - at `")
    return what, path.rstrip("`") or "$"
