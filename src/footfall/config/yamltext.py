"""YAML text -> plain values: the JSON-like part of YAML 1.2, without tags, anchors and `no` for false."""

from __future__ import annotations

import re

import yaml

from footfall.config.document import Document, Value, child, is_sound

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TAGS = {"map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge", "value"}
"""What the parser tells plain words apart by; `_scalar` decides."""
_WORDS: dict[str, Value] = {
    "": None, "~": None, "null": None, "Null": None, "true": True, "True": True, "false": False, "False": False,
}  # fmt: skip


class PlainLoader(yaml.SafeLoader):
    """Composes nodes, refuses aliases: a few bytes of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """As its base, but for aliases."""
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(None, None, "aliases (*name) are not supported; write the value out", mark)
        return super().compose_node(parent, index)


def parse_yaml(text: str, document: Document) -> Value:
    """YAML text -> values; None, with an error at line and column noted, where it is not YAML."""
    try:
        node = yaml.compose(text, Loader=PlainLoader)
        value = None if node is None else _value(node, "$", document)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        document.error("$", f"not valid YAML{where}: {error.problem or error.context}", "correct the text there")
        return None
    except yaml.YAMLError as error:
        document.error("$", f"not valid YAML: {str(error).splitlines()[0]}", "save the file as plain UTF-8 text")
        return None
    except RecursionError:
        document.error("$", "nested too deeply", "use fewer levels")
        return None
    return value if is_sound(value, "$", document) else None


def _value(node: yaml.Node, path: str, document: Document) -> Value:
    if node.tag.removeprefix("tag:yaml.org,2002:") not in _TAGS:
        raise yaml.MarkedYAMLError(None, None, f"the tag {node.tag} is not supported", node.start_mark)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, child(path, index), document) for index, item in enumerate(node.value)]
    plain = isinstance(node, yaml.ScalarNode) and node.style is None
    return _scalar(node.value) if plain else node.value


def _mapping(node: yaml.MappingNode, path: str, document: Document) -> dict[str, Value]:
    members: dict[str, Value] = {}
    for key, item in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.MarkedYAMLError(None, None, "a key has to be a plain word", key.start_mark)
        where = child(path, key.value)
        if key.value in members:
            document.warn(where, "given twice", "remove one; the last one counts")
        members[key.value] = _value(item, where, document)
    return members


def _scalar(text: str) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
