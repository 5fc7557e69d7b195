"""Environment variables -> Settings (spec/container.md section 2, RULES C1, C2): a mapping, never os.environ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from footfall.config.document import Document, Value
from footfall.config.plan import DetectSpec, EventSpec, FaceMaskSpec, LookAt, RtspTransport
from footfall.config.section import Entry, Section, suggest
from footfall.core.errors import Problem
from footfall.spatial.regions import DEFAULT_THRESHOLD_W, ZONE_CROSSING_THRESHOLD_W

LOG_LEVELS = ("none", "verbose", "info", "warning", "error")


ELSEWHERE = (
    "FOOTFALL_BACKUP_PASSPHRASE",
    "FOOTFALL_BACKUP_PASSPHRASE_FILE",
    "FOOTFALL_DATA",
    "FOOTFALL_MODELS",
    "FOOTFALL_WEBHOOK_SECRET",
    "FOOTFALL_WEBHOOK_SECRET_FILE",
    "FOOTFALL_SERVICE_KEY",
    "FOOTFALL_CUSTOMER_KEY",
    "FOOTFALL_KEY_SERVER_CA",
    "FOOTFALL_KEY_SERVER_NAMESPACE",
    "FOOTFALL_KEY_SERVER_TOKEN",
    "FOOTFALL_KEY_SERVER_TOKEN_FILE",
    "FOOTFALL_MQTT_PASSWORD",
    "FOOTFALL_MQTT_PASSWORD_FILE",
    "FOOTFALL_GST_PYTHON",
    "FOOTFALL_HOSTS",
    "FOOTFALL_LOGS",
    "FOOTFALL_METRICS",
    "FOOTFALL_PATHS",
    "FOOTFALL_TLS_CERTIFICATE",
    "FOOTFALL_TLS_KEY",
)
"""Variables that other packages read."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for the whole process. Secrets are never in its repr."""

    eula_accepted: bool = False
    require_eula: bool = False
    billing: str = field(default="", repr=False)
    """Accepted and ignored: nothing is metered."""
    api_key: str = field(default="", repr=False)
    url_key: str = field(default="", repr=False)
    """KEY_ENV: AES key of obfuscated VIDEO_URLs (RULE C3)."""
    url_iv: str = field(default="", repr=False)
    platform_log_level: str = "info"
    nodes_log_level: str = "info"
    perf_marker: bool = False
    graph_ready_timeout_s: float = 600.0
    """ARCHON_GRAPH_READY_TIMEOUT: a graph must have started after this time."""
    shared_buffer_bytes: int = 377_487_360
    """ARCHON_SHARED_BUFFER_LIMIT."""
    telemetry_iothub: bool = False
    launcher_type: str = ""
    """LAUNCHER_TYPE; `avabackend` starts without graphs and waits for gRPC."""
    model: str = ""
    """FOOTFALL_MODEL: default model; empty: the built-in default."""
    look: LookAt = DetectSpec().look
    """FOOTFALL_LOOK."""
    width_px: int = 640
    max_fps: float = 15.0
    transport: RtspTransport = RtspTransport.TCP
    sinks: tuple[str, ...] = field(default=(), repr=False)
    events: EventSpec = field(default_factory=EventSpec)
    legacy_threshold: str = "distance"
    """What a zone-level threshold means: `distance`, or `confidence` as in the first preview (RULE 13)."""
    threshold_w: float = DEFAULT_THRESHOLD_W
    zone_crossing_threshold_w: float = ZONE_CROSSING_THRESHOLD_W
    count_smoothing_s: float = 0.5
    track_memory_s: float = 3.0
    face_model: str = ""
    """FOOTFALL_FACE_MODEL: model that tells masks; empty: the built-in default."""
    attributes_model: str = ""
    """FOOTFALL_ATTRIBUTES_MODEL: a customer's classifier of people, for cameras that ask and name none."""
    snapshots_project: str = ""
    """FOOTFALL_SNAPSHOTS_PROJECT: where pictures go of manifests that ask for them."""
    snapshots_consent: str = ""
    """FOOTFALL_SNAPSHOTS_CONSENT: what was agreed; nothing is taken without."""
    snapshots_given_by: str = ""
    """FOOTFALL_SNAPSHOTS_GIVEN_BY: who says so."""
    warnings: tuple[Problem, ...] = ()
    given: frozenset[str] = field(default=frozenset(), repr=False)
    """Fields that a variable set; the environment of the process wins over that of a manifest."""
    may_be_empty: bool = False
    """A service may run without a camera; nothing else has a use for that."""
    environ: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """All variables, for `${NAME}` in footfall.yaml."""

    @property
    def face_mask(self) -> FaceMaskSpec:
        """The mask classifier where one is asked for and no model named."""
        return FaceMaskSpec(self.face_model or FaceMaskSpec().model)


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Settings of the process.

    Raises:
        ConfigError: a variable has an impossible value, or FOOTFALL_REQUIRE_EULA is true without EULA=accept.
    """
    document = Document("environment")
    settings = overlay(Settings(environ=dict(environ)), [Entry(k, v, k) for k, v in environ.items()], document)
    if not settings.eula_accepted:
        note = document.error if settings.require_eula else document.warn
        note("EULA", "the licence terms were not accepted", "set EULA=accept (only asked for compatibility)")
    document.raise_errors()
    return replace(settings, warnings=document.warnings)


def overlay(settings: Settings, variables: list[Entry], document: Document) -> Settings:
    """Settings with variables for all fields that the process environment left open."""
    ours = [entry for entry in variables if entry.value != "" and _is_ours(entry.key)]
    section = Section("$", ours, document)
    values: dict[str, Any] = {}
    for variable in _VARIABLES:
        if section.get(*variable.names) and variable.field not in settings.given:
            values[variable.field] = variable.read(section, *variable.names)
    _warn_of_typing_errors(section)
    events = {name.removeprefix("events."): values[name] for name in values if name.startswith("events.")}
    plain = {name: value for name, value in values.items() if not name.startswith("events.")}
    return replace(settings, **plain, events=replace(settings.events, **events), given=settings.given | values.keys())


def _is_ours(name: str) -> bool:
    name = name.upper()
    return name.startswith("FOOTFALL_") or any(name in variable.names for variable in _VARIABLES)


def _warn_of_typing_errors(section: Section) -> None:
    known = [*(name for variable in _VARIABLES for name in variable.names), *ELSEWHERE]
    for name, entry in section.entries.items():
        if name.startswith("footfall_") and name.upper() not in known and (hint := suggest(name, known)):
            section.document.warn(entry.path, "unknown variable, ignored", hint)


@dataclass(frozen=True, slots=True)
class _Variable:
    """One setting: its field, its names in order of preference, and how to read it."""

    field: str
    names: tuple[str, ...]
    read: Callable[..., Value]


def _level(section: Section, *names: str) -> str:
    return log_level(section, *names) or "info"


def log_level(section: Section, *names: str) -> str:
    """One of the five levels in lower case, or empty, with a warning for an unknown one (spec/container.md 8.1)."""
    level = section.text(*names).strip().lower()
    entry = section.get(*names)
    if level and level not in LOG_LEVELS and entry:
        cure = suggest(level, LOG_LEVELS) or f"write one of {', '.join(LOG_LEVELS)}"
        section.document.warn(entry.path, "unknown log level, the default is used", cure)
    return level if level in LOG_LEVELS else ""


def _accepted(section: Section, *names: str) -> bool:
    return section.text(*names).strip().lower() == "accept"


def _words(section: Section, *names: str) -> tuple[str, ...]:
    return tuple(section.text(*names).split())


def _lower(section: Section, *names: str) -> str:
    return section.text(*names).strip().lower()


def _one_of(*words: str) -> Callable[..., str]:
    return partial(Section.choice, options={word: word for word in words}, default=words[0])


_flag = partial(Section.boolean, default=False)
_ratio = partial(Section.number, default=0.0, low=0.0, high=1.0)

_VARIABLES = (
    _Variable("eula_accepted", ("EULA",), _accepted),
    _Variable("require_eula", ("FOOTFALL_REQUIRE_EULA",), _flag),
    _Variable("billing", ("BILLING", "BILLING_ENDPOINT"), Section.text),
    _Variable("api_key", ("APIKEY", "API_KEY"), Section.text),
    _Variable("url_key", ("KEY_ENV", "KEY"), Section.text),
    _Variable("url_iv", ("IV_ENV", "IV"), Section.text),
    _Variable("platform_log_level", ("ARCHON_LOG_LEVEL",), _level),
    _Variable("nodes_log_level", ("ARCHON_NODES_LOG_LEVEL",), _level),
    _Variable("perf_marker", ("ARCHON_PERF_MARKER",), _flag),
    _Variable("graph_ready_timeout_s", ("ARCHON_GRAPH_READY_TIMEOUT",), partial(Section.number, default=600.0, low=1)),
    _Variable("shared_buffer_bytes", ("ARCHON_SHARED_BUFFER_LIMIT",), partial(Section.integer, default=0, low=1)),
    _Variable("telemetry_iothub", ("ARCHON_TELEMETRY_IOTHUB",), _flag),
    _Variable("launcher_type", ("LAUNCHER_TYPE",), _lower),
    _Variable("model", ("FOOTFALL_MODEL",), Section.text),
    _Variable(
        "look",
        ("FOOTFALL_LOOK",),
        partial(Section.choice, options={look.value: look for look in LookAt}, default=DetectSpec().look),
    ),
    _Variable("width_px", ("FOOTFALL_WIDTH",), partial(Section.integer, default=640, low=64, high=7680)),
    _Variable("max_fps", ("FOOTFALL_MAX_FPS",), partial(Section.number, default=15.0, low=0.1, high=240)),
    _Variable(
        "transport",
        ("FOOTFALL_RTSP_TRANSPORT",),
        partial(Section.choice, options={t.value: t for t in RtspTransport}, default=RtspTransport.TCP),
    ),
    _Variable("sinks", ("FOOTFALL_SINKS",), _words),
    _Variable("events.schema", ("FOOTFALL_COMPAT_SCHEMA",), _one_of("2.0", "1.0")),
    _Variable("events.trim_metadata", ("FOOTFALL_TRIM_METADATA",), _flag),
    _Variable("events.always_calibration_info", ("FOOTFALL_ALWAYS_CALIBRATION_INFO",), _flag),
    _Variable("events.timestamp_mode", ("FOOTFALL_TIMESTAMP_MODE",), _one_of("captured", "emitted")),
    _Variable("events.ground_axes", ("FOOTFALL_GROUND_AXES",), _one_of("data", "prose")),
    _Variable("events.mask_map_in_metadata", ("FOOTFALL_MASK_MAP_IN_METADATA",), _flag),
    _Variable("events.batch_events_per_frame", ("FOOTFALL_BATCH_EVENTS_PER_FRAME",), _flag),
    _Variable("events.intervals", ("FOOTFALL_INTERVALS",), _flag),
    _Variable("legacy_threshold", ("FOOTFALL_LEGACY_THRESHOLD",), _one_of("distance", "confidence")),
    _Variable("threshold_w", ("FOOTFALL_THRESHOLD",), _ratio),
    _Variable("zone_crossing_threshold_w", ("FOOTFALL_ZONE_CROSSING_THRESHOLD",), _ratio),
    _Variable("count_smoothing_s", ("FOOTFALL_COUNT_SMOOTHING_SECONDS",), partial(Section.number, default=0.5, low=0)),
    _Variable(
        "track_memory_s", ("FOOTFALL_TRACK_MEMORY_SECONDS",), partial(Section.number, default=3.0, low=0.5, high=60)
    ),
    _Variable("face_model", ("FOOTFALL_FACE_MODEL",), Section.text),
    _Variable("attributes_model", ("FOOTFALL_ATTRIBUTES_MODEL",), Section.text),
    _Variable("snapshots_project", ("FOOTFALL_SNAPSHOTS_PROJECT",), Section.text),
    _Variable("snapshots_consent", ("FOOTFALL_SNAPSHOTS_CONSENT",), Section.text),
    _Variable("snapshots_given_by", ("FOOTFALL_SNAPSHOTS_GIVEN_BY",), Section.text),
)
