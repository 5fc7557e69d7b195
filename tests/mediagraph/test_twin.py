"""Desired properties, as people write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.mediagraph.twin import IGNORED, ModuleSettings, changed, read_twin, reported

SAMPLE = {
    "applicationDataDirectory": "/var/lib/media",
    "azureMediaServicesArmId": "/subscriptions/s/resourceGroups/g/providers/microsoft.media/mediaservices/m",
    "aadTenantId": "t",
    "aadServicePrincipalAppId": "a",
    "aadServicePrincipalSecret": "hush-hush",
    "aadEndpoint": "https://login.microsoftonline.com",
    "aadResourceId": "https://management.core.windows.net/",
    "armEndpoint": "https://management.azure.com/",
    "diagnosticsEventsOutputName": "AmsDiagnostics",
    "operationalEventsOutputName": "AmsOperational",
    "logLevel": "Info",
    "logCategories": "application, Events,mediapipeline",
    "AllowUnsecuredEndpoints": "true",
    "TelemetryOptOut": "false",
    "$version": 4,
}


def test_a_sample_twin_is_read_without_a_word() -> None:
    reading = read_twin(SAMPLE)

    assert reading.problems == ()
    assert reading.settings == ModuleSettings(
        data_folder="/var/lib/media",
        topic="/subscriptions/s/resourceGroups/g/providers/microsoft.media/mediaservices/m",
        diagnostics_output="AmsDiagnostics",
        operational_output="AmsOperational",
        log_categories=("Application", "Events", "MediaPipeline"),
        allows_unsecured=True,
    )


def test_the_defaults() -> None:
    assert read_twin({"APPLICATIONDATADIRECTORY": "/data"}).settings == ModuleSettings(
        "/data", "/local/footfall", "", "", "Information", ("Application", "Events"), "", False, False
    )


@pytest.mark.parametrize("desired", [{}, {"applicationDataDirectory": ""}, {"applicationDataDirectory": None}])
def test_without_a_folder_there_are_no_settings(desired: dict[str, Any]) -> None:
    reading = read_twin(desired)

    assert (reading.settings, reading.missing) == (None, ("applicationDataDirectory",))


@pytest.mark.parametrize("folder", ["data", 7, ["/data"]])
def test_a_folder_that_is_none_is_told(folder: Any) -> None:
    reading = read_twin({"applicationDataDirectory": folder})

    assert reading.settings is None
    assert [problem.path for problem in reading.problems] == ["$.applicationDataDirectory"]


@pytest.mark.parametrize(
    ("value", "allows", "is_told"),
    [(True, True, False), ("True", True, False), (" true ", True, False), (False, False, False), ("no", False, True)],
)
def test_booleans(value: Any, allows: bool, is_told: bool) -> None:
    reading = read_twin({"applicationDataDirectory": "/d", "allowUnsecuredEndpoints": value})

    assert reading.settings is not None
    assert reading.settings.allows_unsecured is allows
    assert bool(reading.problems) is is_told


@pytest.mark.parametrize(
    ("word", "level"), [("verbose", "Verbose"), ("Info", "Information"), ("WARNING", "Warning"), ("none", "None")]
)
def test_log_levels(word: str, level: str) -> None:
    settings = read_twin({"applicationDataDirectory": "/d", "loglevel": word}).settings

    assert settings is not None
    assert settings.log_level == level


def test_odd_values_are_told_and_the_defaults_hold() -> None:
    odd = {"logLevel": "loud", "logCategories": "Events,Gossip", "colour": "red", "strict_api_version": "true"}
    reading = read_twin({"applicationDataDirectory": "/d", **odd})

    assert reading.settings == ModuleSettings("/d", log_categories=("Events",), is_strict=True)
    assert sorted(problem.path for problem in reading.problems) == ["$.colour", "$.logCategories", "$.logLevel"]


def test_secrets_are_told_nowhere() -> None:
    desired = SAMPLE | {key: ["hush-hush"] for key in IGNORED}

    assert "hush-hush" not in repr(read_twin(desired))


def test_a_module_at_work_keeps_its_folder_and_topic() -> None:
    old = ModuleSettings("/a", topic="t")

    assert changed(old, ModuleSettings("/b", topic="u", log_level="Error")) == ModuleSettings(
        "/a", topic="t", log_level="Error"
    )


def test_what_is_reported() -> None:
    assert list(reported()) == ["state", "version"]
    assert reported()["state"] == "running"


@given(
    st.dictionaries(
        st.sampled_from([*SAMPLE, "strict_api_version", "debugLogsDirectory"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=2), max_size=2),
    )
)
def test_any_twin_is_read(desired: dict[str, Any]) -> None:
    reading = read_twin(desired)

    assert (reading.settings is None) is bool(reading.missing)
