"""From an address to a working sink."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Clock, Lead, Sink
from footfall.sinks.jsonl import open_jsonl, stdout_sink
from footfall.sinks.spec import JsonlAddress, MqttAddress, SinkAddress, StdoutAddress, WebhookAddress

MQTT_PASSWORD = "FOOTFALL_MQTT_PASSWORD"  # noqa: S105 - the name of a variable


def open_sink(address: SinkAddress, *, environ: Mapping[str, str], clock: Clock, lead: Lead | None = None) -> Sink:
    """The sink of an address. Files are opened now; remote receivers are first called by `send`.

    `environ` gives secrets: the webhook's variable, `FOOTFALL_MQTT_PASSWORD`, or either with `_FILE` for a file. `lead`
    says at every connection where it may go.

    Raises:
        ConfigError: a file cannot be written or read.
    """
    match address:
        case StdoutAddress():
            return stdout_sink()
        case JsonlAddress(path=path):
            return open_jsonl(path)
        case MqttAddress():
            from footfall.sinks.mqtt import MqttSink  # noqa: PLC0415 - `footfall --help` needs no client

            return MqttSink(replace(address, password=address.password or _secret(environ, MQTT_PASSWORD)), lead=lead)
        case WebhookAddress():
            from footfall.sinks.webhook import WebhookSink  # noqa: PLC0415

            return WebhookSink(address, clock, _secret(environ, address.secret_env), lead)


def _secret(environ: Mapping[str, str], name: str) -> str:
    """The variable, or what stands in the file that `NAME_FILE` points to; empty without either."""
    if environ.get(name):
        return environ[name]
    file = environ.get(f"{name}_FILE")
    if not file:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        problem = Problem("environment", f"{name}_FILE", f"{file} cannot be read: {error}", "name a readable text file")
        raise ConfigError([problem]) from error
