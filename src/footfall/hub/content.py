"""Deployment manifests: what modules there are, what their twins want, which routes hold (spec/iot.md section 8). Pure.

The same reading serves the hub (identities, twins, routes) and whoever runs the modules (images, environment, options).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from footfall.hub.documents import Document
from footfall.hub.messages import BadRequest
from footfall.hub.module_specs import (
    AGENT,
    ContentRefused,
    ModuleSpec,
    agent_modules,
    check_name,
    needed_object,
    with_pieces,
)
from footfall.hub.routes import Route, parse_routes
from footfall.hub.twins import Change, Twin

HUB: Final = "$edgeHub"
DESIRED: Final = "properties.desired"
WRAPPERS: Final = ("modulesContent", "moduleContent")
VERSIONS: Final = re.compile(r"1\.[01](\.\d+)?")
SOME_VERSION: Final = re.compile(r"\d+\.\d+(\.\d+)?")
LIFE_S: Final = 7200


@dataclass(frozen=True, slots=True)
class Desired:
    """What a manifest says about a module's desired properties."""

    values: Document
    is_whole: bool
    """Whether they take the place of all that was; else, with dotted keys only, they are merged into it."""


@dataclass(frozen=True, slots=True)
class Content:
    """A manifest, understood."""

    named: frozenset[str]
    """Modules that have a section, but for `$edgeAgent` and `$edgeHub`."""
    desired: Mapping[str, Desired]
    """By module, also `$edgeAgent` and `$edgeHub`."""
    modules: tuple[ModuleSpec, ...] | None
    """In order of their start; None: the manifest leaves `$edgeAgent` alone."""

    def applied(self, twins: Mapping[str, Twin], utc: datetime) -> Applied:
        """What becomes of the twins (by module; who has none begins with an empty one) and of the modules.

        Raises:
            BadRequest: desired properties break a limit; the text names the module.
        """
        changes = {
            name: _changed(name, twins.get(name, Twin()), desired, utc) for name, desired in self.desired.items()
        }
        if HUB in changes:
            forwarding(changes[HUB].twin.desired.values)
        if AGENT not in changes:
            return Applied(changes, self.named, frozenset())
        run = _names(changes[AGENT].twin)
        return Applied(changes, self.named | run, _names(twins.get(AGENT, Twin())) - run - self.named)


@dataclass(frozen=True, slots=True)
class Applied:
    """What a manifest changes: all of it, or nothing."""

    changes: Mapping[str, Change]
    """Twins by module."""
    modules: frozenset[str]
    """Who needs an identity."""
    removed: frozenset[str]
    """Modules of `$edgeAgent` that are none any more."""


@dataclass(frozen=True, slots=True)
class Forwarding:
    """What `$edgeHub`'s desired properties say."""

    routes: tuple[Route, ...]
    time_to_live_s: int


def read_content(document: Document) -> Content:
    """Understand a manifest: `{"modulesContent": …}`, the same inside `content`, or its inside alone.

    Raises:
        ContentRefused: it breaks a rule, or has a schema version that is not known.
    """
    sections = _sections(document)
    named = frozenset(sections.keys() - {AGENT, HUB})
    for name in named:
        check_name(name)
    desired = {name: found for name, section in sections.items() if (found := _desired(name, section)) is not None}
    modules = None
    agent = desired.get(AGENT)
    if agent is not None and agent.is_whole:
        _check_schema(AGENT, agent.values)
        modules = agent_modules(agent.values)
        desired[AGENT] = Desired(with_pieces(agent.values), True)
    hub = desired.get(HUB)
    if hub is not None and hub.is_whole:
        _check_schema(HUB, hub.values)
        forwarding(hub.values)
    return Content(named, desired, modules)


def forwarding(values: Document) -> Forwarding:
    """Read `$edgeHub`'s desired properties.

    Raises:
        ContentRefused: a route, or how long messages are kept, is wrong.
    """
    try:
        routes = parse_routes(values.get("routes", {}))
    except BadRequest as error:
        raise ContentRefused(f"{HUB}: {error}") from None
    kept = needed_object(values.get("storeAndForwardConfiguration", {}), f"{HUB}: storeAndForwardConfiguration")
    life_s = kept.get("timeToLiveSecs", LIFE_S)
    if not isinstance(life_s, int) or isinstance(life_s, bool) or life_s < 0:
        raise ContentRefused(f"{HUB}: timeToLiveSecs is {life_s!r}, it must be seconds")
    return Forwarding(routes, life_s)


def _sections(document: Document) -> dict[str, Document]:
    inner = document.get("content", document)
    for wrapper in WRAPPERS:
        if isinstance(inner, Mapping) and wrapper in inner:
            inner = inner[wrapper]
            break
    else:
        if not (isinstance(inner, Mapping) and {AGENT, HUB} & inner.keys()):
            raise ContentRefused('a manifest is needed: {"modulesContent": {"$edgeAgent": …, "$edgeHub": …}}')
    sections = needed_object(inner, "modulesContent")
    return {name: needed_object(section, name) for name, section in sections.items()}


def _desired(name: str, section: Document) -> Desired | None:
    """`properties.desired`, and below it what dotted keys such as `properties.desired.routes.x` add; None: neither."""
    properties = section.get("properties")
    nested = properties.get("desired") if isinstance(properties, Mapping) else None
    whole = section.get(DESIRED, nested)
    dotted = {key: value for key, value in section.items() if key.startswith(f"{DESIRED}.")}
    if whole is None and not dotted:
        return None
    values: Document = needed_object({} if whole is None else whole, f"{name}: {DESIRED}")
    for key, value in dotted.items():
        patch = value
        for part in reversed(key.removeprefix(f"{DESIRED}.").split(".")):
            patch = {part: patch}
        values = _joined(values, needed_object(patch, name))
    return Desired(values, whole is not None)


def _joined(values: Document, patch: Document) -> Document:
    """Like a merge patch, but nulls stay: they may delete what the twin has."""
    both = {key: value for key, value in patch.items() if key in values}
    deeper = {
        key: _joined(old, value) if isinstance(old := values[key], Mapping) and isinstance(value, Mapping) else value
        for key, value in both.items()
    }
    return {**values, **patch, **deeper}


def _check_schema(name: str, values: Document) -> None:
    version = values.get("schemaVersion")
    if not isinstance(version, str) or not SOME_VERSION.fullmatch(version):
        raise ContentRefused(f'{name}: schemaVersion is missing, such as "1.1"')
    if not VERSIONS.fullmatch(version):
        raise ContentRefused(f"{name}: schemaVersion {version} is not known here, 1.0 and 1.1 are", 412)


def _changed(name: str, twin: Twin, desired: Desired, utc: datetime) -> Change:
    try:
        return (
            twin.with_all_desired(desired.values, utc) if desired.is_whole else twin.with_desired(desired.values, utc)
        )
    except BadRequest as error:
        raise ContentRefused(f"{name}: {error}") from None


def _names(agent: Twin) -> frozenset[str]:
    return frozenset(module.name for module in agent_modules(agent.desired.values))
