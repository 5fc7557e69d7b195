"""A key server: the part of Vault's transit API that footfall needs, with AES-256-GCM keys of its own, over real HTTP.

Written from the documented API (encrypt, decrypt, read, create, rotate, delete and configure a key), because no package
of the registries that tests may use carries OpenBao or Vault. `ciphertext` is `vault:v<version>:` and Base64 of a nonce
of 12 bytes and what AES-GCM makes of the plaintext, as there. Statuses and words of refusals are as there too.
"""

from __future__ import annotations

import base64
import json
import os
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_PATH = re.compile(r"/v1/(?P<mount>[^/]+)/(?P<what>encrypt|decrypt|keys)/(?P<key>[^/]+)(?P<more>/rotate|/config)?")
_CIPHERTEXT = re.compile(r"vault:v(\d+):([A-Za-z0-9+/=]+)")


class Refusal(Exception):
    def __init__(self, status: int, *errors: str) -> None:
        super().__init__(status)
        self.status, self.errors = status, errors


@dataclass
class Key:
    versions: dict[int, bytes] = field(default_factory=lambda: {1: os.urandom(32)})
    min_decryption_version: int = 1
    deletion_allowed: bool = False

    @property
    def latest(self) -> int:
        return max(self.versions)


class TransitServer:
    """What its keys, tokens and troubles are, tests set at any time."""

    def __init__(self, context: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.keys = {"footfall": Key()}
        self.policies = {"the-token": {"encrypt", "decrypt", "keys"}}
        """Token -> what it may do."""
        self.is_sealed = False
        self.namespace = ""
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.raw: tuple[int, bytes] | None = None
        """Answered instead of anything else."""
        self.asked: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                server.asked.append(self.path)
                server.may_answer.wait()
                status, answer = server.raw or server.answer(self.command, self.path, self.headers, body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_PUT = do_DELETE = do_POST

            def log_message(self, *_):
                pass

            def handle(self):
                with suppress(OSError):
                    super().handle()

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass

        self._server = Server(("127.0.0.1", port), Handler)
        if context is not None:
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.scheme = "https" if context else "http"
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Of the one key."""
        return f"{self.scheme}://127.0.0.1:{self.port}/v1/transit/keys/footfall"

    def close(self) -> None:
        self.may_answer.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, method, path, headers, body) -> tuple[int, bytes]:
        try:
            data = self._data(method, path, headers, body)
        except Refusal as refusal:
            return refusal.status, json.dumps({"errors": refusal.errors}).encode()
        if data is None:
            return 204, b""
        whole = {"request_id": "1", "lease_id": "", "renewable": False, "lease_duration": 0, "data": data}
        return 200, json.dumps({**whole, "wrap_info": None, "warnings": None, "auth": None}).encode()

    def _data(self, method, path, headers, body):
        if self.is_sealed:
            raise Refusal(503, "Vault is sealed")
        match = _PATH.fullmatch(path)
        if match is None or match["mount"] != "transit" or headers.get("X-Vault-Namespace", "") != self.namespace:
            raise Refusal(404, f"no handler for route {path!r}. route entry not found.")
        if match["what"] not in self.policies.get(headers.get("X-Vault-Token", ""), ()):
            raise Refusal(403, "1 error occurred:\n\t* permission denied\n\n")
        asked = json.loads(body) if body else {}
        if match["what"] == "encrypt":
            return self._encrypt(match["key"], asked)
        if match["what"] == "decrypt":
            return self._decrypt(match["key"], asked)
        return self._keys(method, match["key"], match["more"], asked)

    def _encrypt(self, name, asked):
        key = self.keys.setdefault(name, Key())  # a token that may create keys makes one by its use
        nonce = os.urandom(12)
        sealed = nonce + AESGCM(key.versions[key.latest]).encrypt(nonce, _decoded(asked, "plaintext"), None)
        return {"ciphertext": f"vault:v{key.latest}:{base64.b64encode(sealed).decode()}", "key_version": key.latest}

    def _decrypt(self, name, asked):
        if name not in self.keys:
            raise Refusal(400, "encryption key not found")
        key = self.keys[name]
        match = _CIPHERTEXT.fullmatch(str(asked.get("ciphertext", "")))
        if match is None:
            raise Refusal(400, "invalid ciphertext: no prefix")
        version = int(match[1])
        if version < key.min_decryption_version:
            raise Refusal(400, "ciphertext or signature version is disallowed by policy (too old)")
        if version not in key.versions:
            raise Refusal(400, "invalid ciphertext: version is too new")
        sealed = base64.b64decode(match[2])
        try:
            plain = AESGCM(key.versions[version]).decrypt(sealed[:12], sealed[12:], None)
        except (InvalidTag, ValueError):
            raise Refusal(400, "cipher: message authentication failed") from None
        return {"plaintext": base64.b64encode(plain).decode()}

    def _keys(self, method, name, more, asked):
        if method in ("POST", "PUT") and more is None:
            self.keys.setdefault(name, Key())
        elif name not in self.keys:
            raise Refusal(404)
        key = self.keys[name]
        if method == "DELETE":
            if not key.deletion_allowed:
                raise Refusal(400, "deletion is not allowed for this key")
            del self.keys[name]
            return None
        if more == "/rotate":
            key.versions[key.latest + 1] = os.urandom(32)
        if more == "/config":
            key.min_decryption_version = asked.get("min_decryption_version", key.min_decryption_version)
            key.deletion_allowed = asked.get("deletion_allowed", key.deletion_allowed)
        return {
            "name": name,
            "type": "aes256-gcm96",
            "latest_version": key.latest,
            "min_decryption_version": key.min_decryption_version,
            "deletion_allowed": key.deletion_allowed,
            "keys": {str(version): 0 for version in key.versions},
        }


def _decoded(asked, name) -> bytes:
    try:
        return base64.b64decode(asked[name], validate=True)
    except (KeyError, ValueError):
        raise Refusal(400, "failed to base64-decode plaintext") from None


@contextmanager
def transit_server(context: ssl.SSLContext | None = None) -> Iterator[TransitServer]:
    server = TransitServer(context)
    try:
        yield server
    finally:
        server.close()
