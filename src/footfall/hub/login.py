"""Who may connect over MQTT: client id, user name and token of CONNECT (spec/iot.md section 2). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from footfall.edge.topics import Identity
from footfall.hub.identities import Identities, Policy
from footfall.hub.messages import Unauthorised
from footfall.hub.wire import LEVEL, Connect

ACCEPTED, WRONG_LEVEL, WRONG_CLIENT, WRONG_USER, NOT_AUTHORISED = 0, 1, 2, 4, 5
MAY_CONNECT = ("iothubowner", "device")
"""Policies that may speak for devices and modules."""
LONGEST_NAME: Final = 64
"""Characters of a common name (RFC 5280): what is longer was cut, and may be somebody else's."""


class LoginRefused(Exception):
    """CONNACK says no; the text never holds the token."""

    def __init__(self, code: int, why: str) -> None:
        self.code = code
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who may connect."""

    identity: Identity
    until_s: int
    """Unix time in seconds at which the token ends, and the connection with it."""


@dataclass(frozen=True, slots=True)
class Certified:
    """What the hub's own authority says of a client (X.509), whose certificate TLS has verified."""

    name: str
    """Common name: the client id of whom it was issued to."""
    until_s: int
    """Unix time in seconds at which the certificate ends."""


def log_in(connect: Connect, identities: Identities, now_s: float, certified: Certified | None = None) -> Login:
    """Check a CONNECT packet; without a password the client's certificate must do.

    Raises:
        LoginRefused: with the code for CONNACK.
    """
    if connect.level != LEVEL:
        raise LoginRefused(WRONG_LEVEL, f"MQTT level {connect.level}, this is 3.1.1")
    who = _client(connect.client_id)
    _check_user(connect.user, identities.place.name, who)
    if certified is not None and not connect.password:
        return _by_certificate(who, certified, identities, now_s)
    try:
        password = (connect.password or b"").decode()
        caller, until_s = identities.admit(password, now_s)
    except (UnicodeDecodeError, Unauthorised) as error:
        why = str(error) if isinstance(error, Unauthorised) else "the password is not text"
        raise LoginRefused(NOT_AUTHORISED, f"{who.client_id}: {why}") from None
    if isinstance(caller, Policy):
        if caller.name not in MAY_CONNECT or not caller.covers(who) or not identities.has(who):
            raise LoginRefused(NOT_AUTHORISED, f"{who.client_id}: the policy {caller.name} is not good for it")
    elif caller != who:
        raise LoginRefused(NOT_AUTHORISED, f"{who.client_id}: the token is for {caller.client_id}")
    return Login(who, until_s)


def _by_certificate(who: Identity, certified: Certified, identities: Identities, now_s: float) -> Login:
    is_cut = len(certified.name) >= LONGEST_NAME
    if certified.name != who.client_id or is_cut or certified.until_s <= now_s or not identities.has(who):
        raise LoginRefused(NOT_AUTHORISED, f"{who.client_id}: the certificate is not good for it")
    return Login(who, certified.until_s)


def _client(client_id: str) -> Identity:
    match client_id.split("/"):
        case [device] if device:
            return Identity(device)
        case [device, module] if device and module:
            return Identity(device, module)
    raise LoginRefused(WRONG_CLIENT, "a client id is {device} or {device}/{module}")


def _check_user(user: str | None, host: str, who: Identity) -> None:
    """`{host}/{device}/{module}/?api-version=…`, with or without the slash before `?`."""
    path, _, query = (user or "").partition("?")
    given_host, _, client = path.removesuffix("/").partition("/")
    if given_host.casefold() != host.casefold():
        raise LoginRefused(WRONG_USER, f"{who.client_id}: the user name begins with another host than {host}")
    if client != who.client_id:
        raise LoginRefused(WRONG_USER, f"{who.client_id}: the user name is not this client's")
    if not parse_qs(query).get("api-version"):
        raise LoginRefused(WRONG_USER, f"{who.client_id}: the user name lacks ?api-version=")
