"""Which requests are written into the audit log when they have been done; nobody has to think of it in a route."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_API: Final = "/api/v1"
EVENTS: Final[Mapping[tuple[str, str], str]] = {
    ("PUT", f"{_API}/config"): "configuration-changed",
    ("POST", f"{_API}/config/versions/{{number}}/restore"): "configuration-restored",
    ("POST", f"{_API}/cameras"): "camera-added",
    ("PATCH", f"{_API}/cameras/{{camera}}"): "camera-changed",
    ("DELETE", f"{_API}/cameras/{{camera}}"): "camera-removed",
    ("PUT", f"{_API}/cameras/{{camera}}/regions"): "regions-changed",
    ("PUT", f"{_API}/cameras/{{camera}}/snapshots"): "snapshots-changed",
    ("DELETE", f"{_API}/cameras/{{camera}}/snapshots"): "snapshots-ended",
    ("POST", f"{_API}/places/{{place}}/anchor"): "anchor-set",
    ("GET", f"{_API}/numbers/export"): "numbers-exported",
    ("POST", f"{_API}/accuracy"): "accuracy-audit-begun",
    ("PUT", f"{_API}/accuracy/{{id}}/answers"): "accuracy-audit-answered",
    ("POST", f"{_API}/models/cameras"): "model-at-cameras-changed",
    ("POST", f"{_API}/models/cameras/back"): "model-at-cameras-taken-back",
    ("POST", f"{_API}/models/comparisons"): "models-compared",
    ("DELETE", f"{_API}/models/comparisons/{{id}}"): "comparison-ended",
}
"""(method, path as in the OpenAPI document) -> event. Opening real pictures is told by the guard before it happens."""

TOLD_ELSEWHERE: Final = frozenset({
    ("POST", f"{_API}/setup"), ("POST", f"{_API}/session"), ("DELETE", f"{_API}/session"),
    ("PUT", f"{_API}/session/password"), ("POST", f"{_API}/users"), ("PUT", f"{_API}/users/{{name}}"),
    ("DELETE", f"{_API}/users/{{name}}"), ("DELETE", f"{_API}/users/{{name}}/sessions/{{id}}"),
    ("POST", f"{_API}/tokens"), ("DELETE", f"{_API}/tokens/{{id}}"),
    ("POST", f"{_API}/cameras/{{camera}}/snapshots/erase"),
    ("DELETE", f"{_API}/recordings"), ("DELETE", f"{_API}/recordings/{{id}}"),
})  # fmt: skip
"""Accounts and pictures write their own entries, with more in them."""

WITHOUT_EFFECT: Final = frozenset({
    ("POST", f"{_API}/config/check"), ("POST", f"{_API}/cameras/{{camera}}/regions/check"),
    ("POST", f"{_API}/cameras/{{camera}}/regions/preview"), ("POST", f"{_API}/probe"), ("POST", f"{_API}/discovery"),
})  # fmt: skip
"""Nothing is changed by them."""
