"""Desired properties of the module -> frozen settings (spec/media-graph.md section 10). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Final

from footfall.config.document import Document, Value
from footfall.config.section import Entry, Section
from footfall.core.errors import Problem
from footfall.mediagraph.scalars import flag, text_of

DEFAULT_TOPIC: Final = "/local/footfall"
DEFAULT_CATEGORIES: Final = ("Application", "Events")
LEVELS: Final[Mapping[str, str]] = {
    "verbose": "Verbose",
    "information": "Information",
    "info": "Information",
    "warning": "Warning",
    "error": "Error",
    "none": "None",
}
CATEGORIES: Final[Mapping[str, str]] = {name.lower(): name for name in ("Application", "Events", "MediaPipeline")}
IGNORED: Final = (
    "aadTenantId",
    "aadServicePrincipalAppId",
    "aadServicePrincipalCertificate",
    "aadServicePrincipalPassword",
    "aadServicePrincipalSecret",
    "aadEndpoint",
    "aadResourceId",
    "armEndpoint",
    "diagnosticsLevel",
    "telemetryOptOut",
)
"""Properties of the cloud service, or of telemetry that we never send."""


@dataclass(frozen=True, slots=True)
class ModuleSettings:
    """What the twin asks for."""

    data_folder: str
    """applicationDataDirectory, as inside the container: `core.outside.PathMap` says where that is."""
    topic: str = DEFAULT_TOPIC
    """azureMediaServicesArmId: the topic of events, and the graph identifier of gRPC."""
    diagnostics_output: str = ""
    """Empty: no diagnostics events."""
    operational_output: str = ""
    """Empty: no operational events."""
    log_level: str = "Information"
    """`Verbose`, `Information`, `Warning`, `Error` or `None`."""
    log_categories: tuple[str, ...] = DEFAULT_CATEGORIES
    debug_logs_folder: str = ""
    """As inside the container; empty: none."""
    allows_unsecured: bool = False
    is_strict: bool = False
    """Refuse API 1.0, as the last real module did: a property of our own, `strict_api_version`."""


@dataclass(frozen=True, slots=True)
class TwinReading:
    """Settings, or what is missing for them, and everything that is odd."""

    settings: ModuleSettings | None
    missing: tuple[str, ...] = ()
    """Required properties that are not there: methods are refused with 403."""
    problems: tuple[Problem, ...] = ()


def read_twin(desired: Mapping[str, Value]) -> TwinReading:
    """Read all desired properties; keys in any case, `true` or `"true"`, unknown ones noted and ignored.

    A value that does not fit is noted, and the default holds.
    """
    document = Document("module twin")
    entries = (Entry(key, value, f"$.{key}") for key, value in desired.items() if not key.startswith("$"))
    section = Section("$", entries, document)
    for name in IGNORED:
        section.get(name)
    folder = _text(section, "applicationDataDirectory")
    settings = ModuleSettings(
        data_folder=folder,
        topic=_text(section, "azureMediaServicesArmId") or DEFAULT_TOPIC,
        diagnostics_output=_text(section, "diagnosticsEventsOutputName"),
        operational_output=_text(section, "operationalEventsOutputName"),
        log_level=section.choice("logLevel", options=LEVELS, default="Information"),
        log_categories=_categories(section),
        debug_logs_folder=_text(section, "debugLogsDirectory"),
        allows_unsecured=_flag(section, "allowUnsecuredEndpoints"),
        is_strict=_flag(section, "strict_api_version"),
    )
    section.finish()
    if folder and not folder.startswith("/"):
        document.error("$.applicationDataDirectory", "is no absolute folder", "write one such as /var/lib/footfall")
    if not folder.startswith("/"):
        return TwinReading(None, ("applicationDataDirectory",), tuple(document.problems))
    return TwinReading(settings, (), tuple(document.problems))


def changed(old: ModuleSettings, new: ModuleSettings) -> ModuleSettings:
    """New settings for a module at work: its folder and topic stay until it is started again."""
    return replace(new, data_folder=old.data_folder, topic=old.topic)


def reported() -> dict[str, str]:
    """What the module reports about itself."""
    return {"state": "running", "version": version("footfall")}


def _text(section: Section, name: str) -> str:
    return section.text(name).strip()


def _flag(section: Section, name: str) -> bool:
    entry = section.get(name)
    found = flag((text_of(entry.value) or "").strip()) if entry else False
    if found is None and entry is not None:
        section.document.error(entry.path, "is neither true nor false", "write true or false")
    return found is True


def _categories(section: Section) -> tuple[str, ...]:
    entry = section.get("logCategories")
    if entry is None:
        return DEFAULT_CATEGORIES
    names = [name.strip() for name in _text(section, "logCategories").split(",") if name.strip()]
    for name in names:
        if name.lower() not in CATEGORIES:
            known = ", ".join(CATEGORIES.values())
            section.document.warn(entry.path, f"{name!r} is no category of logs", f"use {known}")
    return tuple(CATEGORIES[name.lower()] for name in names if name.lower() in CATEGORIES)
