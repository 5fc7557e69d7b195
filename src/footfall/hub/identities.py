"""Who may speak to the hub: the device, its modules, and the hub's policies. Every key is random."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from footfall.core.errors import ConfigError, Problem
from footfall.edge.sas import SharedAccess, parse_token
from footfall.edge.topics import Identity
from footfall.hub.content import HUB
from footfall.hub.messages import Unauthorised, UnknownIdentity
from footfall.hub.module_specs import AGENT, MODULE_NAME
from footfall.hub.store import Change, Store, fact, policy

HOST_NAME: Final = re.compile(r"[A-Za-z0-9_.:-]{1,253}")
POLICIES: Final = ("iothubowner", "service", "device", "registryRead", "registryReadWrite")


@dataclass(frozen=True, slots=True)
class Module:
    """A device or module, and the keys that prove it."""

    identity: Identity
    primary_key: str = field(repr=False)
    """Base64."""
    secondary_key: str = field(repr=False)
    generation: str
    """`IOTEDGE_MODULEGENERATIONID`: number text, new whenever the module is made anew."""

    def made(self) -> Change:
        """Keep it."""
        values = (self.identity.client_id, self.identity.module, self.primary_key, self.secondary_key, self.generation)
        return Change("INSERT OR IGNORE INTO modules VALUES (?, ?, ?, ?, ?)", values)


@dataclass(frozen=True, slots=True)
class Policy:
    """A caller that came with a policy's key."""

    name: str
    scope: str = ""
    """The path below the host to which its token is limited, such as `devices/d`; empty: everything."""

    def covers(self, who: Identity) -> bool:
        """Whether the token is good for a device or module."""
        return not self.scope or f"{who.path}/".startswith(f"{self.scope.rstrip('/')}/")


Caller: TypeAlias = Identity | Policy


@dataclass(frozen=True, slots=True)
class Place:
    """What the hub calls itself and its device."""

    name: str
    device: str


class Identities:
    """All identities of one hub."""

    def __init__(self, store: Store, place: Place) -> None:
        self.place = place
        self._store = store
        self._policies = {str(name): str(key) for name, key in store.rows("SELECT name, key FROM policies")}
        self._known: dict[Identity, Module] = {}
        self._unsettled: dict[Identity, Module | None] = {}
        self.reload()

    def reload(self) -> None:
        """Read all modules from the store: another process may have made one. What is on its way there counts."""
        self._known = {module.identity: module for module in _read(self._store, self.place.device)}
        for who, module in self._unsettled.items():
            if module is None:
                self._known.pop(who, None)
            else:
                self._known[who] = module

    def admit(self, token: str, now_s: float) -> tuple[Caller, int]:
        """Who made this token, and the Unix time in seconds at which it ends.

        Raises:
            Unauthorised: its signature, resource or time is wrong; the text never holds the token.
        """
        try:
            access = parse_token(token)
        except ValueError as error:
            raise Unauthorised(str(error)) from None
        if access.expiry_s <= now_s:
            raise Unauthorised("the token is out of date")
        caller = self._policy(access) if access.policy else self._identity(access)
        return caller, access.expiry_s

    def get(self, who: Identity) -> Module:
        """Keys of a device or module.

        Raises:
            UnknownIdentity: there is no such.
        """
        if not self.has(who):
            raise UnknownIdentity(f"there is no {who.client_id}")
        return self._known[who]

    def has(self, who: Identity) -> bool:
        """Whether there is such a device or module."""
        if who not in self._known:
            self.reload()
        return who in self._known

    def make(self, who: Identity) -> Module | None:
        """A module with new keys; None: it is there already. Whoever calls keeps it, and says when it is `settled`."""
        if self.has(who):
            return None
        self._known[who] = self._unsettled[who] = module = new_module(who)
        return module

    def forget(self, who: Identity) -> None:
        """A module is no more; whoever calls takes it off the disk, and says when that is `settled`."""
        self._known.pop(who, None)
        self._unsettled[who] = None

    def settled(self, who: Identity, module: Module | None) -> None:
        """A module that was made, or None that was forgotten, is so on the disk, or never will be."""
        if who in self._unsettled and self._unsettled[who] is module:
            del self._unsettled[who]

    def all(self) -> tuple[Module, ...]:
        """The device first, then its modules by name."""
        return tuple(sorted(self._known.values(), key=lambda module: module.identity.module or ""))

    def policies(self) -> Mapping[str, str]:
        """Key of each policy."""
        return self._policies

    def _policy(self, access: SharedAccess) -> Policy:
        key = self._policies.get(access.policy)
        if key is None or not access.is_signed_with(key):
            raise Unauthorised("the token's policy or signature is wrong")
        return Policy(access.policy, access.name.partition("/")[2])

    def _identity(self, access: SharedAccess) -> Identity:
        host, _, path = access.name.partition("/")
        match path.split("/"):
            case ["devices", device]:
                who = Identity(device)
            case ["devices", device, "modules", module]:
                who = Identity(device, module)
            case _:
                raise Unauthorised("the token is for no device or module")
        try:
            module_ = self.get(who)
        except UnknownIdentity as error:
            raise Unauthorised(str(error)) from None
        if host.casefold() != self.place.name.casefold():
            raise Unauthorised(f"the token is for another hub than {self.place.name}")
        if not (access.is_signed_with(module_.primary_key) or access.is_signed_with(module_.secondary_key)):
            raise Unauthorised("the token's signature is wrong")
        return who


def new_key() -> str:
    """32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def new_module(who: Identity) -> Module:
    """A device or module with keys of its own."""
    generation = str(secrets.randbelow(10**18) + 10**17)
    return Module(who, new_key(), new_key(), generation)


def furnish(store: Store, name: str | None, device: str | None) -> Place:
    """At a start: what the hub is called, as it was told now or before; at the first, its device, policies and keys.

    `name` may change from start to start: tokens and connection strings follow it.

    Raises:
        ConfigError: the folder is another device's, or a name cannot be one.
    """
    known = store.fact("device")
    if known is not None and device not in {None, known}:
        cure = "leave --device out, or choose another folder with --data"
        raise ConfigError([Problem("command line", "--device", f"the folder belongs to the device {known}", cure)])
    place = Place(name or store.fact("name") or "localhost", known or device or "edge-device")
    if not MODULE_NAME.fullmatch(place.device):
        raise _no_name("--device", place.device, "use letters, digits and _.:%*?!(),=@'-")
    if not HOST_NAME.fullmatch(place.name):
        raise _no_name("--name", place.name, "use letters, digits, dots and dashes")
    changes = [fact("name", place.name)]
    if known is None:
        changes.append(fact("device", place.device))
        changes += [policy(each, new_key()) for each in POLICIES]
        changes += [new_module(Identity(place.device, each)).made() for each in (None, AGENT, HUB)]
    store.write(changes)
    return place


def _no_name(option: str, name: str, cure: str) -> ConfigError:
    return ConfigError([Problem("command line", option, f"{name!r} cannot be a name", cure)])


def _read(store: Store, device: str) -> list[Module]:
    rows = store.rows("SELECT module, primary_key, secondary_key, generation FROM modules")
    return [
        Module(Identity(device, None if module is None else str(module)), str(primary), str(secondary), str(generation))
        for module, primary, secondary, generation in rows
    ]
