"""Names that lead elsewhere, bodies that are none: in every path and every body, never a failure, nothing changed."""

import json
from random import Random
from urllib.parse import quote

import pytest

from footfall.web.app import described
from small_desk import as_

NAMES = [
    "..", "../..", "../../etc/passwd", "..\\..\\windows", "/etc/passwd", "%2e%2e%2f", "front/regions", "CON",
    "\x00", "a\x00b", "\x1b[2J", "\n", " ", "front%00", "*", "?", "#", "%", "\u202e\u2066", "\u0130", "e\u0301",
    "'; DROP TABLE events; --", "<script>alert(1)</script>", "${SEALED_1}", "{{7*7}}", "true", "null", "NaN", "1e309",
    "-1", "0", "99999999999999999999", "\U0001f600" * 60, "ñ" * 200, "x" * 4000,
]  # fmt: skip
BODIES = [
    b"", b"null", b"[]", b"{}", b"0", b'""', b"{", b"\xff", b"[" * 60 + b"]" * 60, b"[" * 90_000,
    b'{"a":' * 40 + b"1" + b"}" * 40, b'{"name": "\\ud800"}', b'{"name": "\\u0000"}', b'{"text": 1e400}',
    b'{"people": -0.0}', b'{"regions": {"lines": 7}}', b'{"answers": [[[]]]}',
    b'{"regions": {"zones": [{"name": "z", "points": [[0,0],[1,0],[1e308,1]]}]}}',
    b'{"name": "a", "name": "b", "url": "file:///etc/passwd"}',
    b'{"name": "a", "url": "rtsp://169.254.169.254/latest"}',
    b'{"name": "a", "url": "http://[::1]:80/"}', b'{"name": "a", "url": "rtsp://\\u0000"}',
    b'{"text": "' + b"a" * 900_000 + b'"}',
]  # fmt: skip
ROUTES = [
    (method.upper(), path)
    for path, methods in described()["paths"].items()
    for method in methods
    if not path.startswith(("/api/v1/session", "/api/v1/setup", "/api/v1/users", "/api/v1/tokens", "/api/v1/audit"))
    and path not in {"/api/v1/events/stream", "/api/v1/probe", "/api/v1/discovery"}
]
NAMED = [(method, path) for method, path in ROUTES if "{" in path]
WRITING = [(method, path) for method, path in ROUTES if method in {"POST", "PUT", "PATCH"}]


def filled(path, name):
    for key in ("camera", "place", "id", "name", "number"):
        path = path.replace(f"{{{key}}}", name)
    return path


def check(answer, desk, name):
    assert 400 <= answer.status_code < 500, (name, answer.text)
    error = answer.json()["error"]
    assert error["code"]
    assert error["message"]
    assert "Traceback" not in answer.text
    assert "canary" not in answer.text
    assert desk.version().number == 1


@pytest.mark.parametrize(("method", "path"), NAMED, ids=[f"{method} {path}" for method, path in NAMED])
def test_no_name_leads_anywhere(client, stored, desk, method, path):
    for name in NAMES:
        body = {"content": b"{}", "headers": as_("admin", **{"If-Match": "1"})}
        encoded = quote(name, safe="").replace(".", "%2E")
        check(client.request(method, filled(path, encoded), **body), desk, name)


@pytest.mark.parametrize(("method", "path"), WRITING, ids=[f"{method} {path}" for method, path in WRITING])
def test_no_body_breaks_anything(client, stored, desk, method, path):
    url = path.replace("{camera}", "front").replace("{place}", "shop").replace("{number}", "1").replace("{id}", "none")
    headers = as_("operator" if "config" not in path else "admin", **{"Content-Type": "application/json"})
    for body in BODIES:
        answer = client.request(method, url, content=body, headers={**headers, "If-Match": "77"})
        if answer.status_code >= 400:
            assert answer.status_code < 500, (body[:80], answer.text)
            assert answer.json()["error"]["code"], body[:80]
    rng = Random(3)
    for _ in range(20):
        sent = rng.randbytes(rng.randrange(60))
        answer = client.request(method, url, content=sent, headers={**headers, "If-Match": "77"})
        assert 400 <= answer.status_code < 500, sent


def test_deep_and_wide_regions(client, desk):
    lines = [{"name": str(number), "points": [[0.1, 0.1], [0.2, 0.2]]} for number in range(201)]
    answer = client.put(
        "/api/v1/cameras/front/regions",
        content=json.dumps({"regions": {"lines": lines}}),
        headers=as_("operator", **{"If-Match": "1"}),
    )
    assert answer.status_code == 400
    assert desk.version().number == 1
