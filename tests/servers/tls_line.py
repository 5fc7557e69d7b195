"""TLS in front of a server that speaks none."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def tls_line(port: int, certificates: Path, *, is_old: bool = False) -> Iterator[int]:
    """A port on 127.0.0.1 that leads to `port` for those who speak TLS; an old one knows nothing after 1.0."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if is_old:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.options |= ssl.OP_NO_TLSv1_3 | ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_1
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")

    def serve() -> None:
        with suppress(OSError):
            while True:
                outside, _ = server.accept()
                threading.Thread(target=_join, args=(outside, context, port), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        yield int(server.getsockname()[1])
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


def _join(outside: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with (
        outside,
        suppress(OSError),
        context.wrap_socket(outside, server_side=True) as here,
        socket.create_connection(("127.0.0.1", port)) as there,
    ):
        way = threading.Thread(target=_pump, args=(here, there), daemon=True)
        way.start()
        _pump(there, here)
        way.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
