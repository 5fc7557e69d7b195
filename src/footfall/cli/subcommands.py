"""Help of a sub-command: its line in the help of the command, and those of the command's examples it is in."""

from __future__ import annotations

import argparse
import re

EXAMPLE = re.compile(r"^  (?:\w+=\S+ )*footfall (?:.*\\\n)*.*$", re.MULTILINE)


def explain(parser: argparse.ArgumentParser, description: str) -> None:
    """Give every sub-command of `parser`, and theirs, a description and examples where it has none of its own."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            lines = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, child in action.choices.items():
                child.formatter_class = argparse.RawDescriptionHelpFormatter
                child.description = child.description or f"{lines[name][:1].upper()}{lines[name][1:]}."
                child.epilog = child.epilog or _examples(child.prog, description)
                explain(child, description)


def _examples(prog: str, description: str) -> str | None:
    found = [line for line in EXAMPLE.findall(description) if f"{prog} " in f"{line} "]
    return "\n".join(["Examples:", *found]) if found else None
