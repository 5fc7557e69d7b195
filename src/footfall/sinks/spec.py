"""Sink specs of the command line, such as `mqtts://user:pw@host/topic`, read into typed addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from urllib.parse import SplitResult, unquote, urldefrag, urlsplit

from footfall.core.errors import ConfigError, Problem
from footfall.sinks.options import Options

FORMS = "use -, jsonl:PATH, mqtt(s)://user:pw@host:port/topic or http(s)://host/path"
WEBHOOK_SECRET = "FOOTFALL_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable
MQTT_PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class TlsOptions:
    """How a server is verified, and how we show who we are."""

    ca: Path | None = None
    """PEM file of the authority to trust instead of the system's."""
    cert: Path | None = None
    """PEM file of the client certificate; may hold the key as well."""
    key: Path | None = None
    insecure: bool = False
    """Take any certificate; warned about at every start."""


@dataclass(frozen=True, slots=True)
class StdoutAddress:
    """`-`: JSON lines on standard output."""

    is_remote: bool = field(default=False, init=False)

    @property
    def redacted(self) -> str:
        """What logs may show."""
        return "-"


@dataclass(frozen=True, slots=True)
class JsonlAddress:
    """`jsonl:PATH`: JSON lines appended to a file."""

    path: Path
    is_remote: bool = field(default=False, init=False)

    @property
    def redacted(self) -> str:
        """What logs may show."""
        return f"jsonl:{self.path}"


@dataclass(frozen=True, slots=True)
class MqttAddress:
    """`mqtt(s)://user:pw@host:port/topic?options`."""

    host: str
    topic: str
    """May hold `{source}`: the source id of the message."""
    port: int = 1883
    is_tls: bool = False
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    qos: int = 1
    version: str = "3.1.1"
    """`3.1.1` or `5`."""
    keepalive_s: int = 60
    client_id: str = ""
    tls: TlsOptions = TlsOptions()
    is_remote: bool = field(default=True, init=False)

    @property
    def redacted(self) -> str:
        """What logs may show: no login, no options."""
        scheme = "mqtts" if self.is_tls else "mqtt"
        return f"{scheme}://{'*:*@' if self.user else ''}{_bracketed(self.host)}:{self.port}/{self.topic}"

    @property
    def receiver(self) -> str:
        """Who gets the messages, whatever the login and the options: what waits for it goes to nobody else."""
        return f"mqtt://{_bracketed(self.host)}:{self.port}/{self.topic}"


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """`http(s)://host/path#options`: one POST per event."""

    url: str = field(repr=False)
    """Login, path and query are kept as given: any of them may be a secret."""
    secret_env: str = WEBHOOK_SECRET
    """Environment variable that holds the signing secret."""
    timeout_s: float = 10.0
    tls: TlsOptions = TlsOptions()
    is_remote: bool = field(default=True, init=False)

    @property
    def redacted(self) -> str:
        """What logs may show: scheme, host and port alone."""
        parts = urlsplit(self.url)
        host = _bracketed(parts.hostname or "")
        port = "" if parts.port is None else f":{parts.port}"
        return f"{parts.scheme}://{'*:*@' if parts.username else ''}{host}{port}/***"

    @property
    def receiver(self) -> str:
        """Who gets the messages, whatever the login; may hold secrets, so show a hash of it alone."""
        return urlsplit(self.url)._replace(netloc=urlsplit(self.url).netloc.rpartition("@")[2]).geturl()


RemoteAddress: TypeAlias = MqttAddress | WebhookAddress
SinkAddress: TypeAlias = StdoutAddress | JsonlAddress | RemoteAddress


def parse_sink(text: str) -> SinkAddress:
    """Read one sink spec.

    Raises:
        ConfigError: with every problem of the spec; the text of a problem never holds a login.
    """
    if text == "-":
        return StdoutAddress()
    scheme, colon, _ = text.partition(":")
    parser = _PARSERS.get(scheme.lower()) if colon else None
    if parser is not None:
        return parser(text)
    if text.endswith(".jsonl") and "://" not in text:
        return JsonlAddress(Path(text))
    raise _wrong("no sink of this kind", FORMS)


def _jsonl(text: str) -> JsonlAddress:
    path = text.partition(":")[2]
    if not path:
        raise _wrong("jsonl: without a file", "write jsonl:PATH")
    return JsonlAddress(Path(path))


def _mqtt(text: str) -> MqttAddress:
    parts = _split(text)
    is_tls = parts.scheme == "mqtts"
    topic = unquote(parts.path.removeprefix("/"))
    options = Options(parts.query)
    if parts.fragment:
        options.wrong("a '#' in an MQTT spec", "topics to publish on have no wildcards; write %23 in a password")
    if problem := _topic_problem(topic):
        options.wrong(problem, "write mqtt://host/my/topic, or mqtt://host/my/{source}")
    address = MqttAddress(
        host=parts.hostname or "",
        topic=topic,
        port=parts.port or MQTT_PORTS[parts.scheme],
        is_tls=is_tls,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        qos=int(options.choice("qos", ("0", "1"), "1")),
        version=options.choice("version", ("3.1.1", "5"), "3.1.1"),
        keepalive_s=options.whole("keepalive", (5, 65535), 60),
        client_id=options.text("client_id"),
        tls=_tls(options, is_tls=is_tls, secure="mqtts://"),
    )
    options.finish()
    return address


def _topic_problem(topic: str) -> str:
    if not topic:
        return "an MQTT sink needs a topic"
    bare = topic.replace("{source}", "")
    if any(sign in bare for sign in "+#\0{}"):
        return "the topic holds a wildcard or an unknown placeholder"
    return ""


def _webhook(text: str) -> WebhookAddress:
    parts = _split(text)
    url, fragment = urldefrag(text)
    options = Options(fragment)
    address = WebhookAddress(
        url=url,
        secret_env=options.text("secret_env", WEBHOOK_SECRET),
        timeout_s=float(options.whole("timeout", (1, 120), 10)),
        tls=_tls(options, is_tls=parts.scheme == "https", secure="https://"),
    )
    options.finish()
    return address


def _tls(options: Options, *, is_tls: bool, secure: str) -> TlsOptions:
    tls = TlsOptions(
        options.path("ca"), options.path("cert"), options.path("key"), options.choice("insecure", _FLAGS, "0") in _YES
    )
    if tls != TlsOptions() and not is_tls:
        options.wrong("ca, cert, key and insecure are for encrypted connections", f"write {secure}...")
    if tls.key and not tls.cert:
        options.wrong("a key without its certificate", "add cert=FILE")
    return tls


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _wrong("the address cannot be read", "check host and port; write / as %2F in a password") from None
    if not parts.hostname or port == 0 or any(sign.isspace() for sign in parts.netloc):
        raise _wrong("no usable host or port", FORMS)
    return parts


def _not_yet(text: str) -> SinkAddress:
    scheme = text.partition(":")[0].lower()
    raise _wrong(f"{scheme} sinks are not in this version", FORMS)


def _wrong(what: str, cure: str) -> ConfigError:
    return ConfigError([Problem("command line", "--sink", what, cure)])


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


_YES = ("1", "true", "yes")
_FLAGS = (*_YES, "0", "false", "no")
_PARSERS: dict[str, Callable[[str], SinkAddress]] = {
    "jsonl": _jsonl,
    "mqtt": _mqtt,
    "mqtts": _mqtt,
    "http": _webhook,
    "https": _webhook,
    "kafka": _not_yet,
    "iothub": _not_yet,
}
