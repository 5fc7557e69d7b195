"""Topic filters (MQTT 3.1.1 section 4.7). Pure."""

from __future__ import annotations


def is_filter(text: str) -> bool:
    """Whether a subscription may ask for this: `+` stands for a whole level, `#` for all that follows, at the end."""
    levels = text.split("/")
    if levels[-1] == "#":
        levels.pop()
    return bool(text) and all("#" not in level and (level == "+" or "+" not in level) for level in levels)


def matches(pattern: str, topic: str) -> bool:
    """Whether a message on this topic is for a subscriber to this filter.

    A filter that begins with a wildcard does not match topics that begin with `$` [MQTT-4.7.2-1].
    """
    wanted, given = pattern.split("/"), topic.split("/")
    if topic.startswith("$") and wanted[0] in {"#", "+"}:
        return False
    if wanted[-1] == "#":
        wanted.pop()
        if len(given) < len(wanted):
            return False
        given = given[: len(wanted)]
    return len(wanted) == len(given) and all(w in {"+", g} for w, g in zip(wanted, given, strict=True))
