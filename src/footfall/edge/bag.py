"""Property bags: what travels beside a message's body, inside its topic (spec/iot.md section 3.1). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, unquote


def encode_bag(properties: Mapping[str, str | None]) -> str:
    """`key=value&key=value`, both percent-encoded, in the order given; a key without value has no `=`.

    A blank becomes `%20`, `/` becomes `%2F`: clients split topics at slashes. The `$` of a system key stays as it is.
    """
    return "&".join(
        quote(key, safe="$") if value is None else f"{quote(key, safe='$')}={quote(value, safe='')}"
        for key, value in properties.items()
    )


def decode_bag(text: str) -> dict[str, str | None]:
    """The properties of a bag; of a key that occurs twice the last value counts."""
    pairs = (part.partition("=") for part in text.split("&") if part)
    return {unquote(key): unquote(value) if equals else None for key, equals, value in pairs}
