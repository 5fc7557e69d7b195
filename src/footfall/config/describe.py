"""A Plan as plain JSON values: for golden files, reports and support. Without any secret."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from datetime import time
from enum import Enum
from math import isinf

from footfall.config.document import Value
from footfall.config.plan import NodePlan, Plan

_LOGIN = re.compile(r"(?<=://).*@")
_QUERY = re.compile(r"\?.*", re.DOTALL)


def describe(plan: Plan) -> dict[str, Value]:
    """A Plan as `json.dumps` takes it; logins and queries of URLs are masked, no limit is `"Infinity"`."""
    return {f.name: _member(f.name, getattr(plan, f.name)) for f in fields(plan)}


def mask(url: str) -> str:
    """A URL without its login and its query, which may hold a token."""
    return _QUERY.sub("?***", _LOGIN.sub("***@", url))


def _plain(value: object) -> Value:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, float) and isinf(value):
        return "Infinity"
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        members = {f.name: _member(f.name, getattr(value, f.name)) for f in fields(value)}
        kind = value.spec if isinstance(value, NodePlan) else value
        return members | ({"kind": type(kind).__name__} if kind is not value else _rule_kind(value))
    return value


def _member(name: str, value: object) -> Value:
    if name == "url" and isinstance(value, str):
        return mask(value)
    if name == "sinks" and isinstance(value, tuple):
        return [mask(sink) for sink in value]
    return _plain(value)


def _rule_kind(value: object) -> dict[str, Value]:
    name = type(value).__name__
    return {"kind": name} if name.endswith("Rule") else {}
