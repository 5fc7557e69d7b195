"""Merge patches of twins (spec/iot.md section 4). Pure."""

from __future__ import annotations

from collections.abc import Mapping


def merged(document: Mapping[str, object], patch: Mapping[str, object]) -> dict[str, object]:
    """The document after a patch: members merge, `null` deletes, arrays and all else are replaced."""
    result = dict(document)
    for key, value in patch.items():
        before = result.get(key)
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            result[key] = merged(before if isinstance(before, Mapping) else {}, value)
        else:
            result[key] = value
    return result


def difference(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, object]:
    """The smallest patch that makes `after` of `before`; neither holds a null."""
    patch: dict[str, object] = {key: None for key in before if key not in after}
    for key, value in after.items():
        old = before.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            if deeper := difference(old, value):
                patch[key] = deeper
        elif value != old:
            patch[key] = value
    return patch
