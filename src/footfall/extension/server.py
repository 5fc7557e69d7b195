"""The gRPC server of the extension (spec/grpc-extension.md sections 1 and 11).

Synchronous: with large messages that is faster than asyncio. One thread a stream; a stream is served frame by frame,
so that a client's window of unacknowledged pictures is all that can ever wait.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc

from footfall.core.errors import ConfigError, DetectorError, Problem
from footfall.extension.contract import METHOD, SERVICE, MediaStreamMessage, ProtoMessage
from footfall.extension.embedded import read
from footfall.extension.identity import ServerIdentity
from footfall.extension.refusal import Refused
from footfall.extension.session import Publish, Session, Start
from footfall.extension.wire import Received

log = logging.getLogger(__name__)

MOST_STREAMS = 64
"""Streams at the same time; one more is answered RESOURCE_EXHAUSTED."""
OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
    ("grpc.so_reuseport", 0),
]
"""Raw frames are larger than gRPC's limit; a client that vanished without a word is noticed within half a minute."""
STOP_WITHIN_S = 2.0


class ExtensionServer:
    """Serves media graphs on one address.

    Args:
        address: `host:port`; port 0 takes a free one.
        start: gives the analysis of a stream; raises `Refused` where there is none.
        publish: hears every answer that says something, from the thread of its stream.
        identity: with one, clients must speak TLS.

    Raises:
        ConfigError: the address is taken, or none; or the identity's files are none.
    """

    def __init__(self, address: str, start: Start, publish: Publish, identity: ServerIdentity | None = None) -> None:
        self._start, self._publish = start, publish
        self._is_closed = False
        threads = ThreadPoolExecutor(MOST_STREAMS, thread_name_prefix="extension")
        self._server = grpc.server(threads, options=OPTIONS, maximum_concurrent_rpcs=MOST_STREAMS)
        rpc = grpc.stream_stream_rpc_method_handler(
            self._serve,
            request_deserializer=read,
            response_serializer=MediaStreamMessage.SerializeToString,
        )
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {METHOD: rpc}),))
        host = address.rpartition(":")[0]
        try:
            if identity is None:
                self.port = self._server.add_insecure_port(address)
            else:
                self.port = self._server.add_secure_port(address, identity.credentials())
        except RuntimeError as error:
            what, cure = "cannot be listened on", "stop what listens there, or set BINDING_ADDRESS to another port"
            raise ConfigError([Problem("BINDING_ADDRESS", address, what, cure)]) from error
        self.address = f"{host}:{self.port}"

    def start(self) -> None:
        """Take clients in."""
        self._server.start()
        log.info("media graphs are served on %s", self.address)

    def close(self) -> None:
        """End all streams; safe to call twice: a server that is asked again while it ends may never answer."""
        if not self._is_closed:
            self._is_closed = True
            self._server.stop(STOP_WITHIN_S).wait(2 * STOP_WITHIN_S)

    def _serve(self, messages: Iterator[Received], context: grpc.ServicerContext) -> Iterator[ProtoMessage]:
        session = Session(self._start, self._publish)
        try:
            for message in messages:
                reply = session.answer(message)
                if reply is not None:
                    yield reply
        except Refused as error:
            log.warning("a stream of %s was refused: %s", context.peer(), error)
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except (ConfigError, DetectorError) as error:
            log.warning("a stream of %s cannot be served: %s", context.peer(), error)
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        finally:
            session.close()
