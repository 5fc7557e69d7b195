from __future__ import annotations

import asyncio
import ssl
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey, RSAKey

from footfall.access.faults import ProviderAway, WrongLogin
from footfall.access.outbound import RECEIVERS, WEB, Reach
from footfall.access.outbound_http import Outbound
from footfall.access.provider import Provider
from footfall.access.roles import Rights, Role
from footfall.access.sign_on import SignOn
from footfall.access.sign_on_spec import SignOnSpec, spec_of
from footfall.access.users import SERVICE
from footfall.core.errors import ConfigError
from servers.oidc_provider import Cheat, OidcProvider

BACK = "https://localhost/api/v1/session/oidc/callback"
ROLES = {"staff": "viewer", "lead": "operator", "it": "admin"}
TRUST = ssl.create_default_context()
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "1"})


@pytest.fixture(scope="module")
def shared_provider():
    provider = OidcProvider()
    yield provider
    provider.close()


@pytest.fixture
def provider(shared_provider, clock):
    shared_provider.cheat = Cheat()
    shared_provider.person = {"sub": "1", "preferred_username": "anna", "roles": ["staff"]}
    shared_provider.now_s = clock.now().timestamp()
    shared_provider.asked.clear()
    return shared_provider


def sign_on_for(gate, provider, clock, reach=None, **keys):
    known = {"issuer": provider.issuer, "client_id": "footfall", "client_secret": "${OIDC}", "roles": ROLES}
    spec = spec_of({**known, **keys}, "sign-on.yaml")
    outbound = Outbound(reach or Reach(WEB, loopback=True), TRUST)
    gate.secrets.keep("OIDC", provider.secret)
    return SignOn(spec, Provider(spec, outbound, clock), gate.users, gate.secrets, clock)


@pytest.fixture
def sign_on(gate, provider, clock):
    return sign_on_for(gate, provider, clock)


async def browse(address):
    """What a browser brings back from the provider: state and code."""
    async with httpx.AsyncClient(verify=TRUST) as browser:
        answer = await browser.get(address)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return query["state"][0], query["code"][0]


def come_in(sign_on):
    async def go():
        begun = await sign_on.begin(BACK)
        state, code = await browse(begun.address)
        return await sign_on.finish(state, code, begun.cookie)

    return asyncio.run(go())


def test_the_first_login_makes_the_account(gate, sign_on):
    user = come_in(sign_on)

    assert (user.name, user.rights, user.has_password) == ("anna", Rights(Role.VIEWER), False)
    assert come_in(sign_on).name == "anna"
    assert len(gate.users.all()) == 1


def test_nothing_secret_is_in_the_address_or_a_repr(sign_on, provider):
    begun = asyncio.run(sign_on.begin(BACK))
    query = parse_qs(urlsplit(begun.address).query)

    assert provider.secret not in begun.address
    assert begun.cookie not in begun.address
    assert query["code_challenge_method"] == ["S256"]
    assert "code_verifier" not in query


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        pytest.param({"roles": ["staff", "it"]}, Rights(Role.ADMIN), id="the highest role counts"),
        pytest.param({"roles": "lead"}, Rights(Role.OPERATOR), id="one role as plain text"),
        pytest.param({"roles": []}, None, id="no role"),
        pytest.param({"roles": ["guests", 7, None]}, None, id="roles that mean nothing here"),
        pytest.param({"roles": None}, None, id="no claim about roles"),
    ],
)
def test_roles(sign_on, provider, person, expected):
    provider.person.update(person)
    if expected is None:
        with pytest.raises(WrongLogin, match="no role"):
            come_in(sign_on)
    else:
        assert come_in(sign_on).rights == expected


@pytest.mark.parametrize(
    ("cameras", "expected"),
    [
        pytest.param(["front", "back"], frozenset({"front", "back"}), id="some cameras"),
        pytest.param("front", frozenset({"front"}), id="one camera"),
        pytest.param(["*"], None, id="all cameras"),
        pytest.param(None, frozenset(), id="none"),
    ],
)
def test_cameras(gate, provider, clock, cameras, expected):
    provider.person = {"sub": "1", "preferred_username": "anna", "access": {"roles": "staff", "cameras": cameras}}
    sign_on = sign_on_for(gate, provider, clock, role_claim="access.roles", camera_claim="access.cameras")

    assert come_in(sign_on).rights == Rights(Role.VIEWER, expected)


