"""JSON documents of twins: merged, compared and held to IoT Hub's limits (spec/iot.md section 4). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import msgspec

from footfall.hub.messages import BadRequest

Document: TypeAlias = Mapping[str, object]

DEEPEST: Final = 10
"""Objects inside objects below the document itself."""
LONGEST_KEY: Final = 1024
LONGEST_TEXT: Final = 4096
LARGEST_DOCUMENT: Final = 32 * 1024
"""All three in bytes of UTF-8."""
LARGEST_INTEGER: Final = 2**52
FORBIDDEN: Final = frozenset(".$# ")
READ_ONLY: Final = ("$version", "$metadata")


def parse(payload: bytes) -> dict[str, object]:
    """A JSON object.

    Raises:
        BadRequest: it is not JSON, or not an object.
    """
    try:
        document = msgspec.json.decode(payload)
    except ValueError as error:
        raise BadRequest(f"not JSON: {error}") from None
    except RecursionError:
        raise BadRequest("not JSON that anybody reads: nested too deeply") from None
    if not isinstance(document, dict):
        raise BadRequest("a JSON object is needed, {…}")
    return document


def merged(document: Document, patch: Document) -> dict[str, object]:
    """A document after a merge patch (RFC 7396): objects merge, null deletes, anything else replaces whole."""
    result = dict(document)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            old = result.get(key)
            result[key] = merged(old if isinstance(old, Mapping) else {}, value)
        else:
            result[key] = value
    return result


def patch_between(old: Document, new: Document) -> dict[str, object]:
    """The smallest merge patch that makes `new` of `old`; there is no null in `new`."""
    patch: dict[str, object] = {key: None for key in old if key not in new}
    for key, value in new.items():
        before = old.get(key)
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            inner = patch_between(before, value)
            if inner:
                patch[key] = inner
        elif not _same(before, value):
            patch[key] = value
    return patch


def writable(document: Document) -> dict[str, object]:
    """What back ends send is often what they were given: `$version` and `$metadata` are not theirs to write."""
    return {key: value for key, value in document.items() if key not in READ_ONLY}


def check(document: Document) -> None:
    """Hold a document or a patch to the limits; in a patch null may stand for a value.

    Raises:
        BadRequest: says which property breaks which limit.
    """
    _check_object(document, "", 0)


def check_size(document: Document) -> None:
    """Hold the whole document to its size.

    Raises:
        BadRequest: it is larger.
    """
    size = len(msgspec.json.encode(document))
    if size > LARGEST_DOCUMENT:
        raise BadRequest(f"the document would have {size} bytes, at most {LARGEST_DOCUMENT} are allowed")


def _check_object(document: Mapping[str, object], path: str, depth: int) -> None:
    if depth > DEEPEST:
        raise BadRequest(f"{path}: more than {DEEPEST} objects inside each other")
    for key, value in document.items():
        _check_key(key, path)
        _check_value(value, f"{path}.{key}" if path else key, depth)


def _check_value(value: object, path: str, depth: int) -> None:
    match value:
        case Mapping():
            _check_object(value, path, depth + 1)
        case list():
            _check_array(value, path, depth)
        case str() if _bytes(value) > LONGEST_TEXT:
            raise BadRequest(f"{path}: a text of {_bytes(value)} bytes, at most {LONGEST_TEXT} are allowed")
        case int() if abs(value) > LARGEST_INTEGER:
            raise BadRequest(f"{path}: an integer beyond {LARGEST_INTEGER}")


def _check_array(values: list[object], path: str, depth: int) -> None:
    if depth > DEEPEST:
        raise BadRequest(f"{path}: nested too deeply")
    for index, value in enumerate(values):
        if value is None:
            raise BadRequest(f"{path}[{index}]: no null inside an array")
        _check_value(value, f"{path}[{index}]", depth + 1)


def _check_key(key: str, path: str) -> None:
    where = f"{path}: " if path else ""
    if not key:
        raise BadRequest(f"{where}a property without a name")
    if _bytes(key) > LONGEST_KEY:
        raise BadRequest(f"{where}a name of {_bytes(key)} bytes, at most {LONGEST_KEY} are allowed")
    wrong = next((letter for letter in key if letter in FORBIDDEN or _is_control(letter)), None)
    if wrong is not None:
        raise BadRequest(f"{where}the name {key!r} has a {wrong!r}: no dot, $, #, blank or control character, please")


def _is_control(letter: str) -> bool:
    return letter < " " or "\x7f" <= letter <= "\x9f"


def _bytes(text: str) -> int:
    return len(text.encode())


def _same(one: object, other: object) -> bool:
    """Whether two values are the same JSON; `true` is not `1`."""
    return msgspec.json.encode(one, order="sorted") == msgspec.json.encode(other, order="sorted")
