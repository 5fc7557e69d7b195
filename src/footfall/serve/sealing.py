"""Passwords out of a configuration before it is kept: each becomes a `${NAME}`, and stays where it was otherwise.

Sealed are passwords in URLs, keys and signatures in their queries, and the values of keys that are called so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from footfall.config.yamltext import PlainLoader
from footfall.core.errors import ConfigError, Problem

_IN_URL = re.compile(r"(?P<before>[A-Za-z][A-Za-z0-9+.-]*://[^/\s:@]*:)(?P<secret>[^/\s]+)(?=@)")
_IN_QUERY = re.compile(
    r"(?P<before>\b(?:password|passwd|pwd|sig|token|sharedaccesskey|api_?key|key_env|iv_env)=)(?P<secret>[^&;\s\"']+)",
    re.IGNORECASE,
)
_KEYS = re.compile(r"(?i)(.*_)?(pass(word|wd|phrase)?|secret|api_?key|key_env|iv_env|sharedaccesskey)")
_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
PREFIX = "SEALED_"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A text without secrets, and those that were in it and are not known yet."""

    text: str
    fresh: Mapping[str, str]
    """Name -> secret."""


class Seals:
    """Gives out names: the same one for the same secret."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._names = {secret: name for name, secret in known.items()}
        self._taken = set(known)
        self.fresh: dict[str, str] = {}

    def seal(self, secret: str) -> str:
        """What stands for a secret; what is a name already stays as it is."""
        if not secret or _NAME.search(secret):
            return secret
        if secret not in self._names:
            number = next(n for n in range(1, len(self._taken) + 2) if f"{PREFIX}{n}" not in self._taken)
            name = f"{PREFIX}{number}"
            self._taken.add(name)
            self._names[secret] = name
            self.fresh[name] = secret
        return f"${{{self._names[secret]}}}"

    def in_value(self, value: str, *, is_secret: bool = False) -> str:
        """A value with its secrets sealed."""
        if is_secret:
            return self.seal(value)
        for pattern in (_IN_URL, _IN_QUERY):
            value = pattern.sub(lambda found: found["before"] + self.seal(found["secret"]), value)
        return value


def sealed(text: str, known: Mapping[str, str]) -> Sealed:
    """A configuration, YAML or JSON, without secrets; all else stays as it was given, comments included.

    Args:
        text: the configuration.
        known: name -> secret, of those that are kept already.

    Raises:
        ConfigError: it is not YAML, so nobody can tell what in it is secret.
    """
    seals = Seals(known)
    try:
        root = yaml.compose(text.replace("\t", " "), Loader=PlainLoader)
        scalars = sorted(_scalars(root), key=lambda found: found[0].start_mark.index) if root else []
    except (yaml.YAMLError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise ConfigError(
            [Problem("configuration", "$", f"not valid YAML at line {line}", "correct the text there")]
        ) from error
    pieces, done = [], 0
    for node, is_secret in scalars:
        before = _joined(node.value)
        value = seals.in_value(before, is_secret=is_secret)
        if value == before:
            continue
        end = "\n" if node.style in ("|", ">") else ""
        between = seals.in_value(text[done : node.start_mark.index])
        pieces += [between, json.dumps(value, ensure_ascii=False) + end]
        done = node.end_mark.index
    return Sealed("".join([*pieces, seals.in_value(text[done:])]), seals.fresh)


def revealed(text: str, secrets: Mapping[str, str]) -> str:
    """A JSON text with its secrets back in their places; for dialects that know no `${NAME}`."""

    def reveal(found: re.Match[str]) -> str:
        secret = secrets.get(found[1])
        return found[0] if secret is None else json.dumps(secret, ensure_ascii=False)[1:-1]

    return _NAME.sub(reveal, text)


def _joined(text: str) -> str:
    """Characters that JSON has written as two halves, whole."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _scalars(node: yaml.Node, *, is_secret: bool = False) -> Iterator[tuple[yaml.ScalarNode, bool]]:
    """Every value, and whether its key says that it is a secret."""
    if isinstance(node, yaml.ScalarNode):
        if is_secret or node.tag.endswith(":str"):
            yield node, is_secret
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item)
    elif isinstance(node, yaml.MappingNode):
        for key, item in node.value:
            named = isinstance(key, yaml.ScalarNode) and _KEYS.fullmatch(key.value) is not None
            yield from _scalars(item, is_secret=named and isinstance(item, yaml.ScalarNode))
