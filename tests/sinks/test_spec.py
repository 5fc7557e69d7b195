"""What may be written after --sink."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.errors import ConfigError
from footfall.sinks.spec import (
    JsonlAddress,
    MqttAddress,
    StdoutAddress,
    TlsOptions,
    WebhookAddress,
    parse_sink,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param("-", StdoutAddress(), id="standard output"),
        pytest.param("jsonl:out/events.txt", JsonlAddress(Path("out/events.txt")), id="a file"),
        pytest.param("out/events.jsonl", JsonlAddress(Path("out/events.jsonl")), id="a bare path"),
        pytest.param("mqtt://broker/a/b", MqttAddress("broker", "a/b"), id="plain MQTT"),
        pytest.param(
            "mqtts://me:p%40ss@broker/a/{source}",
            MqttAddress("broker", "a/{source}", 8883, True, "me", "p@ss"),
            id="TLS, login with an escaped @, placeholder",
        ),
        pytest.param(
            "MQTT://[::1]:1999/a?qos=0&version=5&keepalive=30&client_id=door",
            MqttAddress("::1", "a", 1999, qos=0, version="5", keepalive_s=30, client_id="door"),
            id="every plain option",
        ),
        pytest.param(
            "mqtts://broker/a?ca=ca.pem&cert=me.pem&key=me.key&insecure=true",
            MqttAddress(
                "broker", "a", 8883, True, tls=TlsOptions(Path("ca.pem"), Path("me.pem"), Path("me.key"), True)
            ),
            id="every TLS option",
        ),
        pytest.param(
            "http://host/in?token=1", WebhookAddress("http://host/in?token=1"), id="the query is the receiver's"
        ),
        pytest.param(
            "https://host/in#secret_env=DOOR&timeout=3&ca=ca.pem",
            WebhookAddress("https://host/in", "DOOR", 3.0, TlsOptions(Path("ca.pem"))),
            id="webhook options stand behind #",
        ),
    ],
)
def test_forms(text, address):
    assert parse_sink(text) == address


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("", "no sink of this kind", id="nothing"),
        pytest.param("events.txt", "no sink of this kind", id="a file of another kind"),
        pytest.param("ftp://host/a.jsonl", "no sink of this kind", id="a scheme of another kind"),
        pytest.param("jsonl:", "without a file", id="no path"),
        pytest.param("mqtt://broker", "needs a topic", id="no topic"),
        pytest.param("mqtt://broker/a/+", "wildcard", id="a wildcard"),
        pytest.param("mqtt://broker/a/{camera}", "placeholder", id="an unknown placeholder"),
        pytest.param("mqtt://broker/a#b", "'#'", id="a hash"),
        pytest.param("mqtt:///topic", "no usable host", id="no host"),
        pytest.param("mqtt://broker:99999/a", "cannot be read", id="no such port"),
        pytest.param("mqtt://broker:0/a", "no usable host", id="port 0"),
        pytest.param("mqtt://broker/a?qos=2", "qos='2'", id="QoS 2"),
        pytest.param("mqtt://broker/a?keepalive=1", "keepalive='1'", id="keep-alive too short"),
        pytest.param("mqtt://broker/a?qos=1&qos=0", "twice", id="an option twice"),
        pytest.param("mqtt://broker/a?ca=ca.pem", "encrypted connections", id="TLS options without TLS"),
        pytest.param("mqtts://broker/a?key=k.pem", "without its certificate", id="key alone"),
        pytest.param("http://host/a#colour=red", "unknown option 'colour'", id="unknown option"),
        pytest.param("kafka://host/topic", "kafka sinks are not in this version", id="kafka"),
        pytest.param("iothub:", "iothub sinks are not in this version", id="iothub"),
    ],
)
def test_bad_specs_say_what_is_wrong(text, what):
    with pytest.raises(ConfigError, match=what) as caught:
        parse_sink(text)
    assert {(problem.file, problem.path) for problem in caught.value.problems} == {("command line", "--sink")}
    assert all(problem.cure for problem in caught.value.problems)


def test_all_problems_are_told_together():
    with pytest.raises(ConfigError) as caught:
        parse_sink("mqtt://broker/?qos=7&colour=red")
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        pytest.param("mqtt://me:canary@broker/a", "mqtt://*:*@broker:1883/a", id="mqtt"),
        pytest.param("mqtts://me:canary@[::1]/a", "mqtts://*:*@[::1]:8883/a", id="mqtts on IPv6"),
        pytest.param("https://me:canary@host:99/canary?key=canary", "https://*:*@host:99/***", id="webhook"),
        pytest.param("https://hooks.example/canary", "https://hooks.example/***", id="secret path"),
        pytest.param("-", "-", id="standard output"),
        pytest.param("jsonl:a/b", "jsonl:a/b", id="file"),
    ],
)
def test_secrets_are_never_shown(text, redacted):
    address = parse_sink(text)
    assert address.redacted == redacted
    assert "canary" not in repr(address)


@given(
    st.text(max_size=40) | st.builds("{}://{}".format, st.sampled_from(["mqtt", "mqtts", "http"]), st.text(max_size=40))
)
def test_any_text_gives_an_address_or_a_clear_error(text):
    with suppress(ConfigError):
        assert isinstance(parse_sink(text).redacted, str)


@given(st.text(st.characters(codec="utf-8"), min_size=6))
def test_a_password_never_shows_in_an_error(password):
    with pytest.raises(ConfigError) as caught:
        parse_sink(f"mqtt://user:{password.encode().hex()}@broker/?qos=9")
    assert password.encode().hex() not in str(caught.value)
