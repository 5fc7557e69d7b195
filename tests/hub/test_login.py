"""Who is let in over MQTT, and who by which token."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.edge.sas import SharedAccess, resource_of, signed
from footfall.edge.topics import Identity
from footfall.hub.identities import Identities, Place, Policy, furnish, new_module
from footfall.hub.login import LoginRefused, log_in
from footfall.hub.messages import Unauthorised
from footfall.hub.store import Store
from footfall.hub.wire import Connect

NOW_S = 1_900_000_000.0
UNTIL_S = 2_000_000_000
PLACE = Place("myhub.local", "dev1")
MOD1, MOD2 = Identity("dev1", "mod1"), Identity("dev1", "mod2")
USER = "myhub.local/dev1/mod1/?api-version=2019-10-01&DeviceClientType=py"


@pytest.fixture(scope="module")
def identities(tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("login") / "hub.sqlite")
    furnish(store, "myhub.local", "dev1")
    store.write([new_module(who).made() for who in (MOD1, MOD2)])
    yield Identities(store, PLACE)
    store.close()


def token(
    identities: Identities, who: Identity = MOD1, *, host: str = "myhub.local", secondary: bool = False
) -> SharedAccess:
    keys = identities.get(who)
    key = keys.secondary_key if secondary else keys.primary_key
    return signed(key, resource_of(host, who.device, who.module), UNTIL_S)


def connect(password: str | bytes, user: str | None = USER, client_id: str = "dev1/mod1") -> Connect:
    data = password.encode() if isinstance(password, str) else password
    return Connect(4, client_id, user, data, is_clean=False, keep_alive_s=60)


def hub_token(identities: Identities, policy: str, resource: str = "myhub.local") -> str:
    return signed(identities.policies()[policy], quote(resource, safe=""), UNTIL_S, policy).token


@pytest.mark.parametrize(
    "user",
    [
        pytest.param(USER, id="Python"),
        pytest.param("myhub.local/dev1/mod1/?api-version=2020-09-30&model-id=x", id="model id"),
        pytest.param("myhub.local/dev1/mod1?api-version=2020-09-30", id="no slash before ?"),
        pytest.param("MyHub.Local/dev1/mod1/?api-version=2020-09-30", id="host in other letters"),
    ],
)
def test_a_module_is_let_in(identities, user):
    login = log_in(connect(token(identities).token, user), identities, NOW_S)
    assert (login.identity, login.until_s) == (MOD1, UNTIL_S)


def test_a_device_is_let_in(identities):
    device = Identity("dev1")
    password = token(identities, device).token
    login = log_in(connect(password, "myhub.local/dev1/?api-version=1", "dev1"), identities, NOW_S)
    assert login.identity == device


def test_both_keys_and_any_order_and_case_of_a_token_are_good(identities):
    access = token(identities, secondary=True)
    fields = access.token.removeprefix("SharedAccessSignature ").split("&")
    reordered = "SharedAccessSignature " + "&".join(reversed(fields))
    assert log_in(connect(reordered), identities, NOW_S).identity == MOD1
    lower = access.resource.replace("%2F", "%2f")
    again = signed(identities.get(MOD1).primary_key, lower, UNTIL_S)
    assert log_in(connect(again.token), identities, NOW_S).identity == MOD1


@pytest.mark.parametrize(
    ("packet", "code"),
    [
        pytest.param(lambda i: Connect(5), 1, id="MQTT 5"),
        pytest.param(lambda i: connect(token(i).token, client_id=""), 2, id="no client id"),
        pytest.param(lambda i: connect(token(i).token, client_id="dev1/"), 2, id="no module"),
        pytest.param(lambda i: connect(token(i).token, client_id="dev1/mod1/x"), 2, id="three parts"),
        pytest.param(lambda i: connect(token(i).token, None), 4, id="no user name"),
        pytest.param(lambda i: connect(token(i).token, "myhub.local/dev1/mod1/"), 4, id="no api-version"),
        pytest.param(
            lambda i: connect(token(i).token, "myhub.local/dev1/mod1/?api-version="), 4, id="empty api-version"
        ),
        pytest.param(lambda i: connect(token(i).token, USER.replace("myhub", "other")), 4, id="another hub's user"),
        pytest.param(lambda i: connect(token(i).token, USER.replace("mod1", "mod2")), 4, id="another module's user"),
        pytest.param(lambda i: connect(b""), 5, id="no password"),
        pytest.param(lambda i: connect(b"\xff\xfe"), 5, id="a password of bytes"),
        pytest.param(lambda i: connect("secret"), 5, id="no token"),
        pytest.param(lambda i: connect(token(i, MOD2).token), 5, id="another module's token"),
        pytest.param(lambda i: connect(token(i, Identity("dev1")).token), 5, id="its device's token"),
        pytest.param(lambda i: connect(token(i, host="other.local").token), 5, id="another hub's token"),
        pytest.param(lambda i: connect(replace(token(i), signature="AAAA").token), 5, id="another signature"),
        pytest.param(lambda i: connect(replace(token(i), expiry_s=UNTIL_S + 1).token), 5, id="a longer life"),
        pytest.param(
            lambda i: connect(
                signed(i.get(MOD1).primary_key, resource_of("myhub.local", "dev1", "mod9"), UNTIL_S).token
            ),
            5,
            id="a module that is not there",
        ),
        pytest.param(lambda i: connect(hub_token(i, "service")), 5, id="a policy that may not connect"),
        pytest.param(
            lambda i: connect(hub_token(i, "device", "myhub.local/devices/dev2")), 5, id="a policy's other device"
        ),
        pytest.param(
            lambda i: connect(hub_token(i, "device"), "myhub.local/dev1/mod9/?api-version=1", "dev1/mod9"),
            5,
            id="a policy for a module that is not there",
        ),
    ],
)
def test_others_are_refused(identities, packet, code):
    sent = packet(identities)
    with pytest.raises(LoginRefused) as refusal:
        log_in(sent, identities, NOW_S)
    assert refusal.value.code == code
    if sent.password and len(sent.password) > 20:
        assert sent.password.decode().partition("sig=")[2][:20] not in str(refusal.value)


@pytest.mark.parametrize(
    ("policy", "resource"), [("iothubowner", "myhub.local"), ("device", "myhub.local/devices/dev1")]
)
def test_a_policy_speaks_for_modules(identities, policy, resource):
    assert log_in(connect(hub_token(identities, policy, resource)), identities, NOW_S).identity == MOD1


def test_a_token_ends(identities):
    packet = connect(token(identities).token)
    assert log_in(packet, identities, UNTIL_S - 1).until_s == UNTIL_S
    with pytest.raises(LoginRefused, match="out of date"):
        log_in(packet, identities, UNTIL_S)


@pytest.mark.parametrize(
    ("scope", "who", "expected"),
    [
        ("", MOD1, True),
        ("devices/dev1", MOD1, True),
        ("devices/dev1/", MOD1, True),
        ("devices/dev1/modules/mod1", MOD1, True),
        ("devices/dev1/modules/mod", MOD1, False),
        ("devices/dev", MOD1, False),
        ("devices/dev1/modules/mod1", Identity("dev1"), False),
    ],
)
def test_a_policys_token_may_be_for_a_part(scope, who, expected):
    assert Policy("device", scope).covers(who) is expected


@given(st.text(max_size=200))
def test_any_text_as_a_token_is_refused_without_being_shown(identities, text):
    for each in (text, f"SharedAccessSignature sr={text}&sig={text}&se=2000000000&skn={text}"):
        with pytest.raises(Unauthorised) as refusal:
            identities.admit(each, NOW_S)
        if len(text) > 20:
            assert text not in str(refusal.value)
