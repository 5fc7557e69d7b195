"""The sinks of a run, remote ones behind their outboxes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from hashlib import sha256
from pathlib import Path

from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Clock, Lead, Sink
from footfall.core.types import Message
from footfall.engine.delivery import Delivery, RemoteSink
from footfall.sinks.build import open_sink
from footfall.sinks.forward import Forwarder
from footfall.sinks.outbox import Outbox
from footfall.sinks.spec import RemoteAddress, SinkAddress, parse_sink


def open_delivery(sinks: Sequence[str], outbox_folder: Path, environ: Mapping[str, str], clock: Clock) -> Delivery:
    """Open all sinks; remote ones behind an outbox, found again at the next start by the sink's address.

    Raises:
        ConfigError: a spec is wrong, or a file cannot be written.
    """
    return LiveSinks(sinks, outbox_folder, environ, clock).delivery


class LiveSinks:
    """The sinks of a run, which may be others while it goes on.

    Args:
        sinks: where events go, as on the command line.
        outbox_folder: of all outboxes; each is found again at the next start by its sink's address.
        environ: gives them their secrets.
        clock: for those that date what they send.
        others: sinks that no address names.
        hear: is told events at last.
        lead: makes what is asked before each connection.

    Raises:
        ConfigError: a spec is wrong, or a file cannot be written.
    """

    def __init__(  # noqa: PLR0913 - one for each thing that receivers need
        self,
        sinks: Sequence[str],
        outbox_folder: Path,
        environ: Mapping[str, str],
        clock: Clock,
        others: Sequence[RemoteSink] = (),
        hear: Callable[[Sequence[Message]], None] | None = None,
        *,
        lead: Callable[[RemoteAddress], Lead | None] = lambda _: None,
    ) -> None:
        self._open = partial(_opened, folder=outbox_folder, environ=environ, clock=clock, lead=lead)
        self._there: dict[SinkAddress, Sink | RemoteSink] = {}
        with ExitStack() as opened:
            for sink in others:
                opened.callback(sink.close, 0.0)
            self.delivery = Delivery({}, [sink.start() for sink in others], hear)
            self.follow(sinks)
            opened.pop_all()

    def follow(self, sinks: Sequence[str]) -> None:
        """Send to these from now on.

        Raises:
            ConfigError: one cannot be opened; everything is as before.
        """
        wanted = dict.fromkeys(parse_sink(text) for text in sinks)
        gone = {address: sink for address, sink in self._there.items() if address not in wanted}
        taken = {address.receiver for address in wanted if isinstance(address, RemoteAddress)}
        first = {a: sink for a, sink in gone.items() if getattr(a, "receiver", None) in taken}
        self._leave(first)  # its outbox belongs to the one that follows it
        fresh: dict[SinkAddress, Sink | RemoteSink] = {}
        try:
            for address in wanted:
                if address not in self._there:
                    fresh[address] = self._open(address)
        except ConfigError:
            _close(fresh.values())
            self._join({address: self._open(address) for address in first})
            raise
        self._join(fresh)
        self._leave({address: sink for address, sink in gone.items() if address not in first})

    def _join(self, fresh: Mapping[SinkAddress, Sink | RemoteSink]) -> None:
        local = {a.redacted: sink for a, sink in fresh.items() if not isinstance(sink, RemoteSink)}
        self.delivery.exchange((), local, [s.start() for s in fresh.values() if isinstance(s, RemoteSink)])
        self._there.update(fresh)

    def _leave(self, gone: Mapping[SinkAddress, Sink | RemoteSink]) -> None:
        if not gone:
            return
        self.delivery.exchange(tuple(gone.values()), {}, ())
        for address in gone:
            del self._there[address]
        _close(gone.values())


def _close(sinks: Iterable[Sink | RemoteSink]) -> None:
    for sink in sinks:
        if isinstance(sink, RemoteSink):
            sink.close(GOODBYE_S)
        else:
            sink.close()


def _opened(
    address: SinkAddress,
    folder: Path,
    environ: Mapping[str, str],
    clock: Clock,
    lead: Callable[[RemoteAddress], Lead | None],
) -> Sink | RemoteSink:
    if isinstance(address, RemoteAddress):
        return remote_sink(address, folder, environ, clock, lead(address))
    return open_sink(address, environ=environ, clock=clock)


def remote_sink(
    address: RemoteAddress, folder: Path, environ: Mapping[str, str], clock: Clock, lead: Lead | None = None
) -> RemoteSink:
    """A remote sink behind its outbox; `lead` says at every connection where it may go.

    Raises:
        ConfigError: the outbox cannot be made, or is in use.
    """
    sink = open_sink(address, environ=environ, clock=clock, lead=lead)
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

GOODBYE_S = 2.0
"""How long a sink that is not wanted any more may take what is left; the rest waits until it is wanted again."""
