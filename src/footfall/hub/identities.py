"""Who may speak to the hub: the device, its modules, and the hub's policies. Every key is random."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from footfall.edge.topics import Identity

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


@dataclass(frozen=True, slots=True)
class Policy:
    """A caller that came with a policy's key."""

    name: str


Caller: TypeAlias = Identity | Policy


class Identities:
    """All identities of one hub."""

    def admit(self, token: str, now_s: float) -> Caller:
        """Who made this token: its signature, resource and time are right.

        Raises:
            Unauthorised: anything else; the text never holds the token.
        """
        raise NotImplementedError

    def get(self, who: Identity) -> Module:
        """Keys of a device or module.

        Raises:
            UnknownIdentity: there is no such.
        """
        raise NotImplementedError

    def policies(self) -> Mapping[str, str]:
        """Key of each policy."""
        raise NotImplementedError
