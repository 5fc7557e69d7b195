from __future__ import annotations

import socket
import ssl
import threading

import pytest

from footfall.network.sockets import TidySocket, reason_of


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        pytest.param(ssl.SSLError(1, "handshake failure"), "tls", id="TLS"),
        pytest.param(ssl.SSLCertVerificationError("self-signed"), "tls", id="a certificate that nobody knows"),
        pytest.param(TimeoutError("timed out"), "timeout", id="silence"),
        pytest.param(socket.gaierror(-2, "unknown"), "not-found", id="no such host"),
        pytest.param(ConnectionRefusedError(111, "refused"), "refused", id="nobody listens"),
        pytest.param(ConnectionResetError(104, "reset"), "broken", id="cut off"),
        pytest.param(OSError(101, "unreachable"), "broken", id="no way there"),
    ],
)
def test_errors_have_names(error: OSError, reason: str) -> None:
    assert reason_of(error) == reason


def test_a_socket_is_closed_when_the_handshake_fails() -> None:
    """What is left open would be told as a warning, and warnings are errors here."""
    context = ssl.create_default_context()
    context.sslsocket_class = TidySocket
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            talk, _ = server.accept()
            with talk:
                talk.recv(1024)
                talk.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        answering = threading.Thread(target=answer)
        answering.start()
        plain = socket.create_connection(server.getsockname(), timeout=60)
        wrapped = context.wrap_socket(plain, server_hostname="localhost", do_handshake_on_connect=False)
        with pytest.raises(ssl.SSLError) as caught:
            wrapped.do_handshake()
        assert wrapped.fileno() == -1
        assert reason_of(caught.value) == "tls"
        answering.join(60)