def test_rights_follow_the_provider_but_real_pictures_are_given_here(gate, sign_on, provider):
    come_in(sign_on)
    gate.users.change("anna", Rights(Role.VIEWER, None, True), SERVICE)
    provider.person["roles"] = ["lead"]

    assert come_in(sign_on).rights == Rights(Role.OPERATOR, None, True)


def test_a_namesake_gets_no_account_of_others(gate, sign_on, provider):
    gate.users.add("Anna", "correct horse battery", Rights(Role.ADMIN), SERVICE)

    assert come_in(sign_on).name == "anna 2"
    assert gate.users.get("anna").rights == Rights(Role.ADMIN)
    provider.person["sub"] = "2"
    assert come_in(sign_on).name == "anna 3"


@pytest.mark.parametrize(
    "cheat",
    [
        pytest.param(Cheat({"nonce": "another"}), id="wrong nonce"),
        pytest.param(Cheat({"nonce": None}), id="no nonce"),
        pytest.param(Cheat({"aud": "somebody else"}), id="wrong audience"),
        pytest.param(Cheat({"aud": ["footfall", "somebody else"]}), id="for others, too"),
        pytest.param(Cheat({"aud": ["footfall", "x"], "azp": "x"}), id="given to somebody else"),
        pytest.param(Cheat({"aud": None}), id="no audience"),
        pytest.param(Cheat({"iss": "https://evil.example"}), id="wrong issuer"),
        pytest.param(Cheat({"exp": 1767225600 - 61}), id="expired"),
        pytest.param(Cheat({"exp": None}), id="without an end"),
        pytest.param(Cheat({"iat": 1767225600 + 600}), id="of the future"),
        pytest.param(Cheat({"nbf": 1767225600 + 600}), id="not valid yet"),
        pytest.param(Cheat({"sub": ""}), id="nobody"),
        pytest.param(Cheat({"sub": None}), id="no subject"),
        pytest.param(Cheat({"sub": 7}), id="a subject that is no text"),
        pytest.param(Cheat(algorithm="none"), id="alg none"),
        pytest.param(Cheat(algorithm="HS256"), id="signed with the public key as a shared one"),
        pytest.param(Cheat(key=OTHER_KEY), id="signed with another key of the same name"),
        pytest.param(Cheat(key=ECKey.generate_key("P-256", {"kid": "9"})), id="signed with a key nobody published"),
        pytest.param(Cheat(raw_token=""), id="an empty token"),
        pytest.param(Cheat(raw_token="a.b.c"), id="no token"),
        pytest.param(Cheat(raw_token="eyJhbGciOiJSUzI1NiJ9..x"), id="a token without a body"),
    ],
)
def test_words_that_do_not_hold(gate, sign_on, provider, cheat):
    provider.cheat = cheat
    with pytest.raises(WrongLogin):
        come_in(sign_on)

    assert gate.users.is_empty()


@pytest.mark.parametrize(
    "cheat",
    [
        pytest.param(Cheat(broken="discovery"), id="discovery is no JSON"),
        pytest.param(Cheat(broken="keys"), id="keys are none"),
        pytest.param(Cheat(broken="large"), id="answers without end"),
        pytest.param(Cheat(broken="token"), id="the token's answer is no object"),
        pytest.param(Cheat(discovery={"issuer": "http://127.0.0.1:1"}), id="discovery of another issuer"),
        pytest.param(Cheat(discovery={"token_endpoint": None}), id="discovery lacks an address"),
        pytest.param(Cheat(discovery={"jwks_uri": "http://169.254.169.254/"}), id="keys from where secrets are"),
        pytest.param(Cheat(discovery={"token_endpoint": "http://127.0.0.1:1/"}), id="nobody listens"),
        pytest.param(Cheat(discovery={"jwks_uri": "file:///etc/passwd"}), id="keys from a file"),
    ],
)
def test_providers_that_are_none(sign_on, provider, cheat):
    provider.cheat = cheat
    with pytest.raises(ProviderAway):
        come_in(sign_on)


def test_a_provider_out_of_reach_is_not_asked(gate, provider, clock):
    with pytest.raises(ProviderAway, match="loopback"):
        come_in(sign_on_for(gate, provider, clock, RECEIVERS))
    assert provider.asked == []


@pytest.mark.parametrize("secret", ["wrong", "", "${NOBODY_KEPT_IT}", "${DEVICES"])
def test_the_wrong_client_secret(gate, provider, clock, secret):
    with pytest.raises(WrongLogin):
        come_in(sign_on_for(gate, provider, clock, client_secret=secret))


