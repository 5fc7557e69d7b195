"""How often somebody may try to log in, and why nobody can lock others out.

Attempts count for the address they come from and for the account they aim at. A browser that has logged in to an
account before shows a device cookie (OWASP, "Slow down online guessing attacks with device cookies"): its attempts
count for the device alone. Whoever guesses from outside uses up their own address and the account's budget for
strangers, never that of the people who work with it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from footfall.access.credentials import derived, is_same, new_id
from footfall.access.limits import Limit, TooMany
from footfall.access.users import fold
from footfall.core.ports import Clock

RATE: Final = "1/second;5/minute;20/hour"
_NETWORK_BITS: Final = 64
"""Of IPv6: who has one address of such a network has all of them."""


class Attempts:
    """Counts failures; what succeeds does not count.

    Args:
        clock: for the windows.
        key: signs device cookies.
    """

    def __init__(self, clock: Clock, key: str) -> None:
        self._key = key
        self._addresses = Limit(RATE, clock)
        self._accounts = Limit(RATE, clock)
        self._devices = Limit(RATE, clock)
        self._tokens = Limit(RATE, clock)

    @contextmanager
    def login(self, name: str, address: str, device: str) -> Iterator[None]:
        """One attempt to log in, which counts if it ends by an exception.

        Raises:
            TooMany: there were too many.
        """
        if self.knows(name, device):
            counted = [(self._devices, device)]
        else:
            counted = [(self._addresses, network_of(address)), (self._accounts, fold(name))]
        with _counted(counted):
            yield

    @contextmanager
    def link(self, address: str) -> Iterator[None]:
        """One attempt to use a set-up link.

        Raises:
            TooMany: there were too many.
        """
        with _counted([(self._addresses, network_of(address))]):
            yield

    def token_refused(self, address: str) -> None:
        """Somebody showed a token that is none.

        Raises:
            TooMany: once too often.
        """
        self._tokens.hit(network_of(address))

    def new_device(self, name: str) -> str:
        """A cookie for a browser that has logged in."""
        nonce = new_id()
        return f"{nonce}.{self._signature(name, nonce)}"

    def knows(self, name: str, device: str) -> bool:
        """Whether a browser has logged in to an account before."""
        nonce, _, signature = device.partition(".")
        return is_same(signature.encode("utf-8", "replace"), self._signature(name, nonce).encode())

    def _signature(self, name: str, nonce: str) -> str:
        return derived(self._key, f"{nonce} {fold(name)}")


def network_of(address: str) -> str:
    """What counts as one address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is None:
        return str(ipaddress.ip_network((int(ip) >> _NETWORK_BITS << _NETWORK_BITS, _NETWORK_BITS)))
    return str(ip.ipv4_mapped or ip) if isinstance(ip, ipaddress.IPv6Address) else str(ip)


@contextmanager
def _counted(limits: list[tuple[Limit, str]]) -> Iterator[None]:
    """Counted at once, so that attempts at the same time do not slip through; taken back if nothing was wrong."""
    hit: list[tuple[Limit, str]] = []
    try:
        for limit, key in limits:
            limit.hit(key)
            hit.append((limit, key))
    except TooMany:
        _take_back(hit)
        raise
    yield
    _take_back(hit)


def _take_back(hit: list[tuple[Limit, str]]) -> None:
    for limit, key in hit:
        limit.take_back(key)
