"""Something that nobody may talk to."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread


@contextmanager
def listener() -> Iterator[tuple[int, list[object]]]:
    """Something inside that nobody may talk to: its port, and who has come."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    line, peer = server.accept()
                except OSError:
                    return
                came.append(peer)
                line.close()

        thread = Thread(target=accept)
        thread.start()
        try:
            yield server.getsockname()[1], came
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
