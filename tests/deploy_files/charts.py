"""Renders the part of Helm's template language that our chart uses; anything else is an error."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

_TAG = re.compile(r"[ \t]*\{\{-\s*(.*?)\s*\}\}(?:\n|$)|\{\{\s*(.*?)\s*\}\}")
_IF = re.compile(r"if (not )?(\S+)")
_YAML = re.compile(r"toYaml (\S+) \| nindent (\d+)")
_DEFAULT = re.compile(r"(\S+) \| default (?:\(printf \"([^\"]*)\" (\S+)\)|(\S+))")


class Chart:
    """A chart with its values."""

    def __init__(self, folder: Path, release: str, **values: Any) -> None:
        chart = yaml.safe_load((folder / "Chart.yaml").read_text("utf-8"))
        defaults = yaml.safe_load((folder / "values.yaml").read_text("utf-8"))
        merged = {key: {**default, **values.get(key, {})} if isinstance(default, dict) else values.get(key, default)
                  for key, default in defaults.items()}  # fmt: skip
        self._root = {"Values": merged, "Release": {"Name": release}, "Chart": {"AppVersion": chart["appVersion"]}}
        self._templates = sorted((folder / "templates").glob("*.yaml"))

    def documents(self) -> dict[str, Any]:
        """Kind -> document."""
        texts = [self._render(template.read_text("utf-8")) for template in self._templates]
        return {document["kind"]: document for text in texts for document in yaml.safe_load_all(text) if document}

    def _render(self, text: str) -> str:
        done, open_parts, at = [], [True], 0
        for tag in _TAG.finditer(text):
            if all(open_parts):
                done.append(text[at : tag.start()])
            at = tag.end()
            word = tag[1] or tag[2]
            if condition := _IF.fullmatch(word):
                open_parts.append(bool(self._value(condition[2])) is not bool(condition[1]))
            elif word == "else":
                open_parts[-1] = not open_parts[-1]
            elif word == "end":
                open_parts.pop()
            elif all(open_parts):
                done.append(self._put(word) + ("\n" if tag[1] else ""))
        assert open_parts == [True], "an if without its end"
        return "".join(done) + text[at:]

    def _put(self, word: str) -> str:
        if found := _YAML.fullmatch(word):
            indent = " " * int(found[2])
            return "".join(f"{indent}{line}\n" for line in yaml.safe_dump(self._value(found[1])).splitlines()).rstrip()
        if found := _DEFAULT.fullmatch(word):
            other = found[2] % self._value(found[3]) if found[2] else self._value(found[4])
            return str(self._value(found[1]) or other)
        return str(self._value(word))

    def _value(self, path: str) -> Any:
        value: Any = self._root
        for name in path.removeprefix(".").split("."):
            value = value[name]
        return value
