"""The reference of set-up findings has every code with its severity, and no others."""

from __future__ import annotations

import re
from pathlib import Path

from footfall.spatial.lint.findings import CODES

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "set-up-findings.md"


def test_every_code_is_explained_and_no_others() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \| (error|warning|hint) \| .{15,} \|$", REFERENCE.read_text(), re.M)
    assert len(told) == len(set(told))
    assert dict(told) == {code: severity.value for code, severity in CODES.items()}
