"""Pictures to learn from: who asks for them, and that nobody gets them without consent."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from footfall.cli.run import plan_of_file
from footfall.config.environment import Settings, read_settings
from footfall.config.load import load_plan
from footfall.config.plan import Cut, Plan, SnapshotSpec
from footfall.core.errors import ConfigError

ON = "ENABLE_PERSONATTRIBUTES_TRAININGIMAGECOLLECTION"
CONSENT = {"project": "coats", "consent": "agreed on 1 May", "given_by": "A. Meier"}
AGREED = Settings(snapshots_project="coats", snapshots_consent="agreed", snapshots_given_by="A. Meier")
HALL = {"name": "hall", "polygon": [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]], "events": [{"type": "count"}]}


def manifest(settings: Settings, **parameters: Any) -> Plan:
    camera = {
        "VIDEO_URL": "rtsp://10.0.0.7/main",
        "VIDEO_SOURCE_ID": "door",
        "SPACEANALYTICS_CONFIG": json.dumps({"zones": [HALL]}),
        **parameters,
    }
    graph = {"version": 1, "enabled": True, "operationId": "cognitiveservices.vision.spatialanalysis"}
    text = json.dumps({"graphs": {"shop": {**graph, "parameters": camera}}})
    return load_plan(text, file="twin.json", settings=settings)


def yaml(**camera: Any) -> str:
    return json.dumps({"cameras": [{"name": "a", "url": "a.mp4", **camera}]})


def spec_of(**camera: Any) -> SnapshotSpec | None:
    return load_plan(yaml(**camera), file="footfall.yaml", settings=Settings()).graphs[0].snapshots


@pytest.mark.parametrize(
    ("parameters", "settings", "spec"),
    [
        pytest.param({}, AGREED, None, id="not asked for"),
        pytest.param({ON: False}, AGREED, None, id="switched off"),
        pytest.param({ON: True}, AGREED, SnapshotSpec("coats", "agreed", "A. Meier"), id="asked for, and agreed"),
        pytest.param({ON: "true"}, AGREED, SnapshotSpec("coats", "agreed", "A. Meier"), id="true as text"),
        pytest.param({ON: True}, Settings(), None, id="nobody has agreed"),
        pytest.param({ON: True}, Settings(snapshots_project="coats"), None, id="half is not enough"),
    ],
)
def test_a_manifest(parameters: dict[str, Any], settings: Settings, spec: SnapshotSpec | None) -> None:
    assert manifest(settings, **parameters).graphs[0].snapshots == spec


def test_a_manifest_without_consent_says_what_is_missing() -> None:
    (problem,) = manifest(Settings(), **{ON: True}).warnings
    assert problem.what == "no pictures are taken to learn from: nobody has consented; the rest runs"
    assert "FOOTFALL_SNAPSHOTS_CONSENT" in problem.cure


def test_the_environment_says_who_has_agreed() -> None:
    names = {"PROJECT": "coats", "CONSENT": "agreed", "GIVEN_BY": "A. Meier"}
    settings = read_settings({f"FOOTFALL_SNAPSHOTS_{name}": text for name, text in names.items()})
    assert manifest(settings, **{ON: True}).graphs[0].snapshots == SnapshotSpec("coats", "agreed", "A. Meier")


@pytest.mark.parametrize(
    ("snapshots", "spec"),
    [
        pytest.param(None, None, id="null"),
        pytest.param(False, None, id="false"),
        pytest.param(CONSENT, SnapshotSpec(**CONSENT), id="with what must be said alone"),
        pytest.param(
            {**CONSENT, "of": "picture", "every": 5, "a_day": 7, "in_all": 9, "days": 3},
            SnapshotSpec(**CONSENT, cut=Cut.PICTURE, every_s=5, a_day=7, in_all=9, days=3),
            id="with everything",
        ),
    ],
)
def test_footfall_yaml(snapshots: object, spec: SnapshotSpec | None) -> None:
    assert spec_of(snapshots=snapshots) == spec


def test_off_by_default() -> None:
    assert spec_of() is None


@pytest.mark.parametrize(
    ("snapshots", "says"),
    [
        pytest.param({}, "project and consent and given_by missing: no picture is taken without consent", id="empty"),
        pytest.param({**CONSENT, "consent": " "}, "consent missing", id="a consent of no words"),
        pytest.param({**CONSENT, "of": "faces"}, "of", id="a part that is not offered"),
        pytest.param({**CONSENT, "a_day": 0}, "a_day", id="none a day"),
        pytest.param({**CONSENT, "days": 4000}, "days", id="for ever"),
        pytest.param(True, "snapshots", id="true is no consent"),
    ],
)
def test_what_is_refused(snapshots: object, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        spec_of(snapshots=snapshots)


def test_a_run_without_the_service_says_that_it_takes_none(tmp_path: Path) -> None:
    file = tmp_path / "footfall.yaml"
    file.write_text(yaml(snapshots=CONSENT))
    plan = plan_of_file(argparse.Namespace(target=str(file), lenient=False), Settings())
    (problem,) = [one for one in plan.warnings if "learn from" in one.what]
    assert (problem.is_warning, problem.cure) == (True, "start it with: footfall serve --customvision")
