"""Templates and `.env` files, as the vendor's editor plug-in turned them into manifests."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.errors import ConfigError
from footfall.deploy.template import expand, read_env

TEMPLATE = """{
  "$schema-template": "2.0.0",
  "modulesContent": {
    "$edgeAgent": {"properties.desired": {"modules": {"lvaEdge": {"settings": {
      "image": "${MODULES.camera}",
      "createOptions": {"HostConfig": {"Binds": ["$OUT:/var/media/", "${APP}:/var/lib"]}}}}}}},
    "$edgeHub": {"properties.desired": {"routes": {"r": "FROM /messages/* INTO $upstream"}}}
  }
}"""


def test_a_template_becomes_a_manifest() -> None:
    manifest = expand(TEMPLATE, {"OUT": "/home/me/clips", "APP": '/data/"quoted"'}, "deployment.template.json")
    agent = manifest["modulesContent"]["$edgeAgent"]["properties.desired"]["modules"]["lvaEdge"]["settings"]
    assert "$schema-template" not in manifest
    assert json.loads(agent["createOptions"]) == {
        "HostConfig": {"Binds": ["/home/me/clips:/var/media/", '/data/"quoted":/var/lib']}
    }
    assert agent["image"] == "${MODULES.camera}"
    assert manifest["modulesContent"]["$edgeHub"]["properties.desired"]["routes"]["r"].endswith("INTO $upstream")


def test_every_missing_variable_is_told_once() -> None:
    with pytest.raises(ConfigError) as caught:
        expand(TEMPLATE.replace("${APP}", "$OUT$APP"), {}, "deployment.template.json")
    assert [problem.path for problem in caught.value.problems] == ["$OUT", "$APP"]


@pytest.mark.parametrize("text", ["", "[]", "{", '"a"', "\ufeff{"])
def test_what_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"x\.json"):
        expand(text, {}, "x.json")


def test_a_manifest_passes_as_it_is() -> None:
    manifest = {"modulesContent": {"$edgeHub": {"properties.desired": {"a": [1, {"createOptions": "{}"}]}}}}
    assert expand("\ufeff" + json.dumps(manifest), {}, "m.json") == manifest


@given(st.text())
def test_any_text_is_expanded_or_refused(text: str) -> None:
    with suppress(ConfigError):
        expand(text, {"A": "b"}, "x.json")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A=\"x y\"\nB='z'  \nC=1=2\n", {"A": "x y", "B": "z", "C": "1=2"}),
        ("# note\n\n export A = b \n", {"A": "b"}),
        ('\ufeffA=""', {"A": ""}),
    ],
)
def test_env_files(text: str, values: dict[str, str]) -> None:
    assert read_env(text, ".env") == values


def test_a_broken_line_is_told_without_its_secret() -> None:
    with pytest.raises(ConfigError, match=r"\.env: line 2") as caught:
        read_env("A=b\nhunter2", ".env")
    assert "hunter2" not in str(caught.value)
