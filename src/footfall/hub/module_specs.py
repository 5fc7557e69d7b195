"""Modules of a manifest: what to run and how, as `$edgeAgent` says it (spec/iot.md section 8). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from footfall.hub.documents import Document
from footfall.hub.messages import BadRequest

AGENT: Final = "$edgeAgent"
MODULE_NAME: Final = re.compile(r"[A-Za-z0-9_.:%*?!(),=@'-]{1,128}")
STATUSES: Final = ("running", "stopped")
RESTART_POLICIES: Final = ("never", "on-failure", "on-unhealthy", "always")
PIECE: Final = 512
"""Characters of one piece of `createOptions`."""
MOST_PIECES: Final = 100
LAST: Final = 2**32 - 1
"""Start-up order of modules that name none."""


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
    create_options: Document = field(repr=False)
    """Docker's: `HostConfig` with `Binds`, `Mounts`, `PortBindings`; `Env` ..."""
    status: str
    """`running` or `stopped`."""
    restart_policy: str
    """`never`, `on-failure`, `on-unhealthy` or `always`."""
    version: str
    startup_order: int


def agent_modules(agent: Document) -> tuple[ModuleSpec, ...]:
    """Read `$edgeAgent`'s desired properties: the modules to run, in order of their start.

    Raises:
        ContentRefused: one of them breaks a rule.
    """
    entries = needed_object(agent.get("modules", {}), f"{AGENT}: modules")
    modules = [
        _module(name, needed_object(entry, f"module {name}")) for name, entry in entries.items() if entry is not None
    ]
    return tuple(sorted(modules, key=lambda module: module.startup_order))


def _module(name: str, entry: Document) -> ModuleSpec:
    check_name(name)
    where = f"module {name}"
    settings = needed_object(entry.get("settings"), f"{where}: settings")
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


def _env(where: str, env: object) -> dict[str, str]:
    entries = needed_object({} if env is None else env, f"{where}: env")
    values = {name: needed_object(entry, f"{where}: env.{name}").get("value") for name, entry in entries.items()}
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
    return needed_object({} if options is None else options, f"{where}: createOptions")


def with_pieces(agent: Document) -> Document:
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


def check_name(name: str) -> None:
    """Whether a module may be called that.

    Raises:
        ContentRefused: it may not.
    """
    if not MODULE_NAME.fullmatch(name):
        raise ContentRefused(f"{name!r} cannot be a module's name: letters, digits and _.:%*?!(),=@'- only")


def _one_of(where: str, entry: Document, key: str, allowed: tuple[str, ...], default: str) -> str:
    value = entry.get(key, default)
    if not isinstance(value, str) or value not in allowed:
        raise ContentRefused(f"{where}: {key} is {value!r}, it must be one of {', '.join(allowed)}")
    return value


def needed_object(value: object, where: str) -> Document:
    """A value that must be an object.

    Raises:
        ContentRefused: it is none; `where` says which.
    """
    if not isinstance(value, Mapping):
        raise ContentRefused(f"{where}: an object is needed")
    return value


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
