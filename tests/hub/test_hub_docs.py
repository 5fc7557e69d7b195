"""The pages about the hub: complete, and what they show works."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from footfall.hub.conditions import SYSTEM
from footfall.hub.content import HUB, read_content
from footfall.hub.documents import DEEPEST, LARGEST_DOCUMENT, LONGEST_KEY, LONGEST_TEXT
from footfall.hub.hub import Hub
from footfall.hub.identities import POLICIES
from footfall.hub.refusals import CODES
from footfall.hub.service import Service
from footfall.hub.values import FUNCTIONS, OPERATORS

DOCS = Path(__file__).resolve().parents[2] / "docs"
REFERENCE = (DOCS / "reference" / "hub.md").read_text()
HOW_TO = (DOCS / "how-to" / "run-the-edge-hub.md").read_text()


@pytest.mark.parametrize(("status", "code", "name"), CODES.values())
def test_every_error_is_told(status: int, code: int, name: str) -> None:
    assert re.search(rf"^\| {status} \| {code} \| `{name}` \|", REFERENCE, re.M)


def test_every_address_is_told() -> None:
    hub: Hub = object()  # type: ignore[assignment]
    told = REFERENCE.replace("{d}", "{device}").replace("{m}", "{module}")
    paths = {route.path for route in Service(hub).app().routes}  # type: ignore[attr-defined]
    assert {path for path in paths if f"{path}`" not in told} == set()


def test_every_word_of_a_condition_is_told() -> None:
    condition = REFERENCE.partition("A condition is made of")[2].partition("## HTTPS")[0]
    words = set(re.findall(r"[a-z_]+", condition))
    assert FUNCTIONS.keys() <= words
    assert [sign for sign in OPERATORS if sign.replace("|", r"\|") not in condition] == []
    assert SYSTEM.keys() == {name.lower() for name in re.findall(r"`\$([A-Za-z]+)`", condition)}


def test_every_policy_and_limit_is_told() -> None:
    assert [name for name in POLICIES if f"| `{name}` |" not in REFERENCE] == []
    limits = REFERENCE.partition("| limit of a twin's part |")[2].partition("\n\n")[0]
    for limit in (
        f"{LONGEST_KEY:,} bytes",
        f"{LONGEST_TEXT:,} bytes",
        f"| {DEEPEST} |",
        f"{LARGEST_DOCUMENT // 1024} KiB",
    ):
        assert limit in limits


def test_the_how_tos_manifest_is_one() -> None:
    (text,) = re.findall(r"```json\n(\{\n  \"modulesContent\".*?)```", HOW_TO, re.S)
    assert read_content(json.loads(text)).desired.keys() == {HUB}


def test_the_how_tos_programs_are_python() -> None:
    programs = re.findall(r"```python\n(.*?)```", HOW_TO, re.S)
    assert len(programs) == 3
    for program in programs:
        compile(program, "how-to", "exec")


def test_the_how_to_tells_of_port_443() -> None:
    assert "--https-port 8443" in HOW_TO
    assert "CAP_NET_BIND_SERVICE" in HOW_TO
