"""MQTT against a real Mosquitto, and against servers that misbehave."""

from __future__ import annotations

import json
import socket
import threading
from datetime import UTC, datetime

import pytest

from footfall.core.errors import ConfigError, SinkRejected, SinkUnavailable
from footfall.core.types import Message
from footfall.sinks.forward import Forwarder
from footfall.sinks.mqtt import MqttLimits, MqttSink
from footfall.sinks.outbox import Outbox
from footfall.sinks.spec import parse_sink
from servers.mosquitto import free_port
from servers.mqtt_subscriber import Subscriber

PATIENT = MqttLimits(connect_s=60.0, send_s=60.0)
IMPATIENT = MqttLimits(connect_s=1.0, send_s=1.5)
BUSY = MqttLimits(connect_s=60.0, send_s=8.0)
"""Gives up too, but not on what a busy computer does."""


def message(number, topic="door", body=None):
    body = json.dumps({"n": number}).encode() if body is None else body
    return Message(topic, body, f"key-{number}", datetime(2026, 1, 1, tzinfo=UTC), {"schema": "2.0"})


def open_sink(spec, limits=PATIENT):
    return MqttSink(parse_sink(spec), limits)


def numbers(subscriber):
    return [json.loads(body)["n"] for _, body, _ in subscriber.received]


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_a_batch_larger_than_the_window_arrives_in_order(broker, version):
    subscriber = Subscriber(broker.port, version=version)
    sink = open_sink(f"mqtt://127.0.0.1:{broker.port}/site/{{source}}?version={version}")
    sink.send([message(number) for number in range(100)])
    sink.send([])
    sink.send([message(100, "a/b+c#")])
    assert subscriber.wait(lambda: len(subscriber.received) == 101)
    sink.close()
    sink.close()
    subscriber.close()
    assert numbers(subscriber) == list(range(101))
    assert {topic for topic, _, _ in subscriber.received} == {"site/door", "site/a_b_c_"}
    properties = {"key": "key-100", "schema": "2.0"} if version == "5" else {}
    assert subscriber.received[-1][2] == properties


def test_qos_0(broker):
    subscriber = Subscriber(broker.port)
    sink = open_sink(f"mqtt://127.0.0.1:{broker.port}/site?qos=0")
    sink.send([message(number) for number in range(50)])
    assert subscriber.wait(lambda: len(subscriber.received) == 50)
    sink.close()
    subscriber.close()


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_login(new_broker, version):
    broker = new_broker(login=("me", "p@ss"))
    with pytest.raises(SinkUnavailable) as caught:
        open_sink(f"mqtt://me:canary@127.0.0.1:{broker.port}/a?version={version}").send([message(1)])
    assert caught.value.reason == "unauthorized"
    assert "canary" not in str(caught.value)
    sink = open_sink(f"mqtt://me:p%40ss@127.0.0.1:{broker.port}/a?version={version}")
    sink.send([message(1)])
    sink.close()


def test_a_wrong_password_is_told_once_and_tried_for_ever(new_broker, tmp_path, caplog):
    broker = new_broker(login=("me", "secret"))
    outbox = Outbox(tmp_path / "outbox.db")
    outbox.append([message(1)])
    address = parse_sink(f"mqtt://me:canary@127.0.0.1:{broker.port}/a")
    forwarder = Forwarder(outbox, MqttSink(address, PATIENT), address.redacted)
    for _ in range(3):
        assert forwarder.drain_once().unavailable.reason == "unauthorized"
    outbox.close()
    assert [record.getMessage().count("unauthorized") for record in caplog.records] == [1]
    assert "canary" not in caplog.text


def test_tls_with_a_client_certificate(new_broker, certificates):
    broker = new_broker(certificates=certificates)
    base = f"mqtts://localhost:{broker.port}/a?ca={certificates}/ca.pem"
    sink = open_sink(f"{base}&cert={certificates}/client.pem&key={certificates}/client.key")
    sink.send([message(1)])
    sink.close()
    with pytest.raises(SinkUnavailable):
        open_sink(base).send([message(1)])


def test_an_unknown_authority_is_refused_unless_told(new_broker, certificates, caplog):
    broker = new_broker(certificates=certificates)
    client = f"cert={certificates}/client.pem&key={certificates}/client.key"
    with pytest.raises(SinkUnavailable) as caught:
        open_sink(f"mqtts://localhost:{broker.port}/a?{client}").send([message(1)])
    assert caught.value.reason == "tls"
    sink = open_sink(f"mqtts://localhost:{broker.port}/a?{client}&insecure=1")
    sink.send([message(1)])
    sink.close()
    assert "not verified" in caplog.text


