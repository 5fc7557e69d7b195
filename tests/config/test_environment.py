import pytest

from footfall.config.document import Document
from footfall.config.environment import Settings, overlay, read_settings
from footfall.config.plan import FaceMaskSpec, LookAt, RtspTransport
from footfall.config.section import Entry
from footfall.core.errors import ConfigError


@pytest.mark.parametrize(
    ("environ", "field", "value"),
    [
        pytest.param({"eula": "Accept"}, "eula_accepted", True, id="names have no case"),
        pytest.param({"BILLING_ENDPOINT": "https://b"}, "billing", "https://b", id="billing of the first preview"),
        pytest.param({"Billing": "https://b"}, "billing", "https://b", id="billing"),
        pytest.param({"API_KEY": "k"}, "api_key", "k", id="key of the first preview"),
        pytest.param({"ApiKey": "k"}, "api_key", "k", id="key"),
        pytest.param({"KEY": "k"}, "url_key", "k", id="key name of the release note"),
        pytest.param({"KEY": "old", "KEY_ENV": "new"}, "url_key", "new", id="the documented name wins"),
        pytest.param({"IV": "v"}, "url_iv", "v", id="iv name of the release note"),
        pytest.param({"ARCHON_LOG_LEVEL": "Verbose"}, "platform_log_level", "verbose", id="level with a capital"),
        pytest.param({"ARCHON_LOG_LEVEL": ""}, "platform_log_level", "info", id="empty is not set"),
        pytest.param({"ARCHON_NODES_LOG_LEVEL": "none"}, "nodes_log_level", "none", id="node level"),
        pytest.param({"ARCHON_PERF_MARKER": "true"}, "perf_marker", True, id="perf marker"),
        pytest.param({"ARCHON_GRAPH_READY_TIMEOUT": "30"}, "graph_ready_timeout_s", 30.0, id="start deadline"),
        pytest.param({"ARCHON_SHARED_BUFFER_LIMIT": "1000"}, "shared_buffer_bytes", 1000, id="buffer"),
        pytest.param({"LAUNCHER_TYPE": "avaBackend"}, "launcher_type", "avabackend", id="launcher"),
        pytest.param({"ARCHON_TELEMETRY_IOTHUB": "true"}, "telemetry_iothub", True, id="telemetry"),
        pytest.param({"FOOTFALL_MODEL": "person-s"}, "model", "person-s", id="model"),
        pytest.param({"FOOTFALL_LOOK": "Interest"}, "look", LookAt.INTEREST, id="crops of interest"),
        pytest.param({"FOOTFALL_RTSP_TRANSPORT": "UDP"}, "transport", RtspTransport.UDP, id="transport"),
        pytest.param({"FOOTFALL_SINKS": "- mqtt://h/t"}, "sinks", ("-", "mqtt://h/t"), id="sinks"),
        pytest.param({"FOOTFALL_LEGACY_THRESHOLD": "confidence"}, "legacy_threshold", "confidence", id="legacy"),
        pytest.param({"FOOTFALL_THRESHOLD": "0.01"}, "threshold_w", 0.01, id="threshold"),
        pytest.param({"FOOTFALL_TRACK_MEMORY_SECONDS": "10"}, "track_memory_s", 10.0, id="memory"),
    ],
)
def test_variable(environ: dict[str, str], field: str, value: object) -> None:
    assert getattr(read_settings(environ), field) == value


def test_event_options() -> None:
    environ = {"FOOTFALL_COMPAT_SCHEMA": "1.0", "FOOTFALL_TRIM_METADATA": "true", "FOOTFALL_GROUND_AXES": "prose"}
    events = read_settings(environ).events
    assert (events.schema, events.trim_metadata, events.ground_axes) == ("1.0", True, "prose")


def test_missing_licence_is_a_line_not_a_refusal() -> None:
    (warning,) = read_settings({}).warnings
    assert warning.is_warning
    assert warning.path == "EULA"
    assert read_settings({"EULA": "accept"}).warnings == ()


def test_strict_licence_refuses() -> None:
    with pytest.raises(ConfigError, match="EULA"):
        read_settings({"FOOTFALL_REQUIRE_EULA": "true"})
    assert read_settings({"FOOTFALL_REQUIRE_EULA": "true", "EULA": "accept"}).require_eula


def test_all_wrong_values_are_told_together() -> None:
    environ = {"EULA": "accept", "FOOTFALL_MAX_FPS": "many", "FOOTFALL_COMPAT_SCHEMA": "3.0", "ARCHON_PERF_MARKER": "x"}
    with pytest.raises(ConfigError) as caught:
        read_settings(environ)
    assert {problem.path for problem in caught.value.problems} == environ.keys() - {"EULA"}


def test_typing_error_in_our_own_names() -> None:
    warnings = read_settings({"EULA": "accept", "FOOTFALL_MODLE": "x"}).warnings
    assert [warning.cure for warning in warnings] == ["did you mean 'FOOTFALL_MODEL'?"]


def test_unknown_log_level_is_a_warning() -> None:
    settings = read_settings({"EULA": "accept", "ARCHON_LOG_LEVEL": "warnin"})
    assert settings.platform_log_level == "info"
    assert settings.warnings[0].cure == "did you mean 'warning'?"


def test_secrets_are_not_in_the_repr() -> None:
    names = ("BILLING", "APIKEY", "KEY_ENV", "IV_ENV", "FOOTFALL_SINKS", "OTHER")
    assert "s3cret" not in repr(read_settings(dict.fromkeys(names, "s3cret")))


def test_same_name_in_two_cases_of_others_is_no_business_of_ours() -> None:
    settings = read_settings({"EULA": "accept", "http_proxy": "a", "HTTP_PROXY": "b"})
    assert settings.warnings == ()


def test_process_wins_over_manifest() -> None:
    settings = read_settings({"FOOTFALL_MODEL": "mine", "FOOTFALL_TRIM_METADATA": "false"})
    variables = [
        Entry(name, value, name)
        for name, value in {"FOOTFALL_MODEL": "its", "FOOTFALL_WIDTH": "800", "FOOTFALL_TRIM_METADATA": "true"}.items()
    ]
    both = overlay(settings, variables, Document("m"))
    assert (both.model, both.width_px, both.events.trim_metadata) == ("mine", 800, False)
    assert overlay(Settings(), variables, Document("m")).model == "its"


def test_the_model_that_tells_masks() -> None:
    assert read_settings({"EULA": "accept"}).face_mask == FaceMaskSpec("face-mask")
    assert read_settings({"FOOTFALL_FACE_MODEL": "mine.onnx"}).face_mask == FaceMaskSpec("mine.onnx")
