"""Webhooks against a real HTTP server."""

from __future__ import annotations

import hashlib
import hmac
import logging
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from footfall.core.errors import SinkRejected, SinkUnavailable
from footfall.core.types import Message
from footfall.sinks.spec import parse_sink
from footfall.sinks.webhook import WebhookSink
from servers.clock import SetClock
from servers.http_catcher import Answer, HttpCatcher
from servers.mosquitto import free_port


def message(number):
    return Message("door", b'{"n": %d}' % number, f"key-{number}", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def sink(catcher, clock):
    opened = WebhookSink(parse_sink(f"http://127.0.0.1:{catcher.port}/in?token=t#timeout=60"), clock, "s3cret")
    yield opened
    opened.close()
    opened.close()


def test_one_signed_post_per_event_over_one_connection(catcher, sink):
    sink.send([message(1), message(2)])
    sink.send([])
    assert [request.body for request in catcher.requests] == [b'{"n": 1}', b'{"n": 2}']
    assert len({request.peer for request in catcher.requests}) == 1
    first = catcher.requests[0]
    assert first.path == "/in?token=t"
    assert first.headers["Content-Type"] == "application/json; charset=utf-8"
    assert first.headers["X-Footfall-Event-Id"] == "key-1"
    assert first.headers["X-Footfall-Timestamp"] == "1767225600"
    expected = hmac.new(b"s3cret", b'1767225600.{"n": 1}', hashlib.sha256).hexdigest()
    assert first.headers["X-Footfall-Signature"] == f"sha256={expected}"


def test_without_a_secret_nothing_is_signed(catcher, clock):
    sink = WebhookSink(parse_sink(f"http://127.0.0.1:{catcher.port}/"), clock)
    sink.send([message(1)])
    sink.close()
    assert "X-Footfall-Signature" not in catcher.requests[0].headers


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [
        pytest.param(301, SinkUnavailable, "redirected", id="moved: not followed, kept"),
        pytest.param(400, SinkRejected, "status-400", id="bad request"),
        pytest.param(401, SinkRejected, "status-401", id="not authorised"),
        pytest.param(404, SinkRejected, "status-404", id="not found"),
        pytest.param(408, SinkUnavailable, "busy", id="request timeout"),
        pytest.param(425, SinkUnavailable, "busy", id="too early"),
        pytest.param(429, SinkUnavailable, "busy", id="too many"),
        pytest.param(500, SinkUnavailable, "busy", id="server error"),
        pytest.param(503, SinkUnavailable, "busy", id="unavailable"),
    ],
)
def test_answers(catcher, sink, status, error, reason):
    location = {"Location": f"http://127.0.0.1:{catcher.port}/elsewhere"} if status == 301 else {}
    catcher.answers.extend([Answer(200), Answer(status, location)])
    with pytest.raises(error) as caught:
        sink.send([message(1), message(2), message(3)])
    assert (caught.value.reason, caught.value.delivered) == (reason, 1)
    assert len(catcher.requests) == 2
    sink.send([message(2), message(3)])
    assert len(catcher.requests) == 4


@pytest.mark.parametrize(
    ("retry_after", "wait_s"),
    [
        pytest.param("7", 7.0, id="seconds"),
        pytest.param("Thu, 01 Jan 2026 00:00:09 GMT", 9.0, id="a date"),
        pytest.param("Wed, 31 Dec 2025 00:00:00 GMT", 0.0, id="a date gone by"),
        pytest.param("999999", 300.0, id="no longer than five minutes"),
        pytest.param("soon", 0.0, id="nonsense"),
    ],
)
def test_retry_after_is_kept_to(catcher, sink, clock, retry_after, wait_s):
    catcher.answers.append(Answer(429, {"Retry-After": retry_after}))
    with pytest.raises(SinkUnavailable) as caught:
        sink.send([message(1)])
    assert caught.value.retry_after_s == wait_s
    if wait_s:
        clock.t_s = wait_s - 0.5
        with pytest.raises(SinkUnavailable) as caught:
            sink.send([message(1)])
        assert caught.value.retry_after_s == 0.5
    assert len(catcher.requests) == 1
    clock.t_s = wait_s
    sink.send([message(1)])


def test_a_slow_receiver_times_out(catcher, clock):
    catcher.answers.append(Answer(200, delay_s=60.0))
    sink = WebhookSink(parse_sink(f"http://127.0.0.1:{catcher.port}/in#timeout=1"), clock)
    with pytest.raises(SinkUnavailable) as caught:
        sink.send([message(1)])
    sink.close()
    assert caught.value.reason == "timeout"


def test_nobody_there(clock):
    sink = WebhookSink(parse_sink(f"http://127.0.0.1:{free_port()}/"), clock)
    with pytest.raises(SinkUnavailable) as caught:
        sink.send([message(1)])
    sink.close()
    assert caught.value.reason == "refused"
    with pytest.raises(SinkUnavailable, match="closed"):
        sink.send([message(1)])


def test_https_verifies_the_certificate(certificates, clock):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    catcher = HttpCatcher(context)
    url = f"https://localhost:{catcher.port}/in"
    trusting = WebhookSink(parse_sink(f"{url}#ca={certificates}/ca.pem"), clock)
    trusting.send([message(1)])
    trusting.close()
    careful = WebhookSink(parse_sink(url), clock)
    with pytest.raises(SinkUnavailable) as caught:
        careful.send([message(2)])
    careful.close()
    catcher.close()
    assert caught.value.reason == "tls"
    assert len(catcher.requests) == 1


def test_no_log_line_holds_the_address(catcher, clock, caplog):
    caplog.set_level(logging.INFO)
    sink = WebhookSink(parse_sink(f"http://me:canary@127.0.0.1:{catcher.port}/canary?canary=canary"), clock, "canary")
    sink.send([message(1)])
    catcher.answers.append(Answer(500))
    with pytest.raises(SinkUnavailable) as caught:
        sink.send([message(1)])
    sink.close()
    assert "canary" not in caplog.text + str(caught.value) + repr(sink)
    assert catcher.requests[0].headers["Authorization"].startswith("Basic ")


def test_the_documented_check_takes_our_signature(catcher, sink):
    sink.send([message(1)])
    page = (Path(__file__).parents[2] / "docs/reference/sinks.md").read_text(encoding="utf-8")
    names = {}
    exec(page.split("```python\n")[1].split("```")[0], names)  # noqa: S102 - the snippet of our own page
    request = catcher.requests[0]
    assert names["is_genuine"](b"s3cret", request.headers, request.body, 1767225600.0)
    assert not names["is_genuine"](b"other", request.headers, request.body, 1767225600.0)
    assert not names["is_genuine"](b"s3cret", request.headers, request.body + b" ", 1767225600.0)
    assert not names["is_genuine"](b"s3cret", request.headers, request.body, 1767226600.0)
