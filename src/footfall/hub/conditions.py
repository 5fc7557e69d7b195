"""Conditions of routes: read once, asked of every message (spec/iot.md section 6). Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Final, NoReturn, TypeAlias

import msgspec

from footfall.hub.messages import BadRequest, HubMessage
from footfall.hub.values import BINDING, EQUALITY, FUNCTIONS, OPERATORS, UNDEFINED, Operator, minus, negated

Expression: TypeAlias = Callable[[HubMessage], object]

DEEPEST: Final = 20
"""Parentheses, functions and signs inside each other."""

TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<body>\$body\b(?:\.\w+|\[[0-9]{1,9}\]|\['[^']*'\]|\["[^"]*"\])*)
    | (?P<system>\$[A-Za-z]\w*)
    | (?P<property>\{[^{}]+\})
    | (?P<word>[^\W\d]\w*)
    | (?P<sign>\?\?|\|\||<>|!=|<=|>=|[=<>+*/%(),-])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
STEP: Final = re.compile(r"""\.(\w+)|\[([0-9]+)\]|\['([^']*)'\]|\["([^"]*)"\]""")

SYSTEM: Final[Mapping[str, Expression]] = {
    "connectiondeviceid": lambda message: message.sender.device,
    "connectionmoduleid": lambda message: UNDEFINED if message.sender.module is None else message.sender.module,
    "outputname": lambda message: message.output or UNDEFINED,
    "messageid": lambda message: message.id,
    **{
        name: lambda message, key=key: UNDEFINED if message.system.get(key) is None else message.system[key]  # type: ignore[misc]
        for name, key in {
            "contenttype": "$.ct",
            "contentencoding": "$.ce",
            "correlationid": "$.cid",
            "userid": "$.uid",
            "to": "$.to",
            "expirytimeutc": "$.exp",
            "creationtimeutc": "$.ctime",
            "messageschema": "$.schema",
        }.items()
    },
}
ENCODINGS: Final = frozenset({"utf-8", "utf-16", "utf-32"})
LITERALS: Final[Mapping[str, object]] = {"true": True, "false": False, "null": None, "undefined": UNDEFINED}


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a route."""

    kind: str
    """`text`, `number`, `body`, `system`, `property`, `word`, `sign`, or `end`."""
    text: str
    at: int
    """Index of its first character."""

    def is_one(self, *signs: str) -> bool:
        """Whether it is one of these signs or keywords."""
        return self.text.lower() in signs


def parse_condition(text: str, start: int) -> tuple[Expression, int]:
    """Read the condition that begins at `start`, up to the word INTO or the end.

    Returns:
        What a message must make `True`, and the index behind the last token of the condition.

    Raises:
        BadRequest: says what is wrong, and at which character (counted from 1).
    """
    reader = _Reader(text, start)
    expression = reader.binary(0)
    if reader.token.kind != "end" and not reader.token.is_one("into"):
        reader.fail("an operator or INTO is missing")
    return expression, reader.token.at


def fail(text: str, at: int, what: str) -> NoReturn:
    """Refuse a route, naming the place."""
    here = f"before {text[at : at + 20]!r}" if text[at:].strip() else "at the end"
    raise BadRequest(f"{what}, {here} (character {at + 1})")


class _Reader:
    """One token ahead; operators bind as `BINDING` says."""

    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._end = start
        self._depth = 0
        self.token = self._next()

    def binary(self, level: int) -> Expression:
        if level == len(BINDING):
            return self._unary()
        if level == EQUALITY and self.token.is_one("not"):
            return self._not()
        first = self.binary(level + 1)
        rest = []
        while self.token.is_one(*BINDING[level]):
            rest.append((OPERATORS[self._take().text.lower()], self.binary(level + 1)))
        return _folded(first, rest) if rest else first

    def fail(self, what: str) -> NoReturn:
        fail(self._text, self.token.at, what)

    def _not(self) -> Expression:
        self._take()
        inner = self._inside(EQUALITY)
        return lambda message: negated(inner(message))

    def _unary(self) -> Expression:
        if self.token.is_one("-"):
            self._take()
            inner = self._inside(len(BINDING))
            return lambda message: minus(inner(message))
        return self._primary()

    def _primary(self) -> Expression:
        token = self.token
        read: Mapping[str, Callable[[], Expression]] = {
            "text": lambda: _constant(self._take().text[1:-1].replace(token.text[0] * 2, token.text[0])),
            "number": lambda: _constant(_number(self._take().text)),
            "body": lambda: _body_path(self._take().text),
            "system": self._system,
            "property": lambda: _property(self._take().text[1:-1]),
            "word": self._word,
            "(": self._parenthesis,
        }
        known = read.get(token.text if token.kind == "sign" else token.kind)
        if known is None:
            self.fail("a value is missing")
        return known()

    def _parenthesis(self) -> Expression:
        self._take()
        inner = self._inside(0)
        self._require(")")
        return inner

    def _system(self) -> Expression:
        name = self.token.text[1:].lower()
        if name not in SYSTEM:
            self.fail(f"there is no system property {self.token.text}")
        self._take()
        return SYSTEM[name]

    def _word(self) -> Expression:
        word = self.token
        if word.is_one("into", "and", "or", "not", "where", "from"):
            self.fail("a value is missing")
        self._take()
        if self.token.is_one("("):
            return self._call(word)
        if word.text.lower() in LITERALS:
            return _constant(LITERALS[word.text.lower()])
        return _property(word.text)

    def _call(self, name: Token) -> Expression:
        function = FUNCTIONS.get(name.text.lower())
        if function is None:
            fail(self._text, name.at, f"there is no function {name.text}")
        self._take()
        arguments = [] if self.token.is_one(")") else [self._inside(0)]
        while self.token.is_one(","):
            self._take()
            arguments.append(self._inside(0))
        self._require(")")
        if not function.least <= len(arguments) <= function.most:
            wanted = f"{function.least}" if function.least == function.most else f"{function.least} to {function.most}"
            fail(self._text, name.at, f"{name.text} takes {wanted} arguments, not {len(arguments)}")
        return _applied(function.compute, *arguments)

    def _require(self, sign: str) -> None:
        if not self.token.is_one(sign):
            self.fail(f"{sign} is missing")
        self._take()

    def _take(self) -> Token:
        taken = self.token
        self.token = self._next()
        return taken

    def _inside(self, level: int) -> Expression:
        """What stands inside parentheses, or behind a sign."""
        if self._depth == DEEPEST:
            self.fail(f"more than {DEEPEST} parts of the condition inside each other")
        self._depth += 1
        inner = self.binary(level)
        self._depth -= 1
        return inner

    def _next(self) -> Token:
        found = TOKEN.match(self._text, self._end)
        if found is None:
            at = self._end + len(self._text[self._end :]) - len(self._text[self._end :].lstrip())
            if at < len(self._text):
                fail(self._text, at, "this is no word of a condition")
            return Token("end", "", at)
        self._end = found.end()
        kind = found.lastgroup or ""
        return Token(kind, found[kind], found.start(kind))


def _applied(compute: Callable[..., object], *arguments: Expression) -> Expression:
    return lambda message: compute(*(argument(message) for argument in arguments))


def _folded(first: Expression, rest: Sequence[tuple[Operator, Expression]]) -> Expression:
    """Equals in a row, from left to right."""

    def value(message: HubMessage) -> object:
        result = first(message)
        for compute, right in rest:
            result = compute(result, right(message))
        return result

    return value


def _constant(value: object) -> Expression:
    return lambda _message: value


def _number(text: str) -> object:
    if text.isdecimal():
        return int(text)
    number = float(text)
    return number if isfinite(number) else UNDEFINED


def _property(name: str) -> Expression:
    def value(message: HubMessage) -> object:
        return message.properties.get(name, UNDEFINED)

    return value


def _body_path(text: str) -> Expression:
    steps = [
        int(step[2]) if step[2] else next(part for part in step.groups() if part is not None)
        for step in STEP.finditer(text)
    ]

    def value(message: HubMessage) -> object:
        here = _body(message.body, message.content_type, message.content_encoding)
        for step in steps:
            if isinstance(step, int):
                here = here[step] if isinstance(here, list) and step < len(here) else UNDEFINED
            else:
                here = here.get(step, UNDEFINED) if isinstance(here, Mapping) else UNDEFINED
        return here

    return value


@lru_cache(maxsize=4)
def _body(body: bytes, content_type: str, encoding: str) -> object:
    """The body as JSON, kept for the other routes that ask of the same message."""
    encoding = encoding.lower()
    if content_type.partition(";")[0].strip().lower() != "application/json" or encoding not in ENCODINGS:
        return UNDEFINED
    try:
        return msgspec.json.decode(body.decode(encoding))
    except (ValueError, RecursionError):
        return UNDEFINED
