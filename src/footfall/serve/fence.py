"""What people may write into the configuration over the network: nothing that opens the machine to them.

Files, variables of the environment and models by their path are named by whoever has the machine, in the configuration
file; on the page they can be kept, moved and taken out, not added. Addresses are judged as `access.outbound` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from footfall.access.outbound import CAMERA, WEB, Reach, Resolve, addresses_of, judged, target_of
from footfall.config.plan import AttributesSpec, DetectSpec, FaceMaskSpec, Plan, SourceSpec
from footfall.core.errors import Blocked, ConfigError, Problem
from footfall.ingest.url import openable, scheme
from footfall.serve.compiled import FILE, Compiled
from footfall.serve.folder import TRAINED_MODELS
from footfall.sinks.spec import (
    WEBHOOK_SECRET,
    JsonlAddress,
    MqttAddress,
    RemoteAddress,
    TlsOptions,
    WebhookAddress,
    parse_sink,
)

BROKERS = Reach(frozenset(), private=True, loopback=True)
"""Brokers run in the house, often beside the service; they are only ever spoken MQTT to."""
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_CURE = "write it into the configuration file that the service is started with"


@dataclass(frozen=True, slots=True)
class Trusted:
    """A version that holds, or that came from the machine itself."""

    text: str
    compiled: Compiled


@dataclass(frozen=True, slots=True)
class _Named:
    """One thing that a configuration names."""

    what: Hashable
    """The same whatever login is used there."""
    path: str
    judge: Callable[[], str]
    """Why nobody may add it over the network; empty: they may."""


class Fence:
    """Judges what an edit adds.

    Args:
        cameras: where cameras may be.
        trained: folder of models that this service has trained and laid down itself; None: there is none.
        resolve: what knows names of hosts.
    """

    def __init__(self, cameras: Reach, trained: Path | None = None, resolve: Resolve = addresses_of) -> None:
        self._trained = trained
        self._cameras = Reach(CAMERA, private=cameras.private, loopback=cameras.loopback)
        self._webhooks = Reach(WEB, private=cameras.private, loopback=cameras.loopback)
        self.resolve = resolve

    def check(self, text: str, compiled: Compiled, trusted: Iterable[Trusted], secrets: Mapping[str, str]) -> None:
        """Let an edit pass.

        Args:
            text: the new configuration, without secrets.
            compiled: the same as what is to run.
            trusted: what it may name again.
            secrets: the sealed ones, by name.

        Raises:
            ConfigError: with everything that it may not add.
        """
        before = list(trusted)
        known = {key for one in before for key in self.keys(one.compiled)}
        variables = {name for one in before for name in _REFERENCE.findall(one.text)} | secrets.keys()
        variables |= {TRAINED_MODELS} if self._trained else set()
        problems = [
            Problem(FILE, "$", f"${{{name}}}: variables of the machine are not named over the network", _CURE)
            for name in dict.fromkeys(_REFERENCE.findall(text))
            if name not in variables
        ]
        for named in self._named(compiled):
            if named.what not in known and (reason := named.judge()):
                problems.append(Problem(FILE, named.path, reason, _CURE))
        if problems:
            raise ConfigError(problems)

    def keys(self, compiled: Compiled) -> frozenset[Hashable]:
        """Everything that a configuration names."""
        return frozenset(named.what for named in self._named(compiled))

    def reach(self, to: str | RemoteAddress) -> Reach:
        """How far connections to a camera, or to a receiver, go."""
        if isinstance(to, str):
            return self._cameras
        return BROKERS if isinstance(to, MqttAddress) else self._webhooks

    def _named(self, compiled: Compiled) -> Iterator[_Named]:
        yield from self._sources(compiled.plan)
        for number, sink in enumerate(compiled.plan.sinks):
            yield _Named(_sink_key(sink), f"$.sinks[{number}]", lambda sink=sink: self._sink(sink))  # type: ignore[misc]
        if compiled.home_assistant is not None:
            broker, _, options = compiled.home_assistant.broker.partition("?")
            sink = f"{broker.rstrip('/')}/-?{options}"
            yield _Named(_sink_key(sink), "$.service.home_assistant.broker", lambda: self._sink(sink))

    def _sources(self, plan: Plan) -> Iterator[_Named]:
        sources = [(graph.id, node.spec) for graph in plan.graphs for node in graph.nodes]
        for run, spec in [*sources, *((recorder.id, recorder.source) for recorder in plan.recorders)]:
            where = f"$.cameras[{run.partition('/')[0]!r}]"
            if isinstance(spec, SourceSpec):
                yield _Named(key_of(spec.url), f"{where}.url", lambda url=spec.url: self._camera(url))  # type: ignore[misc]
                if spec.ca_file:
                    yield _Named(f"file {spec.ca_file}", f"{where}.ca_file", _file)
            elif isinstance(spec, AttributesSpec) and self._is_trained(spec.model):
                continue
            elif isinstance(spec, DetectSpec | FaceMaskSpec | AttributesSpec) and _is_path(spec.model):
                yield _Named(f"model {spec.model}", f"{where}.model", _file)
        for recorder in plan.recorders:
            if PurePath(recorder.folder).is_absolute() or ".." in PurePath(recorder.folder).parts:
                yield _Named(f"folder {recorder.folder}", "$", _file)

    def _is_trained(self, model: str) -> bool:
        return self._trained is not None and PurePath(model).parent == self._trained

    def _camera(self, url: str) -> str:
        if not url:
            return ""
        return _file() if scheme(url) == "file" else _blocked(lambda: target_of(url, self._cameras, self.resolve))

    def _sink(self, sink: str) -> str:
        try:
            address = parse_sink(sink)
        except ConfigError:
            return ""  # said by whoever opens it
        reason = ""
        if isinstance(address, JsonlAddress) or _has_files(getattr(address, "tls", TlsOptions())):
            reason = _file()
        elif isinstance(address, MqttAddress):
            reason = _blocked(lambda: judged(address.host, address.port, BROKERS, self.resolve))
        elif isinstance(address, WebhookAddress) and address.secret_env != WEBHOOK_SECRET:
            reason = "variables of the machine are not named over the network"
        elif isinstance(address, WebhookAddress):
            reason = _blocked(lambda: target_of(address.url, self._webhooks, self.resolve))
        return reason


def key_of(to: str | RemoteAddress) -> Hashable:
    """What tells addresses of cameras and receivers apart, but for the login."""
    if isinstance(to, MqttAddress):
        return replace(to, user="", password="")
    if isinstance(to, WebhookAddress):
        return replace(to, url=to.receiver)
    prefix, mark, rest = openable(to).partition("://")
    authority, slash, path = rest.partition("/")
    return f"{prefix}{mark}{authority.rpartition('@')[2]}{slash}{path}" if mark else to


def _sink_key(sink: str) -> Hashable:
    try:
        address = parse_sink(sink)
    except ConfigError:
        return sink
    return key_of(address) if isinstance(address, RemoteAddress) else sink


def _file() -> str:
    return "files of the machine are not named over the network"


def _is_path(model: str) -> bool:
    return "/" in model or "\\" in model or bool(PurePath(model).suffix)


def _has_files(tls: TlsOptions) -> bool:
    return any(path is not None for path in (tls.ca, tls.cert, tls.key))


def _blocked(attempt: Callable[[], object]) -> str:
    """Why the service does not go there; a host that is not there today may be tomorrow."""
    try:
        attempt()
    except Blocked as error:
        return "" if error.reason == "unknown-host" else str(error)
    return ""
