"""The model over HTTP: POST /image with a picture, POST /url with {"url": "…"}; nothing is kept.

The longer paths of the prediction service lead to the same answers, with and without /nostore. `HOST` and `PORT` of
the environment say where to listen.
"""

from __future__ import annotations

import json
import os
import re
import sys
from datetime import UTC, datetime
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from fetch import fetch  # type: ignore[import-not-found]
from predict import Model, beside  # type: ignore[import-not-found]

MOST_BYTES = 4 * 1024 * 1024
GREETING = "CustomVision.ai model host harness"
_BODY_ROOM = 64 * 1024
"""What may stand around a picture."""
_PATH = re.compile(
    r"(?:/customvision/v[^/]+/prediction)?(?:/[^/]+(?:/(?:classify|detect)/iterations/[^/]+)?)?/(image|url)(?:/nostore)?",
    re.IGNORECASE,
)


class Refused(Exception):
    """An answer that is not 200."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    server: Server

    def do_GET(self) -> None:
        """A word that somebody is here."""
        if self.path == "/":
            self._answer(200, GREETING.encode(), "text/html; charset=utf-8")
        else:
            self._answer(404, b"Not found", "text/plain")

    def do_POST(self) -> None:
        """A picture, or its address."""
        try:
            told = self._told()
        except Refused as refused:
            self.close_connection = True
            self._answer(refused.status, str(refused).encode(), "text/plain; charset=utf-8")
        else:
            self._answer(200, json.dumps(told, ensure_ascii=False).encode(), "application/json")

    def log_message(self, *_: object) -> None:
        """Nothing is written about who asks what."""

    def _told(self) -> dict[str, object]:
        found = _PATH.fullmatch(self.path.partition("?")[0])
        if found is None:
            raise Refused(404, "Not found")
        body = self._body()
        try:
            picture = fetch_named(body) if found[1].lower() == "url" else picture_in(body, self.headers)
            if len(picture) > MOST_BYTES:
                raise Refused(413, "Error processing image: more than 4 MiB")
            predictions = [one.as_json() for one in self.server.model.predict(picture)]
        except (ValueError, RecursionError) as error:
            raise Refused(400, f"Error processing image: {error}") from error
        created = datetime.now(UTC).isoformat().replace("+00:00", "Z")  # noqa: TID251
        return {"id": "", "project": "", "iteration": "", "created": created, "predictions": predictions}

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            raise Refused(411, "Content-Length is needed")
        if len(length) > len(str(MOST_BYTES)) or int(length) > MOST_BYTES + _BODY_ROOM:
            raise Refused(413, "Error processing image: more than 4 MiB")
        return self.rfile.read(int(length))

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """Listens, and holds the model."""

    def __init__(self, host: str, port: int, model: Model) -> None:
        super().__init__((host, port), Handler)
        self.model = model

    def handle_error(self, *_: object) -> None:
        """Somebody hung up: one line, and no word of what was sent."""
        sys.stderr.write(f"a request failed: {type(sys.exception()).__name__}\n")


def fetch_named(body: bytes) -> bytes:
    """The picture whose address a JSON body names.

    Raises:
        ValueError: no address there, or no picture at it.
    """
    said = json.loads(body)
    url = (said.get("url") or said.get("Url")) if isinstance(said, dict) else None
    if not isinstance(url, str):
        raise ValueError('a body such as {"url": "https://…"} is needed')  # noqa: TRY004 - of what was sent
    return bytes(fetch(url, MOST_BYTES, private=os.environ.get("ALLOW_PRIVATE_URLS") == "1"))


def picture_in(body: bytes, headers: Message) -> bytes:
    """The picture of a body: its part named imageData, its first part, or all of it."""
    boundary = headers.get_param("boundary")
    if headers.get_content_type() != "multipart/form-data" or not isinstance(boundary, str):
        return body
    parts: dict[bytes, bytes] = {}
    for piece in body.split(b"--" + boundary.encode())[1:-1]:
        head, _, content = piece.partition(b"\r\n\r\n")
        name = re.search(rb'name="?([^";\r\n]+)', head)
        parts.setdefault(name[1] if name else b"", content.removesuffix(b"\r\n"))
    if not parts:
        raise ValueError("no part in the form")
    return parts[b"imageData"] if b"imageData" in parts else next(iter(parts.values()))


def main() -> None:
    """Serve until the process is told to end."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8080"))
    with Server(host, port, Model(beside())) as server:
        sys.stderr.write(f"listening at http://{host}:{server.server_port}\n")
        sys.stderr.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
