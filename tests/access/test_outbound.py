from __future__ import annotations

import asyncio

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.access.outbound import CAMERAS, RECEIVERS, WEB, Reach, target_of
from footfall.access.outbound_http import Outbound, read
from footfall.core.errors import Blocked
from servers.http_catcher import Answer, HttpCatcher

NAMES = {
    "camera.example": ["192.168.1.20"],
    "hooks.example": ["93.184.216.34"],
    "both.example": ["93.184.216.34", "127.0.0.1"],
    "six.example": ["2606:2800:220:1:248:1893:25c8:1946"],
    "bent.example": ["169.254.169.254"],
    "localhost": ["127.0.0.1"],
    "localtest.me": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "scoped.example": ["fe80::1%eth0"],
    "öbb.example": ["93.184.216.34"],
}


def resolve(host, port):
    return NAMES.get(host, [])


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://hooks.example/x", ""),
        ("http://93.184.216.34:8080/x", ""),
        ("https://six.example/", ""),
        ("https://[2606:2800:220:1:248:1893:25c8:1946]/", ""),
        ("https://öbb.example/", ""),
        ("https://hooks.example./", ""),
        ("https://user:p%40ss@hooks.example/", ""),
        ("file:///etc/passwd", "scheme"),
        ("FILE:///etc/passwd", "scheme"),
        ("gopher://hooks.example/", "scheme"),
        ("rtsp://hooks.example/", "scheme"),
        ("ftp://hooks.example/", "scheme"),
        ("/etc/passwd", "scheme"),
        ("", "scheme"),
        ("https:///x", "malformed"),
        ("https://", "malformed"),
        ("https://hooks.example:99999/", "malformed"),
        ("https://hooks.example:0/", "malformed"),
        ("https://[::1/", "malformed"),
        ("https://a b/", "malformed"),
        ("https://hooks.example\\@127.0.0.1/", "malformed"),
        ("https://hooks.example\t@127.0.0.1/", "loopback"),
        ("http://nowhere.example/", "unknown-host"),
        ("http://127.0.0.1/", "loopback"),
        ("http://127.9.9.9/", "loopback"),
        ("http://localhost:9200/", "loopback"),
        ("http://localtest.me/", "loopback"),
        ("http://[::1]/", "loopback"),
        ("http://both.example/", "loopback"),
        ("http://hooks.example@127.0.0.1/", "loopback"),
        ("http://127.0.0.1#@hooks.example/", "loopback"),
        ("http://2130706433/", "ambiguous"),
        ("http://0x7f000001/", "ambiguous"),
        ("http://0x7f.0.0.1/", "ambiguous"),
        ("http://0177.0.0.1/", "ambiguous"),
        ("http://127.1/", "ambiguous"),
        ("http://127.0.0.01/", "ambiguous"),
        ("http://0/", "ambiguous"),
        ("http://[::ffff:127.0.0.1]/", "loopback"),
        ("http://[::ffff:7f00:1]/", "loopback"),
        ("http://[::127.0.0.1]/", "loopback"),
        ("http://[64:ff9b::7f00:1]/", "loopback"),
        ("http://[2002:7f00:1::]/", "loopback"),
        ("http://[::ffff:169.254.169.254]/", "metadata"),
        ("http://169.254.169.254/latest/meta-data/", "metadata"),
        ("http://bent.example/", "metadata"),
        ("http://metadata.google.internal/", "metadata"),
        ("http://[fd00:ec2::254]/", "metadata"),
        ("http://100.100.100.200/", "metadata"),
        ("http://168.63.129.16/", "metadata"),
        ("http://[2002:a9fe:a9fe::]/", "metadata"),
        ("http://169.254.1.1/", "link-local"),
        ("http://[fe80::1]/", "link-local"),
        ("http://[fe80::1%25eth0]/", "link-local"),
        ("http://scoped.example/", "link-local"),
        ("http://0.0.0.0/", "reserved"),
        ("http://[::]/", "reserved"),
        ("http://240.0.0.1/", "reserved"),
        ("http://255.255.255.255/", "reserved"),
        ("http://192.0.2.1/", "reserved"),
        ("http://224.0.0.1/", "multicast"),
        ("http://[ff02::1]/", "multicast"),
        ("http://10.0.0.1/", "private"),
        ("http://172.16.0.1/", "private"),
        ("http://172.31.255.255/", "private"),
        ("http://192.168.0.1/", "private"),
        ("http://100.64.0.1/", "private"),
        ("http://[fd12:3456::1]/", "private"),
        ("http://[::ffff:10.0.0.1]/", "private"),
        ("http://camera.example/", "private"),
    ],
)
def test_where_receivers_may_be(url, reason):
    assert told(url, RECEIVERS) == reason


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("rtsp://192.168.1.20/stream", ""),
        ("rtsp://camera.example:8554/stream", ""),
        ("rtsps://10.0.0.9/stream", ""),
        ("http://192.168.1.20/video.mjpg", ""),
        ("rtsp://user:pa/ss@w?rd#@192.168.1.20/stream", ""),
        ("rtsp://user:p@127.0.0.1@192.168.1.20/stream", ""),
        ("rtsp://user:@169.254.169.254/x@192.168.1.20/", "metadata"),
        ("rtsp://[fd12:3456::1]/stream", ""),
        ("rtsp://127.0.0.1:8554/stream", "loopback"),
        ("rtsp://169.254.169.254/", "metadata"),
        ("rtsp://169.254.7.7/", "link-local"),
        ("rtsp://[::ffff:169.254.169.254]/", "metadata"),
        ("rtsp://3232235777/", "ambiguous"),
        ("rtsp://224.1.1.1/", "multicast"),
        ("rtsp://0.0.0.0/", "reserved"),
        ("rtsp:///stream", "malformed"),
        ("udp://224.1.1.1:1234", "scheme"),
        ("concat:/etc/passwd", "scheme"),
        ("srt://192.168.1.20", "scheme"),
    ],
)
def test_where_cameras_may_be(url, reason):
    assert told(url, CAMERAS) == reason