@pytest.mark.parametrize("option", ["ca", "cert"])
def test_a_missing_or_wrong_certificate_file_is_named(tmp_path, option):
    path = tmp_path / "file.pem"
    for what in ("is no file", "cannot be used"):
        with pytest.raises(ConfigError, match=what) as caught:
            open_sink(f"mqtts://broker/a?{option}={path}")
        assert str(path) in str(caught.value)
        path.write_text("no certificate")


def test_a_restarted_broker_is_found_again_by_the_next_send(broker):
    sink = open_sink(f"mqtt://127.0.0.1:{broker.port}/a")
    sink.send([message(1)])
    broker.kill()
    with pytest.raises(SinkUnavailable) as caught:
        sink.send([message(2)])
    assert caught.value.reason == "refused"
    broker.start()
    sink.send([message(2)])
    broker.kill()
    broker.start()
    sink.send([message(3)])
    sink.close()


def test_a_broker_that_stands_still_is_given_up(broker):
    sink = open_sink(f"mqtt://127.0.0.1:{broker.port}/a", BUSY)
    sink.send([message(1)])
    broker.pause()
    with pytest.raises(SinkUnavailable) as caught:
        sink.send([message(2)])
    broker.resume()
    assert caught.value.reason == "timeout"
    assert caught.value.delivered == 0
    sink.send([message(2)])
    sink.close()


def test_a_message_too_large_for_the_broker_is_rejected_with_its_place(new_broker):
    broker = new_broker(extra=("max_packet_size 20000",))
    sink = open_sink(f"mqtt://127.0.0.1:{broker.port}/a?version=5")
    with pytest.raises(SinkRejected) as caught:
        sink.send([message(1), message(2), message(3, body=b"x" * 30_000), message(4)])
    assert (caught.value.reason, caught.value.delivered) == ("too-large", 2)
    sink.close()


def test_a_denied_topic_keeps_the_message(new_broker, tmp_path):
    rules = tmp_path / "acl"
    rules.write_text("topic readwrite allowed\n")
    broker = new_broker(extra=(f"acl_file {rules}",))
    sink = open_sink(f"mqtt://127.0.0.1:{broker.port}/denied?version=5")
    with pytest.raises(SinkUnavailable) as caught:
        sink.send([message(1)])
    assert caught.value.reason == "unauthorized"
    sink.close()


def test_nobody_and_unknown_hosts():
    with pytest.raises(SinkUnavailable) as caught:
        open_sink(f"mqtt://127.0.0.1:{free_port()}/a").send([message(1)])
    assert caught.value.reason == "refused"
    with pytest.raises(SinkUnavailable) as caught:
        open_sink("mqtt://nobody.invalid/a").send([message(1)])
    assert caught.value.reason == "not-found"


@pytest.mark.parametrize(
    ("script", "reason", "delivered", "limits"),
    [
        pytest.param([], "timeout", 0, IMPATIENT, id="accepts and never speaks"),
        pytest.param([b"HTTP/1.1 400 Bad Request\r\n\r\n"], "timeout", 0, IMPATIENT, id="speaks something else"),
        pytest.param([b"\x20\x02\x00\x00"], "timeout", 0, IMPATIENT, id="welcomes and never acknowledges"),
        pytest.param([b"\x20\x02\x00\x00", b"\x40\x02\x00\x01"], "timeout", 1, BUSY, id="acknowledges only the first"),
        pytest.param([b"\x20\x02\x00\x03"], "refused", 0, BUSY, id="says server unavailable"),
        pytest.param([b"\x20\x02\x00\x00", None], "broken", 0, BUSY, id="hangs up"),
    ],
)
def test_servers_that_misbehave(script, reason, delivered, limits):
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_play, args=(server, script))
        thread.start()
        sink = open_sink(f"mqtt://127.0.0.1:{server.getsockname()[1]}/a", limits)
        with pytest.raises(SinkUnavailable) as caught:
            sink.send([message(1), message(2)])
        thread.join()
    assert (caught.value.reason, caught.value.delivered) == (reason, delivered)


def _play(server, script):
    """Answer each thing heard with the next line of the script, then listen until the other side leaves."""
    peer, _ = server.accept()
    with peer:
        peer.settimeout(60)
        for answer in script:
            peer.recv(4096)
            if answer is None:
                return
            peer.sendall(answer)
        try:
            while peer.recv(4096):
                pass
        except OSError:
            return