def test_a_client_secret_as_plain_text(gate, provider, clock):
    sign_on = sign_on_for(gate, provider, clock, client_secret=provider.secret)

    assert come_in(sign_on).name == "anna"
    assert provider.secret not in repr(sign_on._spec)


def test_only_the_browser_that_began_may_end_and_only_once(sign_on):
    async def go():
        begun, other = await sign_on.begin(BACK), await sign_on.begin(BACK)
        state, code = await browse(begun.address)
        with pytest.raises(WrongLogin):
            await sign_on.finish(state, code, other.cookie)
        with pytest.raises(WrongLogin):
            await sign_on.finish(state, code, begun.cookie)
        with pytest.raises(WrongLogin):
            await sign_on.finish("made up", code, begun.cookie)

    asyncio.run(go())


def test_a_code_of_one_login_is_no_use_in_another(sign_on):
    async def go():
        begun, other = await sign_on.begin(BACK), await sign_on.begin(BACK)
        _, code = await browse(begun.address)
        state, _ = await browse(other.address)
        with pytest.raises(WrongLogin):
            await sign_on.finish(state, code, other.cookie)

    asyncio.run(go())


def test_nobody_takes_longer_than_ten_minutes(sign_on, clock):
    async def go():
        begun = await sign_on.begin(BACK)
        state, code = await browse(begun.address)
        clock.t_s = 600
        with pytest.raises(WrongLogin, match="too long"):
            await sign_on.finish(state, code, begun.cookie)

    asyncio.run(go())


def test_what_the_provider_says_about_itself_is_kept_for_an_hour(sign_on, provider, clock):
    come_in(sign_on)
    come_in(sign_on)
    assert provider.asked == ["discovery", "keys"]

    clock.t_s = 3600
    provider.now_s = clock.now().timestamp()
    come_in(sign_on)
    assert provider.asked == ["discovery", "keys"] * 2


def test_new_keys_are_asked_for_when_they_come_up(sign_on, provider, clock):
    come_in(sign_on)
    before = provider.keys
    provider.rotate()
    with pytest.raises(WrongLogin):
        come_in(sign_on)
    clock.t_s = 61

    assert come_in(sign_on).name == "anna"
    provider.keys = before


def test_half_logins_do_not_pile_up(sign_on, monkeypatch):
    monkeypatch.setattr("footfall.access.sign_on.MOST", 2)

    async def go():
        first, *_ = [await sign_on.begin(BACK) for _ in range(3)]
        state, code = await browse(first.address)
        with pytest.raises(WrongLogin):
            await sign_on.finish(state, code, first.cookie)

    asyncio.run(go())


GOOD = {"issuer": "https://login.example", "client_id": "footfall", "roles": ROLES}


def test_a_configuration():
    spec = spec_of({**GOOD, "camera_claim": "cameras", "local_network": True}, "sign-on.yaml")

    assert spec == SignOnSpec(
        "https://login.example",
        "footfall",
        {"staff": Role.VIEWER, "lead": Role.OPERATOR, "it": Role.ADMIN},
        camera_claim="cameras",
        local_network=True,
    )
    assert spec.name({"sub": "1"}) == "1"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"issuer": ""}, "$.issuer"),
        ({"issuer": None}, "$.issuer"),
        ({"issuer": "http://login.example"}, "$.issuer"),
        ({"client_id": 7}, "$.client_id"),
        ({"roles": {}}, "$.roles"),
        ({"roles": ["admin"]}, "$.roles"),
        ({"roles": {"it": "root"}}, "$.roles.it"),
        ({"roles": {"it": ["admin"]}}, "$.roles.it"),
        ({"role_claim": 1}, "$.role_claim"),
        ({"local_network": "yes"}, "$.local_network"),
        ({"client_secret": ["canary"]}, "$.client_secret"),
        ({"clientsecret": "canary"}, "$.clientsecret"),
    ],
)
def test_configurations_that_are_none(change, path):
    with pytest.raises(ConfigError) as caught:
        spec_of({**GOOD, **change}, "sign-on.yaml")

    assert path in [problem.path for problem in caught.value.problems]
    assert "canary" not in str(caught.value)


def test_unknown_keys_are_told_in_the_order_of_the_file():
    unknown = [f"key{number}" for number in range(20)]
    with pytest.raises(ConfigError) as caught:
        spec_of({**GOOD, **dict.fromkeys(unknown, "")}, "sign-on.yaml")

    assert [problem.path for problem in caught.value.problems] == [f"$.{key}" for key in unknown]
