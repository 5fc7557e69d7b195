"""From address to sink, with secrets from the environment."""

from __future__ import annotations

import os

import pytest

from footfall.core.errors import ConfigError
from footfall.core.ports import Sink
from footfall.sinks.build import open_sink
from footfall.sinks.spec import parse_sink
from servers.clock import SetClock
from sinks.test_jsonl import message


@pytest.mark.parametrize("form", ["-", "jsonl:{}/a", "{}/a.jsonl", "mqtt://host/a", "mqtts://host/a", "https://host/a"])
def test_every_form_gives_a_sink_without_calling_anybody(tmp_path, form):
    sink = open_sink(parse_sink(form.format(tmp_path)), environ={}, clock=SetClock())
    assert isinstance(sink, Sink)
    sink.close()


def test_the_webhook_secret_comes_from_its_variable_or_a_file(catcher, tmp_path):
    (tmp_path / "secret").write_text("s3cret\n")
    url = f"http://127.0.0.1:{catcher.port}/"
    for spec, environ in (
        (url, {"FOOTFALL_WEBHOOK_SECRET": "s3cret"}),
        (f"{url}#secret_env=DOOR", {"DOOR": "s3cret", "FOOTFALL_WEBHOOK_SECRET": "other"}),
        (url, {"FOOTFALL_WEBHOOK_SECRET_FILE": str(tmp_path / "secret")}),
    ):
        sink = open_sink(parse_sink(spec), environ=environ, clock=SetClock())
        sink.send([message(b"{}")])
        sink.close()
    assert len({request.headers["X-Footfall-Signature"] for request in catcher.requests}) == 1


def test_the_mqtt_password_comes_from_the_environment(new_broker):
    broker = new_broker(login=("me", "secret"))
    address = parse_sink(f"mqtt://me@127.0.0.1:{broker.port}/a")
    sink = open_sink(address, environ={"FOOTFALL_MQTT_PASSWORD": "secret"}, clock=SetClock())
    sink.send([message(b"{}")])
    sink.close()


def test_an_unreadable_secret_file_is_named(tmp_path):
    environ = {"FOOTFALL_WEBHOOK_SECRET_FILE": os.fspath(tmp_path / "missing")}
    with pytest.raises(ConfigError, match="missing"):
        open_sink(parse_sink("https://host/"), environ=environ, clock=SetClock())
