import logging
from functools import partial
from threading import Event, Thread
from time import sleep

import httpx
import pytest

from small_desk import Client, as_


def test_the_page_is_there_for_everybody_and_is_asked_for_anew(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert "footfall" in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    again = client.get("/", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_files_with_a_hash_in_their_name_are_kept(client):
    answer = client.get("/assets/main-1a2b3c4d.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "javascript" in answer.headers["content-type"]
    assert client.get("/assets/gone.js").headers.get("cache-control") != answer.headers["cache-control"]


OUTSIDE = ["/../conftest.py", "/..%2fconftest.py", "/%2e%2e/conftest.py", "/assets/..%2f..%2fconftest.py"]


@pytest.mark.parametrize("path", [*OUTSIDE, "/%00", "//etc/passwd"])
def test_no_other_file_is_served(client, path):
    answer = client.get(path)
    assert answer.status_code in (400, 404), answer.text
    assert "fixture" not in answer.text


def test_head_is_get_without_a_body(client):
    get, head = (client.request(method, "/api/v1/cameras", headers=as_("viewer")) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]
    assert client.request("HEAD", "/api/v1/cameras").status_code == 401
    assert client.request("HEAD", "/").status_code == 200


def test_head_of_a_stream_ends(client, stored):
    answer = client.request("HEAD", "/api/v1/events/stream", headers=as_("viewer"))
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "BREW"])
def test_other_methods_are_told_which_there_are(client, method):
    answer = client.request(method, "/api/v1/cameras", headers=as_("admin"))
    assert answer.status_code == 405
    assert answer.json()["error"]["code"] == "method-not-allowed"
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(b"", "application/json", id="nothing"),
        pytest.param(b"{", "application/json", id="half"),
        pytest.param(b"\xff\xfe", "application/json", id="no UTF-8"),
        pytest.param(b"[" * 50_000, "application/json", id="deep"),
        pytest.param(b'{"people": ' + b"9" * 5000 + b"}", "application/json", id="a number of 5000 digits"),
        pytest.param(b'{"people": 1e999}', "application/json", id="endless"),
        pytest.param(b'{"people": 1, "people\\ud800": 2}', "application/json", id="half a character"),
        pytest.param(b'{"people": 1}', "text/plain", id="as text"),
        pytest.param(b"people=1", "application/x-www-form-urlencoded", id="a form"),
        pytest.param(b"null", "application/json", id="null"),
    ],
)
def test_a_body_that_is_none(client, body, kind):
    headers = as_("operator", **{"Content-Type": kind})
    answer = client.post("/api/v1/places/shop/anchor", content=body, headers=headers)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["code"]


def test_a_body_that_is_too_large(client):
    answer = client.put("/api/v1/config", content=b"x" * (2 << 20), headers=as_("admin"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")


def test_what_nobody_foresaw_tells_nothing_of_our_insides(app, desk, caplog):
    def broken():
        raise RuntimeError("canary /etc/secret")

    desk.cameras = broken
    client = Client(app)
    with caplog.at_level(logging.ERROR):
        answer = client.get("/api/v1/cameras", headers=as_("viewer"))
    client.close()
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "failed")
    assert "canary" not in answer.text


def test_slow_questions_to_the_store_leave_the_rest_alone(app, desk, stored, address, monkeypatch):
    release, asked = Event(), []

    def slow(*_):
        asked.append(1)
        release.wait(60)
        return []

    monkeypatch.setattr("footfall.web.numbers.stored.totals", slow)
    url, headers = f"http://{address}/api/v1", as_("viewer")
    ask = partial(httpx.get, f"{url}/numbers", headers=headers, timeout=60)
    waiting = [Thread(target=ask) for _ in range(20)]
    for thread in waiting:
        thread.start()
    while not asked:
        sleep(0.005)
    assert httpx.get(f"{url}/cameras", headers=headers, timeout=60).status_code == 200
    assert httpx.get(f"http://{address}/health/live", timeout=60).text == "ok"
    assert len(asked) <= 6
    release.set()
    for thread in waiting:
        thread.join()
