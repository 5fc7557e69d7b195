"""What callers of the HTTPS door may do (spec/iot.md section 9): policies have rights, modules may call methods."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from footfall.edge.topics import Identity
from footfall.hub.identities import Caller, Policy
from footfall.hub.messages import Unauthorised


class Right(Enum):
    """What a request needs."""

    CALL_METHODS = auto()
    SERVICE = auto()
    """Twins and events."""
    REGISTRY_READ = auto()
    """Modules and their keys."""
    REGISTRY_WRITE = auto()
    """Manifests: they make and remove modules."""


RIGHTS: Final[Mapping[str, frozenset[Right]]] = {
    "iothubowner": frozenset(Right),
    "service": frozenset({Right.CALL_METHODS, Right.SERVICE}),
    "registryRead": frozenset({Right.REGISTRY_READ}),
    "registryReadWrite": frozenset({Right.REGISTRY_READ, Right.REGISTRY_WRITE}),
}
"""A policy that is not named here, such as `device`, may do nothing at this door."""


def require(caller: Caller, right: Right, target: Identity, edge_module: str | None) -> None:
    """Let a caller pass, or not.

    Args:
        caller: who made the token.
        right: what the request needs.
        target: whom it concerns.
        edge_module: the header `x-ms-edge-moduleId`, `{device}/{module}`; modules name themselves in it.

    Raises:
        Unauthorised: the caller may not do this.
    """
    if isinstance(caller, Policy):
        if right not in RIGHTS.get(caller.name, ()):
            raise Unauthorised(f"the policy {caller.name} has no right to this")
        if not caller.covers(target):
            raise Unauthorised("the token is for something else")
        return
    if right is not Right.CALL_METHODS or caller.module is None:
        raise Unauthorised("modules may call methods here, and nothing else")
    if edge_module not in {None, caller.client_id}:
        raise Unauthorised(f"the token is for {caller.client_id}, not for the module in x-ms-edge-moduleId")
