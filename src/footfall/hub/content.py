"""Deployment manifests: what modules there are, what their twins want, which routes hold (spec/iot.md section 8). Pure.

The same reading serves the hub (identities, twins, routes) and whoever runs the modules (images, environment, options).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec

from footfall.hub.documents import Document
from footfall.hub.messages import BadRequest
from footfall.hub.routes import Route, parse_routes
from footfall.hub.twins import Change, Twin

AGENT: Final = "$edgeAgent"
HUB: Final = "$edgeHub"
DESIRED: Final = "properties.desired"
WRAPPERS: Final = ("modulesContent", "moduleContent")
VERSIONS: Final = re.compile(r"1\.[01](\.\d+)?")
SOME_VERSION: Final = re.compile(r"\d+\.\d+(\.\d+)?")
MODULE_NAME: Final = re.compile(r"[A-Za-z0-9_.:%*?!(),=@;'-]{1,128}")
STATUSES: Final = ("running", "stopped")
RESTART_POLICIES: Final = ("never", "on-failure", "on-unhealthy", "always")
PIECE: Final = 512
"""Characters of one piece of `createOptions`."""
MOST_PIECES: Final = 100
LIFE_S: Final = 7200


class ContentRefused(BadRequest):
    """A manifest breaks a rule."""

    def __init__(self, what: str, code: int = 400) -> None:
        self.code = code
        """As in `lastDesiredStatus`: 400 bad, 412 a schema version that nobody here knows."""
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class ModuleSpec:
    """How a module is run."""

    name: str
    image: str
    env: Mapping[str, str] = field(repr=False)
    create_options: Document
    """Docker's: `HostConfig` with `Binds`, `Mounts`, `PortBindings`; `Env` ..."""
    status: str
    """`running` or `stopped`."""
    restart_policy: str
    """`never`, `on-failure`, `on-unhealthy` or `always`."""
    version: str
    startup_order: int


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
        _check_name(name)
    desired = {name: found for name, section in sections.items() if (found := _desired(name, section)) is not None}
    modules = None
    agent = desired.get(AGENT)
    if agent is not None and agent.is_whole:
        _check_schema(AGENT, agent.values)
        modules = agent_modules(agent.values)
        desired[AGENT] = Desired(_with_pieces(agent.values), True)
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
    kept = _object(values.get("storeAndForwardConfiguration", {}), f"{HUB}: storeAndForwardConfiguration")
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
    sections = _object(inner, "modulesContent")
    return {name: _object(section, name) for name, section in sections.items()}


def _desired(name: str, section: Document) -> Desired | None:
    """`properties.desired`, and below it what dotted keys such as `properties.desired.routes.x` add; None: neither."""
    properties = section.get("properties")
    nested = properties.get("desired") if isinstance(properties, Mapping) else None
    whole = section.get(DESIRED, nested)
    dotted = {key: value for key, value in section.items() if key.startswith(f"{DESIRED}.")}
    if whole is None and not dotted:
        return None
    values: Document = _object({} if whole is None else whole, f"{name}: {DESIRED}")
    for key, value in dotted.items():
        patch = value
        for part in reversed(key.removeprefix(f"{DESIRED}.").split(".")):
            patch = {part: patch}
        values = _joined(values, _object(patch, name))
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


def agent_modules(agent: Document) -> tuple[ModuleSpec, ...]:
    """Read `$edgeAgent`'s desired properties: the modules to run, in order of their start.

    Raises:
        ContentRefused: one of them breaks a rule.
    """
    entries = _object(agent.get("modules", {}), f"{AGENT}: modules")
    modules = [_module(name, _object(entry, f"module {name}")) for name, entry in entries.items() if entry is not None]
    return tuple(sorted(modules, key=lambda module: module.startup_order))


