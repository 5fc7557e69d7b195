"""Tokens, property bags and topics: golden values of the specification, and there-and-back properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.edge import topics
from footfall.edge.bag import decode_bag, encode_bag
from footfall.edge.sas import PREFIX, parse_token, resource_of, signed
from footfall.edge.topics import Identity

KEY = "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="
GOLDEN = (
    "SharedAccessSignature sr=myhub.local%2Fdevices%2Fdev1%2Fmodules%2Fmod1"
    "&sig=E878zmMoLqPKiWwjWwZvtV%2BINN76DHHCdqkqjinnrmM%3D&se=2000000000"
)
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/#+$"), min_size=1, max_size=30)
MODULE = Identity("dev1", "mod1")


def test_the_golden_token_comes_out() -> None:
    assert signed(KEY, resource_of("myhub.local", "dev1", "mod1"), 2_000_000_000).token == GOLDEN


def test_a_token_is_read_whatever_the_order_of_its_fields() -> None:
    fields = GOLDEN.removeprefix(PREFIX).split("&")
    access = parse_token(PREFIX + "&".join(reversed(fields)))
    assert access == parse_token(GOLDEN)
    assert access.is_signed_with(KEY)
    assert access.name == "myhub.local/devices/dev1/modules/mod1"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(("se=2000000000", "se=2000000001"), id="a later end"),
        pytest.param(("dev1", "dev2"), id="another device"),
        pytest.param(("sig=E", "sig=F"), id="another signature"),
    ],
)
def test_a_token_that_was_changed_is_not_signed(change: tuple[str, str]) -> None:
    assert not parse_token(GOLDEN.replace(*change)).is_signed_with(KEY)


def test_a_hub_level_token_names_its_policy() -> None:
    access = signed(KEY, "localhost%3A8443", 2_000_000_000, "iothubowner")
    assert access.token.endswith("&skn=iothubowner")
    assert parse_token(access.token) == access


def test_a_broken_key_signs_nothing() -> None:
    assert not parse_token(GOLDEN).is_signed_with("no base64!")
    with pytest.raises(ValueError, match="not base64"):
        signed("no base64!", "x", 1)


@given(st.text())
def test_whatever_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="signature"):
        parse_token(text)


def test_a_token_never_shows_its_signature_in_logs() -> None:
    assert "E878" not in repr(parse_token(GOLDEN))


@given(st.dictionaries(st.text(min_size=1), st.none() | st.text()))
def test_a_bag_comes_back(properties: dict[str, str | None]) -> None:
    bag = encode_bag(properties)
    assert decode_bag(bag) == properties
    assert not set(bag) & set("/#+ \x00")


def test_a_bag_as_the_vendor_writes_it() -> None:
    assert decode_bag("%24.mid=7&%24.ct=application%2Fjson&topic=%2Fa&flag") == {
        "$.mid": "7", "$.ct": "application/json", "topic": "/a", "flag": None,
    }  # fmt: skip
    assert encode_bag({"$.on": "out", "a b": "x/y&z=é"}) == "$.on=out&a%20b=x%2Fy%26z%3D%C3%A9"


@pytest.mark.parametrize(
    ("topic", "meaning"),
    [
        (topics.telemetry(MODULE, "a=b"), topics.Telemetry(MODULE, "a=b")),
        (topics.telemetry(MODULE) + "a=b/", topics.Telemetry(MODULE, "a=b")),
        (topics.telemetry(Identity("dev1")), topics.Telemetry(Identity("dev1"), "")),
        (topics.twin_get("r-1"), topics.TwinGet("r-1")),
        (topics.reported_patch("r-1"), topics.ReportedPatch("r-1")),
        (topics.method_reply(-200, "r-1"), topics.MethodReply(-200, "r-1")),
        ("$iothub/methods/res/ok/?$rid=1", None),
        ("devices/dev1", None),
        ("", None),
    ],
)
def test_what_a_client_says(topic: str, meaning: topics.FromClient | None) -> None:
    assert topics.from_client(topic) == meaning


@pytest.mark.parametrize(
    ("topic", "meaning"),
    [
        (topics.method_call("Graph Set", "7"), topics.MethodCall("Graph Set", "7")),
        (topics.twin_answer(204, "r", 12), topics.TwinAnswer(204, "r", 12)),
        (topics.twin_answer(200, "r"), topics.TwinAnswer(200, "r", None)),
        (topics.desired_patch(3), topics.DesiredPatch(3)),
        (topics.input_message(MODULE, "in/1", "k=v"), topics.InputMessage("in/1", "k=v")),
        ("$iothub/else", None),
    ],
)
def test_what_the_hub_says(topic: str, meaning: topics.FromHub | None) -> None:
    assert topics.from_hub(topic) == meaning


@given(st.text())
def test_any_topic_is_understood_or_not(topic: str) -> None:
    topics.from_client(topic)
    topics.from_hub(topic)


@given(NAMES)
def test_the_name_of_a_method_or_input_comes_back(name: str) -> None:
    assert topics.from_hub(topics.method_call(name, "1")) == topics.MethodCall(name, "1")
    assert topics.from_hub(topics.input_message(MODULE, name)) == topics.InputMessage(name, "")
