"""TCP for HTTP that asks before each connection where it may go, and waits no longer than somebody has patience."""

from __future__ import annotations

import ssl
from collections.abc import Iterable

import httpcore

from footfall.core.ports import Lead
from footfall.network.patience import Patience


class LedBackend(httpcore.NetworkBackend):
    """Connects to numbers that `lead` gives, for names that HTTP and TLS still see as they were given.

    Args:
        lead: asked for every connection; where it names several numbers, the next is tried when one does not answer.
        patience: of whoever waits.
    """

    def __init__(self, lead: Lead, patience: Patience) -> None:
        self._lead = lead
        self._patience = patience
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """As httpcore, but for `timeout`: the numbers of a name share what patience is left.

        Raises:
            Blocked: nobody goes there.
            TimeoutError: no patience is left.
        """
        first: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        numbers = self._lead(host.rstrip("."), port) or [host]
        for turn, number in enumerate(numbers):
            share_s = self._patience.left_s() / (len(numbers) - turn)
            try:
                line = self._inner.connect_tcp(number, port, share_s, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                first = first or error
            else:
                return _Line(line, self._patience)
        assert first is not None
        raise first


class _Line(httpcore.NetworkStream):
    """A connection whose every wait is bounded."""

    def __init__(self, inner: httpcore.NetworkStream, patience: Patience) -> None:
        self._inner = inner
        self._patience = patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._patience.left_s())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._patience.left_s())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Line(self._inner.start_tls(ssl_context, server_hostname, self._patience.left_s()), self._patience)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)