def _module(name: str, entry: Document) -> ModuleSpec:
    _check_name(name)
    where = f"module {name}"
    settings = _object(entry.get("settings"), f"{where}: settings")
    image = settings.get("image")
    if not isinstance(image, str) or not image.strip():
        raise ContentRefused(f"{where}: settings.image is missing")
    order = entry.get("startupOrder", LAST)
    if not isinstance(order, int) or isinstance(order, bool) or order < 0:
        raise ContentRefused(f"{where}: startupOrder is {order!r}, it must be a whole number from 0")
    return ModuleSpec(
        name=name,
        image=image.strip(),
        env=_env(where, entry.get("env")),
        create_options=_create_options(where, settings),
        status=_one_of(where, entry, "status", STATUSES, "running"),
        restart_policy=_one_of(where, entry, "restartPolicy", RESTART_POLICIES, "always"),
        version=str(entry.get("version", "")),
        startup_order=order,
    )


LAST: Final = 2**32 - 1
"""Start-up order of modules that name none."""


def _env(where: str, env: object) -> dict[str, str]:
    entries = _object({} if env is None else env, f"{where}: env")
    values = {name: _object(entry, f"{where}: env.{name}").get("value") for name, entry in entries.items()}
    return {name: value if isinstance(value, str) else _json(value) for name, value in values.items()}


def _create_options(where: str, settings: Document) -> Document:
    """The pieces joined; an object, as templates have it, is taken as it is."""
    first = settings.get("createOptions")
    if isinstance(first, Mapping):
        return first
    pieces = ["" if first is None else first]
    for number in range(1, MOST_PIECES):
        piece = settings.get(f"createOptions{number:02}")
        if piece is None:
            break
        pieces.append(piece)
    if not all(isinstance(piece, str) for piece in pieces):
        raise ContentRefused(f"{where}: createOptions must be JSON text, or an object")
    text = "".join(map(str, pieces))
    try:
        options = msgspec.json.decode(text) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        raise ContentRefused(f"{where}: createOptions is not JSON: {error}") from None
    return _object({} if options is None else options, f"{where}: createOptions")


def _with_pieces(agent: Document) -> Document:
    """`$edgeAgent` as its twin keeps it: options are text in pieces, for texts of twins are short."""
    result = dict(agent)
    for part in ("modules", "systemModules"):
        entries = agent.get(part)
        if isinstance(entries, Mapping):
            result[part] = {name: _entry_with_pieces(entry) for name, entry in entries.items()}
    return result


def _entry_with_pieces(entry: object) -> object:
    settings = entry.get("settings") if isinstance(entry, Mapping) else None
    options = settings.get("createOptions") if isinstance(settings, Mapping) else None
    if not isinstance(entry, Mapping) or not isinstance(settings, Mapping) or options is None:
        return entry
    text = options if isinstance(options, str) else _json(options)
    if "createOptions01" in settings:
        return entry
    names = ("createOptions", *(f"createOptions{number:02}" for number in range(1, MOST_PIECES)))
    pieces = (text[at : at + PIECE] for at in range(0, max(len(text), 1), PIECE))
    return {**entry, "settings": {**settings, **dict(zip(names, pieces, strict=False))}}


def _names(agent: Twin) -> frozenset[str]:
    return frozenset(module.name for module in agent_modules(agent.desired.values))


def _check_name(name: str) -> None:
    if not MODULE_NAME.fullmatch(name):
        raise ContentRefused(f"{name!r} cannot be a module's name: letters, digits and _.:%*?!(),=@;'- only")


def _one_of(where: str, entry: Document, key: str, allowed: tuple[str, ...], default: str) -> str:
    value = entry.get(key, default)
    if not isinstance(value, str) or value not in allowed:
        raise ContentRefused(f"{where}: {key} is {value!r}, it must be one of {', '.join(allowed)}")
    return value


def _changed(name: str, twin: Twin, desired: Desired, utc: datetime) -> Change:
    try:
        return (
            twin.with_all_desired(desired.values, utc) if desired.is_whole else twin.with_desired(desired.values, utc)
        )
    except BadRequest as error:
        raise ContentRefused(f"{name}: {error}") from None


def _object(value: object, where: str) -> Document:
    if not isinstance(value, Mapping):
        raise ContentRefused(f"{where}: an object is needed")
    return value


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
