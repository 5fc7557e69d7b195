"""Receivers whose every connection is judged: real ones, and a DNS that changes its mind."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime

import pytest

from footfall.core.errors import Blocked, SinkUnavailable
from footfall.core.types import Message
from footfall.sinks.build import open_sink
from footfall.sinks.spec import parse_sink
from servers.clock import SetClock
from servers.http_catcher import HttpCatcher
from servers.mqtt_subscriber import Subscriber

INSIDE = Blocked("metadata", "'hooks.invalid' is a metadata address")
AWAY = Blocked("unknown-host", "there is no host 'hooks.invalid'")


class Names:
    """A DNS that can be changed."""

    def __init__(self, *numbers: str) -> None:
        self.answer: tuple[str, ...] | Blocked = numbers

    def __call__(self, host: str, port: int) -> tuple[str, ...]:
        if isinstance(self.answer, Blocked):
            raise self.answer
        return self.answer


def message(number: int) -> Message:
    return Message("door", b'{"n": %d}' % number, f"key-{number}", datetime(2026, 1, 1, tzinfo=UTC))


def opened(spec: str, names: Names):
    return open_sink(parse_sink(spec), environ={}, clock=SetClock(), lead=names)


@pytest.fixture
def no_proxy(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_proxy")
def test_a_webhook_goes_to_the_number_that_was_judged_and_nowhere_else(catcher):
    names = Names("127.0.0.1")
    sink = opened(f"http://hooks.invalid:{catcher.port}/in?token=canary#timeout=60", names)
    sink.send([message(1), message(2)])
    for answer, reason in ((INSIDE, "blocked"), (AWAY, "not-found")):
        names.answer = answer
        with pytest.raises(SinkUnavailable) as refused:
            sink.send([message(3)])
        assert (refused.value.reason, refused.value.delivered) == (reason, 0)
        assert "canary" not in str(refused.value)
    assert len(catcher.requests) == 2
    names.answer = ("127.0.0.2", "127.0.0.1")
    sink.send([message(3)])
    sink.close()
    assert [request.body for request in catcher.requests] == [b'{"n": 1}', b'{"n": 2}', b'{"n": 3}']
    assert {request.headers["Host"] for request in catcher.requests} == {f"hooks.invalid:{catcher.port}"}
    assert len({request.peer for request in catcher.requests}) == 1, "over one connection"


@pytest.mark.usefixtures("no_proxy")
@pytest.mark.parametrize(("host", "is_right"), [("localhost", True), ("hooks.invalid", False)])
def test_the_certificate_is_that_of_the_name(certificates, host, is_right):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    catcher = HttpCatcher(context)
    sink = opened(f"https://{host}:{catcher.port}/#ca={certificates}/ca.pem&timeout=60", Names("127.0.0.1"))
    if is_right:
        sink.send([message(1)])
    else:
        with pytest.raises(SinkUnavailable) as refused:
            sink.send([message(1)])
        assert refused.value.reason == "tls"
    sink.close()
    assert len(catcher.requests) == is_right
    catcher.close()


def test_through_a_proxy_it_is_the_proxy_that_connects(catcher, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{catcher.port}")
    monkeypatch.delenv("no_proxy", raising=False)
    sink = opened("http://hooks.invalid/in#timeout=60", Names())
    sink.send([message(1)])
    sink.close()
    assert catcher.requests[0].path == "http://hooks.invalid/in"


def test_a_broker_is_reached_at_the_number_that_was_judged_and_nowhere_else(broker):
    names = Names("127.0.0.2", "127.0.0.1")
    subscriber = Subscriber(broker.port)
    spec = f"mqtt://hooks.invalid:{broker.port}/a"
    first, second = opened(spec, names), opened(spec, names)
    first.send([message(1)])
    for answer, reason in ((INSIDE, "blocked"), (AWAY, "not-found")):
        names.answer = answer
        with pytest.raises(SinkUnavailable) as refused:
            second.send([message(2)])
        assert refused.value.reason == reason
        assert "hooks.invalid" in str(refused.value)
    first.send([message(2)])  # a connection that is there goes on
    names.answer = ("127.0.0.1",)
    second.send([message(3)])
    assert subscriber.wait(lambda: len(subscriber.received) == 3)
    assert [body for _, body, _ in subscriber.received] == [b'{"n": 1}', b'{"n": 2}', b'{"n": 3}']
    first.close()
    second.close()
    subscriber.close()


@pytest.mark.parametrize(("host", "is_right"), [("localhost", True), ("hooks.invalid", False)])
def test_a_brokers_certificate_is_that_of_the_name(new_broker, certificates, host, is_right):
    broker = new_broker(certificates=certificates)
    login = f"cert={certificates}/client.pem&key={certificates}/client.key"
    sink = opened(f"mqtts://{host}:{broker.port}/a?ca={certificates}/ca.pem&{login}", Names("127.0.0.1"))
    if is_right:
        sink.send([message(1)])
    else:
        with pytest.raises(SinkUnavailable) as refused:
            sink.send([message(1)])
        assert refused.value.reason == "tls"
    sink.close()


def test_without_anybody_who_judges_it_goes_by_the_name(broker):
    sink = opened(f"mqtt://localhost:{broker.port}/a", Names())
    sink.send([message(1)])
    sink.close()
