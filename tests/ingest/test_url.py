"""Addresses: opened rightly, never printed with their secrets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.ingest.url import openable, redact, scheme


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("rtsp://cam/live", "rtsp://cam/live", id="nothing to hide"),
        pytest.param("rtsp://admin:secret@cam:554/live", "rtsp://***:***@cam:554/live", id="login"),
        pytest.param("rtsp://admin@cam/live", "rtsp://***:***@cam/live", id="user only"),
        pytest.param("rtsp://a:p@ss@cam/live", "rtsp://***:***@cam/live", id="@ in the password"),
        pytest.param("rtsp://a:p/w?#@cam/live", "rtsp://***:***@cam/live", id="separators in the password"),
        pytest.param("rtsp://a d:p w@cam/live", "rtsp://***:***@cam/live", id="spaces in the login"),
        pytest.param("lost rtsp://a:b@cam/: refused", "lost rtsp://***:***@cam/: refused", id="in a sentence"),
        pytest.param("https://h/v.mp4?sv=1&sig=a%2Fb&se=2", "https://h/v.mp4?sv=1&sig=***&se=2", id="SAS"),
        pytest.param("http://h/v?Token=x&api_key=y", "http://h/v?Token=***&api_key=***", id="token and key"),
        pytest.param(
            "rtsp://h/user=a&password=b&channel=1", "rtsp://h/user=a&password=***&channel=1", id="in the path"
        ),
        pytest.param("/videos/a@b.mp4", "/videos/a@b.mp4", id="a path is no secret"),
        pytest.param("key=door", "key=door", id="nor is text without an address"),
    ],
)
def test_redact(text: str, expected: str) -> None:
    assert redact(text) == expected


PASSWORD = st.text(st.characters(exclude_categories=("C", "Z")), min_size=8).map(lambda text: f"Zq{text}qZ")


@given(PASSWORD)
def test_no_password_survives(password: str) -> None:
    assert password not in redact(f"rtsp://admin:{password}@cam/live")
    assert password not in redact(f"rtsp://cam/live?password={password}").replace("&", "")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("clip.mp4", "file:clip.mp4", id="relative path"),
        pytest.param("/v/12:30:00 a%20b.mp4", "file:/v/12:30:00 a%20b.mp4", id="colons and percents in a path"),
        pytest.param("file:///v/a%20b.mp4", "file:/v/a b.mp4", id="file URL is decoded"),
        pytest.param("file://localhost/v.mp4", "file:/v.mp4", id="file URL with host"),
        pytest.param("rtsp://cam/live?a=b@c", "rtsp://cam/live?a=b@c", id="@ in the query"),
        pytest.param("rtsp://a:b@cam:554/live", "rtsp://a:b@cam:554/live", id="plain login"),
        pytest.param("rtsp://a:b@[fe80::1]:554/live", "rtsp://a:b@[fe80::1]:554/live", id="IPv6"),
        pytest.param("rtsp://a:p%40s@cam/", "rtsp://a:p%40s@cam/", id="encoded login stays"),
        pytest.param("rtsp://a d:p@s:/#%@cam/x", "rtsp://a%20d:p%40s%3A%2F%23%25@cam/x", id="typed login is encoded"),
        pytest.param("rtsp://admin@cam/", "rtsp://admin@cam/", id="user only"),
        pytest.param("rtsp://a:p@s/x@10.0.0.7/x", "rtsp://a:p%40s%2Fx@10.0.0.7/x", id="@ before / in the password"),
        pytest.param("rtsp://a:p@s/x@cam.lan:554/", "rtsp://a:p%40s%2Fx@cam.lan:554/", id="the same, with a name"),
        pytest.param("rtsp://a:p@s?x@[fe80::1]/", "rtsp://a:p%40s%3Fx@[fe80::1]/", id="the same, IPv6"),
        pytest.param("rtsp://a:b@cam/live@2", "rtsp://a:b@cam/live@2", id="@ in the path"),
        pytest.param("rtsp://a:b@cam.lan/u@x.org", "rtsp://a:b@cam.lan/u@x.org", id="an address in the path"),
        pytest.param("rtsp://a:b", "rtsp://a:b", id="no host"),
    ],
)
def test_openable(url: str, expected: str) -> None:
    assert openable(url) == expected


def test_scheme_is_lower_case_and_file_by_default() -> None:
    assert (scheme("RTSP://cam"), scheme("a/b.mp4"), scheme("C:/x")) == ("rtsp", "file", "file")
