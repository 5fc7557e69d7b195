"""The HTTPS side of a hub with one media module behind it: direct methods and nothing else."""

from __future__ import annotations

import json
import ssl
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from footfall.edge.sas import parse_token
from media_module import Module

KEY = "c2VydmljZS1rZXk="
PATH = "/twins/edge-device/modules/lvaEdge/methods?api-version=2021-04-12"


class ServiceDoor:
    """Answers for `edge-device/lvaEdge`; `topology` is also served as a plain page."""

    def __init__(self, module: Module, certificates: Path, topology: bytes = b"") -> None:
        self.calls: list[Any] = []
        door = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer(200 if self.path == "/topology.json" else 404, topology)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                token = parse_token(self.headers["Authorization"])
                if not token.is_signed_with(KEY) or token.policy != "service":
                    self._answer(401, b'{"Message": "ErrorCode:401002;Unauthorized"}')
                elif self.path != PATH:
                    self._answer(404, b'{"Message": "ErrorCode:404103;The module is not online"}')
                else:
                    door.calls.append(body)
                    reply = module.call(body["methodName"], body["payload"])
                    told = {"status": reply.status, "payload": reply.payload}
                    self._answer(200, json.dumps(told).encode())

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

            def handle(self) -> None:
                with suppress(OSError):
                    super().handle()

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def connection_string(self) -> str:
        return f"HostName=localhost:{self._server.server_port};SharedAccessKeyName=service;SharedAccessKey={KEY}"

    @property
    def url(self) -> str:
        return f"https://localhost:{self._server.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
