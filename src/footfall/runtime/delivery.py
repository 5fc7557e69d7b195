"""The sinks of a run, remote ones behind their outboxes."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Clock, Sink
from footfall.core.types import Message
from footfall.engine.delivery import Delivery, RemoteSink
from footfall.sinks.build import open_sink
from footfall.sinks.forward import Forwarder
from footfall.sinks.outbox import Outbox
from footfall.sinks.spec import RemoteAddress, parse_sink


def open_delivery(
    sinks: Sequence[str],
    outbox_folder: Path,
    environ: Mapping[str, str],
    clock: Clock,
    others: Sequence[RemoteSink] = (),
    hear: Callable[[Sequence[Message]], None] | None = None,
) -> Delivery:
    """Open all sinks; remote ones behind an outbox, found again at the next start by the sink's address.

    `others` are sinks that no address names; they are started and closed with the rest. `hear` is told events at last.

    Raises:
        ConfigError: a spec is wrong, or a file cannot be written.
    """
    addresses = dict.fromkeys(parse_sink(text) for text in sinks)
    with ExitStack() as opened:
        immediate: dict[str, Sink] = {}
        remote = list(others)
        for sink in others:
            opened.callback(sink.close, 0.0)
        for address in addresses:
            if isinstance(address, RemoteAddress):
                remote.append(remote_sink(address, outbox_folder, environ, clock))
                opened.callback(remote[-1].close, 0.0)
            else:
                local = immediate[address.redacted] = open_sink(address, environ=environ, clock=clock)
                opened.callback(local.close)
        opened.pop_all()
    return Delivery(immediate, [sink.start() for sink in remote], hear)


def remote_sink(address: RemoteAddress, folder: Path, environ: Mapping[str, str], clock: Clock) -> RemoteSink:
    """A remote sink behind its outbox.

    Raises:
        ConfigError: the outbox cannot be made, or is in use.
    """
    sink = open_sink(address, environ=environ, clock=clock)
    return behind_outbox(sink, address.redacted, address.receiver, folder)


def behind_outbox(sink: Sink, name: str, receiver: str, folder: Path, *, takes_private: bool = False) -> RemoteSink:
    """A sink behind the outbox of its receiver.

    Args:
        sink: to deliver to.
        name: for the log; no secrets in it.
        receiver: who gets the messages, the same at every start; only its hash is seen.
        folder: of all outboxes.
        takes_private: whether it is the service's own store.

    Raises:
        ConfigError: the outbox cannot be made, or is in use.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what, cure = f"cannot be made: {error.strerror}", "set FOOTFALL_DATA to a folder you may write to"
        raise ConfigError([Problem(str(folder), "outbox", what, cure)]) from error
    outbox = Outbox(folder / f"{sha256(receiver.encode()).hexdigest()[:16]}.sqlite")
    return RemoteSink(name, outbox, Forwarder(outbox, sink, name), sink, uniform, takes_private=takes_private)


uniform = random.SystemRandom().random
