"""MQTT 3.1.1 to the byte, and whatever anybody may send instead."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.hub import wire
from footfall.hub.wire import (
    LARGEST_BODY,
    Connect,
    Decoder,
    Disconnect,
    PingReq,
    ProtocolError,
    PubAck,
    Publish,
    Subscribe,
    Unsubscribe,
)

USER = b"myhub.local/dev1/mod1/?api-version=2019-10-01"


def text(value: bytes) -> bytes:
    return len(value).to_bytes(2) + value


def packet(first: int, content: bytes) -> bytes:
    length = bytearray()
    rest = len(content)
    while True:
        rest, byte = rest >> 7, rest & 0x7F
        length.append(byte | (0x80 if rest else 0))
        if not rest:
            return bytes([first]) + bytes(length) + content


def connect_packet(flags: int = 0xC0, tail: bytes | None = None, level: int = 4, name: bytes = b"MQTT") -> bytes:
    body = text(b"dev1/mod1") + text(USER) + text(b"secret") if tail is None else tail
    return packet(0x10, text(name) + bytes([level, flags]) + b"\0\x3c" + body)


HELLO = connect_packet()


def decode(data: bytes) -> list[wire.Packet]:
    """Packets behind a good CONNECT."""
    decoder = Decoder()
    assert len(list(decoder.feed(HELLO))) == 1
    return list(decoder.feed(data))


def test_a_module_introduces_itself_as_the_sdk_does():
    [packet] = Decoder().feed(HELLO)
    assert packet == Connect(4, "dev1/mod1", USER.decode(), b"secret", is_clean=False, keep_alive_s=60)
    assert "secret" not in repr(packet)


def test_wills_are_read_and_ignored():
    tail = text(b"dev1") + text(b"will/topic") + text(b"gone") + text(b"u") + text(b"p")
    [packet] = Decoder().feed(connect_packet(0xC4 | 0x08 | 0x20, tail))
    assert packet == Connect(4, "dev1", "u", b"p", is_clean=False, keep_alive_s=60)


@pytest.mark.parametrize(
    ("data", "level"),
    [
        pytest.param(connect_packet(level=5, tail=b"\0" + text(b"dev1")), 5, id="MQTT 5"),
        pytest.param(connect_packet(level=3, name=b"MQIsdp"), 3, id="MQTT 3.1"),
    ],
)
def test_another_version_is_told_apart_before_anything_else_is_read(data, level):
    assert list(Decoder().feed(data)) == [Connect(level)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"\x32\x08\0\3a/b\x12\x34x", Publish("a/b", b"x", 0x1234), id="QoS 1"),
        pytest.param(b"\x3a\x08\0\3a/b\x12\x34x", Publish("a/b", b"x", 0x1234), id="again"),
        pytest.param(b"\x30\x06\0\3a/bx", Publish("a/b", b"x"), id="QoS 0"),
        pytest.param(bytes.fromhex("40021234"), PubAck(0x1234), id="PUBACK"),
        pytest.param(b"\x82\x0a\0\1\0\5a/b/#\1", Subscribe(1, (("a/b/#", 1),)), id="SUBSCRIBE"),
        pytest.param(
            b"\x82\x0c\0\1\0\3a/b\0\0\1+\2",
            Subscribe(1, (("a/b", 0), ("+", 2))),
            id="two filters",
        ),
        pytest.param(b"\xa2\x05\0\2\0\1a", Unsubscribe(2, ("a",)), id="UNSUBSCRIBE"),
        pytest.param(b"\xc0\0", PingReq(), id="PINGREQ"),
        pytest.param(b"\xe0\0", Disconnect(), id="DISCONNECT"),
    ],
)
def test_packets(data, expected):
    assert decode(data) == [expected]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        pytest.param(b"\xc0\0", "CONNECT comes first", id="anything before CONNECT"),
        pytest.param(HELLO + HELLO, "CONNECT twice", id="CONNECT twice"),
        pytest.param(connect_packet(name=b"HTTP"), "not MQTT", id="another protocol"),
        pytest.param(connect_packet(0xC1), "reserved flag", id="reserved flag"),
        pytest.param(connect_packet(0x40), "without a user name", id="password alone"),
        pytest.param(connect_packet(0xC8), "will", id="QoS of no will"),
        pytest.param(connect_packet(0xDC), "will", id="QoS 3 of a will"),
        pytest.param(connect_packet(0xE0), "will", id="retained no will"),
        pytest.param(connect_packet(tail=b"\0\x0adev"), "ends too early", id="cut inside"),
        pytest.param(packet(0x10, HELLO[2:] + b"x"), "longer than its content", id="something behind"),
        pytest.param(b"\x11\0", "reserved flags", id="flags of CONNECT"),
        pytest.param(b"\x10\xff\xff\xff\xff\x01", "at most four bytes", id="length of five bytes"),
        pytest.param(b"\x10\x80\x80\x02", "too large", id="CONNECT of 32 KiB"),
        pytest.param(HELLO + b"\x34\x05\0\1a\0\1", "QoS 2", id="QoS 2"),
        pytest.param(HELLO + b"\x36\x05\0\1a\0\1", "QoS 3", id="QoS 3"),
        pytest.param(HELLO + b"\x38\x03\0\1a", "DUP", id="DUP with QoS 0"),
        pytest.param(HELLO + b"\x32\x05\0\1a\0\0", "packet id of 0", id="packet id 0"),
        pytest.param(HELLO + b"\x30\x03\0\1#", "wildcards", id="publish to #"),
        pytest.param(HELLO + b"\x30\x02\0\0", "empty", id="publish to nothing"),
        pytest.param(HELLO + b"\x30\x03\0\1\xff", "not UTF-8", id="topic of other bytes"),
        pytest.param(HELLO + b"\x30\x05\0\3\xed\xa0\x80", "not UTF-8", id="surrogate"),
        pytest.param(HELLO + b"\x30\x03\0\1\0", "U.0000", id="topic with NUL"),
        pytest.param(HELLO + b"\x80\x06\0\1\0\1a\1", "reserved flags", id="flags of SUBSCRIBE"),
        pytest.param(HELLO + b"\x82\x02\0\1", "without a filter", id="SUBSCRIBE to nothing"),
        pytest.param(HELLO + b"\xa2\x02\0\1", "without a filter", id="UNSUBSCRIBE from nothing"),
        pytest.param(HELLO + b"\x82\x06\0\1\0\1a\3", "QoS 3", id="SUBSCRIBE with QoS 3"),
        pytest.param(HELLO + b"\x62\x02\0\1", "type 6", id="PUBREL"),
        pytest.param(HELLO + b"\xf0\0", "type 15", id="AUTH"),
        pytest.param(HELLO + b"\x30\xff\xff\xff\x7f", "too large", id="256 MiB announced"),
    ],
)
def test_what_breaks_the_standard_ends_the_connection(data, what):
    with pytest.raises(ProtocolError, match=what):
        list(Decoder().feed(data))


def test_the_largest_message_passes_and_one_byte_more_does_not():
    topic = text(b"t" * 65_535) + b"\0\1"
    [largest] = decode(packet(0x32, topic + b"x" * LARGEST_BODY))
    assert isinstance(largest, Publish)
    assert len(largest.payload) == LARGEST_BODY
    with pytest.raises(ProtocolError, match="262145 bytes"):
        decode(packet(0x32, text(b"t") + b"\0\1" + b"x" * (LARGEST_BODY + 1)))


def test_good_packets_before_a_bad_one_count():
    packets = Decoder().feed(HELLO + b"\x40\x02\0\x07\xc0\0\xff\0")
    assert [next(packets) for _ in range(3)][1:] == [PubAck(7), PingReq()]
    with pytest.raises(ProtocolError):
        next(packets)


@given(st.lists(st.integers(1, 40), max_size=40), st.binary(max_size=300), st.text(max_size=20))
def test_bytes_may_be_cut_anywhere(cuts, payload, name):
    topic = ("t" + name.replace("\0", "").replace("#", "").replace("+", "")).encode()
    data = HELLO + packet(0x32, text(topic) + b"\0\x09" + payload) + b"\xc0\0\x40\x02\0\x01"
    expected = [Publish(topic.decode(), payload, 9), PingReq(), PubAck(1)]
    decoder, seen, at = Decoder(), [], 0
    for cut in [*cuts, len(data)]:
        seen += decoder.feed(data[at : at + cut])
        at += cut
    assert seen[1:] == expected


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_give_packets_or_a_protocol_error(data, is_connected):
    decoder = Decoder()
    if is_connected:
        list(decoder.feed(HELLO))
    with suppress(ProtocolError):
        list(decoder.feed(data))


@given(st.sampled_from([0x10, 0x30, 0x32, 0x40, 0x82, 0xA2, 0xC0, 0xE0]), st.binary(max_size=60))
def test_any_content_of_a_known_packet_gives_packets_or_a_protocol_error(first, content):
    for decoder, data in ((Decoder(), packet(first, content)), (Decoder(), HELLO + packet(first, content))):
        with suppress(ProtocolError):
            assert list(decoder.feed(data))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(wire.connack(0, session_present=True), "20020100", id="welcome back"),
        pytest.param(wire.connack(5), "20020005", id="not authorised"),
        pytest.param(wire.puback(0x1234), "40021234", id="PUBACK"),
        pytest.param(wire.suback(2, [1, 0x80]), "900400020180", id="SUBACK"),
        pytest.param(wire.unsuback(3), "b0020003", id="UNSUBACK"),
        pytest.param(wire.PINGRESP, "d000", id="PINGRESP"),
        pytest.param(wire.publish("a/b", b"x"), "30060003612f6278", id="QoS 0"),
        pytest.param(wire.publish("a/b", b"x", 1), "32080003612f62000178", id="QoS 1"),
        pytest.param(wire.publish("a/b", b"x", 1, is_again=True), "3a080003612f62000178", id="QoS 1 again"),
        pytest.param(wire.publish("a", bytes(200))[:3], "30cb01", id="length of two bytes"),
    ],
)
def test_what_the_hub_says(data, expected):
    assert data.hex() == expected


def test_a_topic_must_fit():
    with pytest.raises(ValueError, match="65536 bytes"):
        wire.publish("x" * 65_536, b"")


@given(st.text(min_size=1, max_size=50), st.binary(max_size=400), st.integers(0, 65_535))
def test_what_the_hub_publishes_reads_back(name, payload, packet_id):
    topic = name.replace("\0", "_").replace("#", "_").replace("+", "_").encode("utf-8", "ignore").decode() or "t"
    assert decode(wire.publish(topic, payload, packet_id)) == [Publish(topic, payload, packet_id)]
