"""What `$edgeAgent` is to run: its desired properties as frozen specs (spec/iot.md section 8). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from footfall.hub.module_specs import ContentRefused, ModuleSpec, agent_modules


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
class Assignment:
    """One module that this machine is to run."""

    name: str
    image: str
    options: ContainerOptions = ContainerOptions()
    environment: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    is_wanted: bool = True
    """False: it is to be stopped."""
    restart: RestartPolicy = RestartPolicy.ALWAYS
    version: str = "1.0"


def read_modules(desired: Mapping[str, Any]) -> tuple[Assignment, ...]:
    """The modules of `$edgeAgent`'s desired properties, in their start-up order.

    Raises:
        ValueError: says where it is wrong; nothing of it should be run.
    """
    try:
        return tuple(_assignment(spec) for spec in agent_modules(desired))
    except ContentRefused as error:
        raise ValueError(str(error)) from None


def _assignment(spec: ModuleSpec) -> Assignment:
    try:
        options = read_options(spec.create_options)
    except ValueError as error:
        raise ValueError(f"module {spec.name}: createOptions: {error}") from None
    restart = RestartPolicy(spec.restart_policy)
    is_wanted = spec.status == "running"
    environment = tuple(spec.env.items())
    return Assignment(spec.name, spec.image, options, environment, is_wanted, restart, spec.version or "1.0")


def read_options(options: Mapping[str, Any]) -> ContainerOptions:
    """Binds, mounts, ports and variables of `createOptions`.

    Raises:
        ValueError: one of them has another form.
    """
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
