"""Connection strings: what modules and services connect with. Also while the hub runs, from another process."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from footfall.core.errors import ConfigError, Problem
from footfall.edge.topics import Identity
from footfall.hub.identities import Identities, Place
from footfall.hub.module_specs import MODULE_NAME
from footfall.hub.store import Store

HTTPS: Final = "443"


def connection_string(folder: Path, module: str | None, gateway: str | None, policy: str) -> str:
    """Of a module, which is made if it is not there, or without one of a service.

    Raises:
        ConfigError: no hub has ever run in this folder, or there is no such policy or module name.
    """
    if not (folder / "hub.sqlite").exists():
        raise _wrong("--data", f"there is no hub in {folder}", "start one first with footfall hub, or name its folder")
    store = Store(folder / "hub.sqlite")
    try:
        name, device = store.fact("name"), store.fact("device")
        if name is None or device is None:
            raise _wrong("--data", f"the hub in {folder} has never run", "start it once")
        place = Place(name, device)
        return _of_service(store, place, policy) if module is None else _of_module(store, place, module, gateway)
    finally:
        store.close()


def _of_module(store: Store, place: Place, name: str, gateway: str | None) -> str:
    who = Identity(place.device, name)
    identities = Identities(store, place)
    if not identities.has(who) and not MODULE_NAME.fullmatch(name):
        raise _wrong("MODULE", f"{name!r} cannot be a module's name", "use letters, digits and _.:%*?!(),=@'-")
    made = identities.make(who)
    if made is not None:
        store.write([made.made()])
    parts = {
        "HostName": place.name,
        "DeviceId": place.device,
        "ModuleId": name,
        "SharedAccessKey": identities.get(who).primary_key,
    }
    return _joined({**parts, **({} if gateway is None else {"GatewayHostName": gateway})})


def _of_service(store: Store, place: Place, policy: str) -> str:
    policies = Identities(store, place).policies()
    if policy not in policies:
        raise _wrong("--policy", f"there is no policy {policy}", f"choose one of {', '.join(policies)}")
    port = store.fact("https_port") or HTTPS
    host = place.name if port == HTTPS else f"{place.name}:{port}"
    return _joined({"HostName": host, "SharedAccessKeyName": policy, "SharedAccessKey": policies[policy]})


def _joined(parts: dict[str, str]) -> str:
    return ";".join(f"{key}={value}" for key, value in parts.items())


def _wrong(path: str, what: str, cure: str) -> ConfigError:
    return ConfigError([Problem("command line", path, what, cure)])
