"""Where the service goes at each connection, while the DNS changes its mind."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.access.outbound import CAMERA, CAMERAS, Reach
from footfall.core.errors import Blocked
from footfall.serve.compiled import Compiler
from footfall.serve.escort import Escort
from footfall.serve.fence import Fence
from footfall.sinks.spec import parse_sink

CAMERA_URL = "rtsp://anna:pw@door.example/1"
FILE = f"""
cameras: [{{name: a, url: '{CAMERA_URL}'}}]
sinks: ['http://hooks.example/in', 'mqtt://u:p@broker.example/t']
service: {{home_assistant: {{broker: 'mqtt://home.example'}}}}
"""


class Names:
    """A DNS that can be changed."""

    def __init__(self, *numbers: str) -> None:
        self.numbers: Sequence[str] = numbers

    def __call__(self, _host: str, _port: int) -> Sequence[str]:
        return self.numbers


def escort(names: Names, reach: Reach = CAMERAS) -> Escort:
    return Escort(Fence(reach, resolve=names))


@pytest.mark.parametrize(
    ("to", "first", "then", "reason"),
    [
        pytest.param(CAMERA_URL, "192.168.1.9", "127.0.0.1", "loopback", id="a camera becomes this machine"),
        pytest.param(CAMERA_URL, "93.184.216.34", "169.254.169.254", "metadata", id="a camera becomes metadata"),
        pytest.param(CAMERA_URL, "10.0.0.7", "::ffff:127.0.0.1", "loopback", id="in other words"),
        pytest.param("http://door.example/v.mjpg", "10.0.0.7", "169.254.7.7", "link-local", id="a camera by HTTP"),
        pytest.param("https://hooks.example/in", "93.184.216.34", "127.0.0.1", "loopback", id="a webhook"),
        pytest.param("mqtt://broker.example/t", "127.0.0.1", "169.254.169.254", "metadata", id="a broker"),
    ],
)
def test_a_name_that_comes_to_mean_something_else(to: str, first: str, then: str, reason: str) -> None:
    names = Names(first)
    is_sink = to.startswith(("mqtt", "https"))
    lead = escort(names).lead(parse_sink(to) if is_sink else to)
    assert list(lead("door.example", 554)) == [first]
    names.numbers = [first, then]
    with pytest.raises(Blocked) as refused:
        lead("door.example", 554)
    assert refused.value.reason == reason
    names.numbers = [first]
    assert list(lead("door.example", 554)) == [first], "and back again"


def test_what_the_file_names_goes_by_its_name() -> None:
    compiled = Compiler({}).compile(FILE, {})
    guide = escort(Names("169.254.169.254"))
    named = [CAMERA_URL, *(parse_sink(sink) for sink in ("http://hooks.example/in", "mqtt://u:p@broker.example/t"))]
    named += ["rtsp://bert:other@door.example/1", parse_sink("mqtt://home.example/-")]
    others = ["rtsp://door.example/2", "rtsp://door.example:555/1", parse_sink("http://hooks.example/other")]
    leads = [guide.lead(to) for to in [*named, *others]]
    guide.rely_on(compiled)
    assert [list(lead("any.example", 1)) for lead in leads[: len(named)]] == [[]] * len(named)
    for lead in leads[len(named) :]:
        with pytest.raises(Blocked):
            lead("any.example", 1)
    guide.rely_on(None)
    for lead in leads:
        with pytest.raises(Blocked):
            lead("any.example", 1)


@given(
    answers=st.lists(st.lists(st.ip_addresses().map(str), max_size=3), min_size=1, max_size=4),
    private=st.booleans(),
    loopback=st.booleans(),
)
def test_whatever_the_dns_says_next_nobody_is_led_where_they_may_not_go(
    answers: list[list[str]], private: bool, loopback: bool
) -> None:
    names = Names()
    reach = Reach(CAMERA, private=private, loopback=loopback)
    lead = escort(names, reach).lead(CAMERA_URL)
    for names.numbers in answers:
        try:
            led = lead("door.example", 554)
        except Blocked:
            continue
        assert led, "nobody goes by the name"
        assert set(led) <= set(names.numbers)
        for number in map(ipaddress.ip_address, led):
            inner = getattr(number, "ipv4_mapped", None) or number
            assert not any((inner.is_link_local, inner.is_multicast, inner.is_unspecified))
            assert loopback or not inner.is_loopback
            assert private or inner not in ipaddress.ip_network("10.0.0.0/8" if inner.version == 4 else "fc00::/7")
