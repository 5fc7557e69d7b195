"""What `$edgeAgent` is to run: its desired properties as frozen specs (spec/iot.md section 8). Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, TypeVar

E = TypeVar("E", bound=Enum)

LAST: Final = 2**32 - 1
"""startupOrder of a module that has none."""


class Wanted(Enum):
    """Whether a module is to run."""

    RUNNING = "running"
    STOPPED = "stopped"


class RestartPolicy(Enum):
    """When a module that has ended is started again."""

    NEVER = "never"
    ON_FAILURE = "on-failure"
    ON_UNHEALTHY = "on-unhealthy"
    ALWAYS = "always"

    def restarts(self, exit_code: int) -> bool:
        """Whether a module that ended with this code is started again; nobody here is ever unhealthy and alive."""
        return self is RestartPolicy.ALWAYS or (self is not RestartPolicy.NEVER and exit_code != 0)


@dataclass(frozen=True, slots=True)
class ContainerOptions:
    """What of `createOptions` means something to a local process."""

    binds: tuple[tuple[str, str], ...] = ()
    """(folder or volume of the host, path inside)."""
    ports: tuple[tuple[int, int], ...] = ()
    """(port inside, port of the host)."""
    environment: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ModuleSpec:
    """One module."""

    name: str
    image: str
    options: ContainerOptions = ContainerOptions()
    environment: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    wanted: Wanted = Wanted.RUNNING
    restart: RestartPolicy = RestartPolicy.ALWAYS
    version: str = "1.0"
    order: int = LAST
    """startupOrder: lower ones are started first."""


def read_modules(desired: Mapping[str, Any]) -> tuple[ModuleSpec, ...]:
    """The modules of `$edgeAgent`'s desired properties, in their start-up order.

    Raises:
        ValueError: says where it is wrong; nothing of it should be run.
    """
    modules = _mapping(desired.get("modules", {}), "modules")
    specs = [_module(name, _mapping(module, f"modules.{name}")) for name, module in modules.items()]
    return tuple(sorted(specs, key=lambda spec: spec.order))


def read_options(text: str) -> ContainerOptions:
    """Binds, mounts, ports and variables of `createOptions`.

    Raises:
        ValueError: it is no JSON object, or one of them has another form.
    """
    try:
        options = _mapping(json.loads(text or "{}"), "createOptions")
    except RecursionError:
        raise ValueError("createOptions is nested too deeply") from None
    host = _mapping(options.get("HostConfig") or {}, "HostConfig")
    binds = [_bind(bind) for bind in _list(host.get("Binds"), "Binds")]
    binds += [_mount(_mapping(mount, "Mounts")) for mount in _list(host.get("Mounts"), "Mounts")]
    ports = [
        (_port(inside), _port(_mapping(binding, "PortBindings").get("HostPort", "")))
        for inside, bindings in _mapping(host.get("PortBindings") or {}, "PortBindings").items()
        for binding in _list(bindings, "PortBindings")
    ]
    variables = [str(line).partition("=")[::2] for line in _list(options.get("Env"), "Env")]
    return ContainerOptions(tuple(binds), tuple(ports), tuple(variables))


def _module(name: str, module: Mapping[str, Any]) -> ModuleSpec:
    path = f"modules.{name}"
    settings = _mapping(module.get("settings", {}), f"{path}.settings")
    image = settings.get("image")
    if not isinstance(image, str) or not image.strip():
        raise ValueError(f"{path}.settings.image is missing")
    try:
        options = read_options(_joined(settings))
    except ValueError as error:
        raise ValueError(f"{path}.settings.createOptions: {error}") from None
    environment = [
        (key, str(_mapping(value, f"{path}.env.{key}").get("value", "")))
        for key, value in _mapping(module.get("env") or {}, f"{path}.env").items()
    ]
    order = module.get("startupOrder", LAST)
    if not isinstance(order, int) or isinstance(order, bool) or order < 0:
        raise ValueError(f"{path}.startupOrder is no whole number from 0")
    return ModuleSpec(
        name,
        image.strip(),
        options,
        tuple(environment),
        _one_of(Wanted, module.get("status", "running"), f"{path}.status"),
        _one_of(RestartPolicy, module.get("restartPolicy", "always"), f"{path}.restartPolicy"),
        str(module.get("version", "1.0")),
        order,
    )


def _joined(settings: Mapping[str, Any]) -> str:
    """`createOptions`, cut into pieces where it was long (spec/iot.md section 4)."""
    first = settings.get("createOptions", "")
    if isinstance(first, Mapping):
        return json.dumps(first)
    pieces = [first] + [settings.get(f"createOptions{number:02}", "") for number in range(1, MOST_PIECES)]
    return "".join(str(piece) for piece in pieces)


def _bind(text: Any) -> tuple[str, str]:
    source, colon, rest = str(text).partition(":")
    inside = rest.partition(":")[0]
    if not source or not colon or not inside.startswith("/"):
        raise ValueError(f"the bind {text!r} is not HOST:/INSIDE")
    return source, inside


def _mount(mount: Mapping[str, Any]) -> tuple[str, str]:
    source, inside = mount.get("Source"), mount.get("Target")
    if not isinstance(source, str) or not isinstance(inside, str) or not inside.startswith("/") or not source:
        raise ValueError("a mount needs Source and an absolute Target")
    return source, inside


def _port(text: Any) -> int:
    number = str(text).partition("/")[0]
    if not (number.isascii() and number.isdigit() and 0 < int(number[:6]) < 65536):
        raise ValueError(f"{text!r} is no port")
    return int(number)


def _mapping(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{path} is no JSON object")  # noqa: TRY004 - of a document, not of a program
    return value


def _list(value: Any, path: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"{path} is no JSON list")  # noqa: TRY004 - of a document, not of a program
    return value


def _one_of(kind: type[E], value: Any, path: str) -> E:
    for member in kind:
        if str(value).lower() == member.value:
            return member
    raise ValueError(f"{path} is {value!r}, not one of {', '.join(member.value for member in kind)}")


MOST_PIECES: Final = 100
