"""Names that people give to projects, tags and iterations."""

from __future__ import annotations

import unicodedata


def is_fit(name: str, longest: int) -> bool:
    """Whether it is one line with something to read in it: lists of tags are kept line by line."""
    is_line = not any(unicodedata.category(sign) in {"Cc", "Zl", "Zp", "Cs"} for sign in name)
    return is_line and bool(name.strip()) and len(name) <= longest


def folded(name: str) -> str:
    """How names are compared: `Fork` is `fork`."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
