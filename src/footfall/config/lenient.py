"""JSON as people paste it -> JSON: the breakages of published samples (spec/operations.md section 2, RULE 3 h)."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*") | (?P<comma>,(?=\s*(?:[}\]]|\Z))) | (?P<open>[{\[]) | (?P<close>[}\]]) | .""",
    re.DOTALL | re.VERBOSE,
)
_CLOSER = {"{": "}", "[": "]"}
_RAW = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def mend(text: str) -> tuple[str, tuple[str, ...]]:
    """Mend trailing commas, raw line breaks in strings, and surplus or missing closing brackets.

    Returns:
        The mended text, and one sentence for each mend. The text may still not be JSON.
    """
    out: list[str] = []
    awaited: list[str] = []
    mends: list[str] = []
    for match in _TOKEN.finditer(text):
        token, kind = match.group(), match.lastgroup
        line = text.count("\n", 0, match.start()) + 1 if kind else 0
        if kind == "string":
            out.append(_unbroken(token, line, mends))
        elif kind == "comma":
            mends.append(f"trailing comma in line {line} was ignored")
        elif kind == "close":
            out.extend(_closed(token, awaited, line, mends))
        else:
            out.append(token)
            if kind == "open":
                awaited.append(_CLOSER[token])
    for closer in reversed(awaited):
        out.append(closer)
        mends.append(f"missing {closer!r} was added at the end")
    return "".join(out), tuple(mends)


def _unbroken(string: str, line: int, mends: list[str]) -> str:
    whole = "".join(_RAW.get(character, character) for character in string)
    if whole != string:
        mends.append(f"raw line break or tab inside the string of line {line} was escaped")
    return whole


def _closed(closer: str, awaited: list[str], line: int, mends: list[str]) -> list[str]:
    """The brackets to write for one closing bracket read."""
    if closer not in awaited:
        mends.append(f"surplus {closer!r} in line {line} was ignored")
        return []
    written = []
    while awaited[-1] != closer:
        written.append(awaited.pop())
        mends.append(f"missing {written[-1]!r} was added in line {line}")
    written.append(awaited.pop())
    return written
