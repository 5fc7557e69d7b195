"""Connections to servers: sockets that are closed when they come to nothing, and what to call the reason."""

from __future__ import annotations

import socket
import ssl


class TidySocket(ssl.SSLSocket):
    """Closes when the handshake fails; `paho.mqtt` would leave that to the garbage collector."""

    def do_handshake(self, block: bool = False) -> None:
        """As usual, but for that."""
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def reason_of(error: OSError) -> str:
    """Why there is no connection: `tls`, `timeout`, `not-found`, `refused` or `broken`."""
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, socket.gaierror):
        return "not-found"
    return "refused" if isinstance(error, ConnectionRefusedError) else "broken"
