"""HEAD is GET without the body (RFC 9110 9.3.2)."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Answers HEAD wherever GET is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        is_stream = False

        async def send_head(message: Message) -> None:
            nonlocal is_stream
            if message["type"] == "http.response.start":
                is_stream = (b"content-type", b"text/event-stream; charset=utf-8") in message["headers"]
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            elif is_stream:
                raise OSError("there is nothing to be streamed")

        await self._app({**scope, "method": "GET"}, receive, send_head)
