"""Whole documents and the plans they compile to. `FOOTFALL_GOLDEN=write pytest` rewrites the plans; review the diff."""

import json
import os
from pathlib import Path

import pytest

from footfall.config.describe import describe
from footfall.config.environment import read_settings
from footfall.config.load import Kind, check, load_plan, recognise

GOLDEN = Path(__file__).parent.parent / "golden" / "config"
ENVIRON = {
    "EULA": "accept",
    "KEY_ENV": bytes(range(32)).hex(),
    "IV_ENV": bytes(range(16)).hex(),
    "MQTT_PASSWORD": "pa55",
    "CAM_PASSWORD": "p@ss/word",
}
SETTINGS = read_settings(ENVIRON)
DOCUMENTS = {
    "manifest-every-operation.json": Kind.DEPLOYMENT,
    "template-shared-nodes.json": Kind.TEMPLATE,
    "twin-first-preview.json": Kind.TWIN,
    "desired-known-camera.json": Kind.DESIRED,
    "desired-with-warnings.json": Kind.DESIRED,
    "footfall.yaml": Kind.FOOTFALL,
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_compiles_to_its_plan(name: str) -> None:
    text = (GOLDEN / name).read_text()
    plan = load_plan(text, file=name, settings=SETTINGS)
    described = json.dumps(describe(plan), indent=1) + "\n"
    golden = GOLDEN / f"{name}.plan"
    if os.environ.get("FOOTFALL_GOLDEN") == "write":
        golden.write_text(described)
    assert described == golden.read_text()
    assert recognise(text) is DOCUMENTS[name]
    assert check(text, file=name, settings=SETTINGS) == plan.warnings
    for secret in ("pw@", "pa55", "p@ss", "p%40ss"):
        assert secret not in described
        assert secret not in repr(plan)


@pytest.mark.parametrize("name", [name for name, kind in DOCUMENTS.items() if kind is not Kind.FOOTFALL])
def test_objects_instead_of_strings_give_the_same_plan(name: str) -> None:
    text = (GOLDEN / name).read_text()
    opened = json.dumps(_opened(json.loads(text)))
    assert opened != text
    assert (
        load_plan(opened, file=name, settings=SETTINGS).graphs == load_plan(text, file=name, settings=SETTINGS).graphs
    )


def _opened(value: object) -> object:
    """The same document with every `*_CONFIG` string replaced by the object it holds."""
    if isinstance(value, dict):
        return {
            key: json.loads(item) if key.endswith("_CONFIG") and isinstance(item, str) else _opened(item)
            for key, item in value.items()
        }
    return [_opened(item) for item in value] if isinstance(value, list) else value
