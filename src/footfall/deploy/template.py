"""Deployment templates -> manifests: variables put in, options turned into text (spec/iot.md section 8). Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from footfall.core.errors import ConfigError, Problem

_LINE: Final = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*")
_REFERENCE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$([A-Za-z_][A-Za-z0-9_]*)")
_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]*")


def read_env(text: str, file: str) -> dict[str, str]:
    """`NAME=value` lines; quotes around a value and `#` lines are dropped.

    Raises:
        ConfigError: a line has another form; its value is not repeated, it may be a secret.
    """
    values: dict[str, str] = {}
    problems = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            problems.append(Problem(file, f"line {number}", "is not NAME=value", "mend or remove the line"))
        else:
            values[match[1]] = _unquoted(match[2])
    if problems:
        raise ConfigError(problems)
    return values


def expand(text: str, variables: Mapping[str, str], file: str) -> dict[str, Any]:
    """A manifest: `$NAME` and `${NAME}` replaced where `variables` has them, `createOptions` as text.

    Names such as `$edgeAgent` and `$upstream` stay, and so does `${MODULES.camera}`.

    Raises:
        ConfigError: a variable is missing, or the result is no JSON object.
    """
    missing: dict[str, None] = {}

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name in variables:
            return json.dumps(variables[name])[1:-1]
        if match[1] or _VARIABLE.fullmatch(name):
            missing[name] = None
        return match[0]

    expanded = _REFERENCE.sub(value, text.removeprefix("\ufeff"))
    if missing:
        cure = "add it to the .env file beside the template, or name the file with --env"
        raise ConfigError([Problem(file, f"${name}", "is not set", cure) for name in missing])
    try:
        document = json.loads(expanded)
    except (ValueError, RecursionError) as error:
        raise ConfigError([Problem(file, "$", f"is no JSON: {error}", "mend it; footfall validate helps")]) from None
    if not isinstance(document, dict):
        raise ConfigError([Problem(file, "$", "is no JSON object", "give a deployment manifest or template")])
    document.pop("$schema-template", None)
    return {key: _with_text_options(part) for key, part in document.items()}


def _with_text_options(part: Any) -> Any:
    if isinstance(part, list):
        return [_with_text_options(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        key: json.dumps(item, separators=(",", ":"))
        if key == "createOptions" and isinstance(item, dict)
        else _with_text_options(item)
        for key, item in part.items()
    }


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'" else value