@pytest.mark.parametrize(
    ("reach", "url", "reason"),
    [
        pytest.param(Reach(WEB, private=True), "http://10.0.0.1/", "", id="an admin allows the local network"),
        pytest.param(Reach(WEB, private=True), "http://127.0.0.1/", "loopback", id="which is not this machine"),
        pytest.param(Reach(WEB, loopback=True), "http://localhost/", "", id="an admin allows this machine"),
        pytest.param(Reach(WEB, loopback=True), "http://10.0.0.1/", "private", id="which is not the network"),
        pytest.param(Reach(WEB, True, True), "http://169.254.169.254/", "metadata", id="metadata never"),
        pytest.param(Reach(WEB, True, True), "http://[fd00:ec2::254]/", "metadata", id="metadata in a private range"),
        pytest.param(Reach(WEB, True, True), "http://[fe80::1]/", "link-local", id="link-local never"),
    ],
)
def test_what_an_admin_may_allow(reach, url, reason):
    assert told(url, reach) == reason


def test_a_name_is_asked_for_once_and_leads_to_what_was_judged():
    asked = []

    def bending(host, port):
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    target = target_of("https://bend.example/x", RECEIVERS, bending)

    assert (target.host, target.port, target.addresses) == ("bend.example", 443, ("93.184.216.34",))
    assert asked == ["bend.example"]


def test_no_secret_of_an_address_is_in_the_error():
    with pytest.raises(Blocked) as caught:
        target_of("rtsp://user:canary@127.0.0.1/canary?token=canary", CAMERAS, resolve)

    assert "canary" not in str(caught.value)


@given(st.ip_addresses(), st.booleans(), st.booleans())
def test_whatever_passes_is_public_or_allowed(address, private, loopback):
    host = f"[{address}]" if address.version == 6 else str(address)
    try:
        target_of(f"http://{host}/", Reach(WEB, private, loopback), resolve)
    except Blocked:
        return
    inner = getattr(address, "ipv4_mapped", None) or address
    assert not inner.is_link_local
    assert not inner.is_multicast
    assert not inner.is_unspecified
    assert loopback or not inner.is_loopback
    assert private or inner.is_global or _is_carrier(inner)


def _is_carrier(address):
    return address.version == 6 and (address.sixtofour or address.teredo or int(address) >> 32 in (0, 0x64FF9B << 64))


@given(st.text(max_size=60))
def test_nonsense_is_refused_and_nothing_else_happens(text):
    for url in (text, f"http://{text}", f"rtsp://{text}", f"http://{text}@127.0.0.1/"):
        for reach in (RECEIVERS, CAMERAS):
            try:
                target_of(url, reach, lambda host, port: [])
            except Blocked:
                continue
            assert text


class TestRequests:
    """Over real sockets."""

    HERE = Reach(WEB, loopback=True)

    @pytest.fixture
    def catcher(self):
        catcher = HttpCatcher()
        yield catcher
        catcher.close()

    def post(self, outbound, url):
        async def go():
            async with outbound.client() as client:
                return await read(client, client.build_request("POST", url, content=b"{}"), 1000)

        return asyncio.run(go())

    def test_a_name_leads_to_its_judged_address_and_is_told_to_the_server(self, catcher):
        outbound = Outbound(self.HERE, resolve=lambda host, port: ["127.0.0.1"])

        assert self.post(outbound, f"http://hooks.example:{catcher.port}/x?y")[0] == 204
        assert catcher.requests[0].path == "/x?y"
        assert catcher.requests[0].headers["Host"] == f"hooks.example:{catcher.port}"

    def test_nothing_is_sent_out_of_reach(self, catcher):
        with pytest.raises(Blocked):
            self.post(Outbound(RECEIVERS), f"http://127.0.0.1:{catcher.port}/")
        assert catcher.requests == []

    def test_redirects_are_not_followed(self, catcher):
        catcher.answers.append(Answer(302, {"Location": "http://169.254.169.254/"}))

        assert self.post(Outbound(self.HERE), f"http://127.0.0.1:{catcher.port}/")[0] == 302

    def test_redirects_that_are_followed_are_judged_again(self, catcher):
        catcher.answers.append(Answer(302, {"Location": "http://169.254.169.254/"}))

        async def go():
            async with Outbound(self.HERE).client() as client:
                await client.post(f"http://127.0.0.1:{catcher.port}/", follow_redirects=True)

        with pytest.raises(Blocked, match="metadata"):
            asyncio.run(go())

    def test_other_schemes_are_not_asked(self):
        with pytest.raises((Blocked, httpx.UnsupportedProtocol)):
            self.post(Outbound(self.HERE), "ftp://127.0.0.1/")

    def test_proxies_of_the_environment_are_not_used(self, catcher, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

        assert self.post(Outbound(self.HERE), f"http://127.0.0.1:{catcher.port}/")[0] == 204


def told(url, reach):
    """Why not; empty where it may be."""
    try:
        target_of(url, reach, resolve)
    except Blocked as error:
        return error.reason
    return ""
