from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from doorway import WORD, Visitor, add_user, make_database, open_gate, small_app
from footfall.access.outbound import WEB, Reach
from footfall.access.outbound_http import Outbound
from footfall.access.provider import Provider
from footfall.access.roles import Rights, Role
from footfall.access.sign_on import SignOn
from footfall.access.sign_on_spec import SignOnSpec
from footfall.store.faults import StoreUnavailable
from footfall.web.security import Door
from servers.clock import SetClock
from servers.oidc_provider import Cheat, OidcProvider


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    return make_database(tmp_path_factory.mktemp("empty"))


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def gate(tmp_path, clock, empty_database):
    gate = open_gate(empty_database, tmp_path, clock)
    yield gate
    gate._engine.dispose()


@pytest.fixture(scope="module")
def shared_app(empty_database, tmp_path_factory):
    """Making an app takes longer than most tests: the gate behind it is exchanged."""
    gate = open_gate(empty_database, tmp_path_factory.mktemp("nobody"), SetClock())
    yield small_app(gate)
    gate._engine.dispose()


@pytest.fixture
def app(shared_app, gate):
    shared_app.state.gate = gate
    return shared_app


@pytest.fixture
def visitor(app):
    visitor = Visitor(app)
    yield visitor
    visitor.close()


@pytest.fixture
def anna(gate, visitor):
    add_user(gate, "anna")
    assert visitor.log_in("anna").status_code == 200
    return visitor


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


def flags(answer):
    """Cookie -> its flags, without its value."""
    told = [line.split("; ") for line in answer.headers.get_list("set-cookie")]
    return {first.partition("=")[0]: {flag for flag in rest if "expires" not in flag} for first, *rest in told}


@pytest.mark.parametrize(("has_vision", "days"), [(True, 7), (True, 0), (False, 30)])
def test_a_session_says_whether_there_is_custom_vision_and_how_long_it_keeps(gate, has_vision, days):
    add_user(gate, "anna")
    visitor = Visitor(small_app(gate, Door(rate="1000000/second", has_vision=has_vision, prediction_days=days)))
    for told in (visitor.log_in("anna").json(), visitor.ask("GET", "/api/v1/session").json()):
        assert (told["custom_vision"], told["prediction_days"]) == (has_vision, days)
    visitor.close()


class TestSetUp:
    def test_the_first_start_of_all(self, gate, visitor):
        assert visitor.ask("GET", "/api/v1/setup").json() == {"is_needed": True, "has_sign_on": False}
        wanted = {"token": gate.new_setup_link(), "name": "anna", "password": WORD}
        answer = visitor.ask("POST", "/api/v1/setup", wanted)
        assert (answer.status_code, answer.json()["role"], answer.json()["cameras"]) == (200, "admin", "*")
        assert not answer.json()["real_pixels"]

        assert visitor.ask("GET", "/api/v1/session").json() == answer.json()
        assert not visitor.ask("GET", "/api/v1/setup").json()["is_needed"]
        assert code(visitor.ask("POST", "/api/v1/setup", wanted)) == (409, "taken")

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            pytest.param({"token": "wrong"}, (401, "wrong-login"), id="another link"),
            pytest.param({"password": "short"}, (400, "bad-input"), id="a short password"),
            pytest.param({"password": 7}, (400, "bad-input"), id="no password"),
            pytest.param({"name": "\u200b"}, (400, "bad-input"), id="a name that nobody sees"),
            pytest.param({"role": "admin"}, (400, "bad-input"), id="a key too many"),
        ],
    )
    def test_what_does_not_do(self, gate, visitor, change, expected):
        wanted = {"token": gate.new_setup_link(), "name": "anna", "password": WORD}
        answer = visitor.ask("POST", "/api/v1/setup", wanted | change)

        assert code(answer) == expected
        assert "short" not in answer.text
        assert visitor.ask("GET", "/api/v1/setup").json()["is_needed"]


class TestIn:
    def test_the_cookies(self, gate, visitor):
        add_user(gate, "anna")
        answer = visitor.log_in("anna")

        common = {"HttpOnly", "SameSite=strict", "Secure"}
        assert flags(answer) == {
            "footfall_session": {*common, "Path=/", "Max-Age=86400"},
            "footfall_device": {*common, "Path=/api/v1/session", "Max-Age=15552000"},
        }
        assert visitor.cookies["footfall_session"] not in answer.text

    def test_without_tls_cookies_go_without_it(self, gate):
        add_user(gate, "anna")
        visitor = Visitor(small_app(gate, Door(secure=False)), "http://localhost")
        answer = visitor.log_in("anna")
        visitor.close()

        assert all("Secure" not in found for found in flags(answer).values())

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            pytest.param({"name": "anna", "password": "wrong"}, (401, "wrong-login"), id="another password"),
            pytest.param({"name": "nobody", "password": WORD}, (401, "wrong-login"), id="nobody"),
            pytest.param({"name": "anna", "password": "\ud800"}, (400, "bad-input"), id="half a character"),
            pytest.param({"name": "anna", "password": "x" * 5000}, (400, "bad-input"), id="a very long password"),
            pytest.param({"name": "anna"}, (400, "bad-input"), id="no password"),
            pytest.param({"name": ["anna"], "password": WORD}, (400, "bad-input"), id="many names"),
            pytest.param([], (400, "bad-input"), id="no object"),
        ],
    )
    def test_who_does_not_come_in(self, gate, visitor, body, expected):
        add_user(gate, "anna")
        answer = visitor.ask("POST", "/api/v1/session", body)

        assert code(answer) == expected
        assert not flags(answer)

    def test_a_form_of_another_page_is_not_read(self, gate, visitor):
        add_user(gate, "anna")
        headers = {"Content-Type": "text/plain"}
        body = b'{"name": "anna", "password": "correct horse battery"}'

        assert visitor.ask("POST", "/api/v1/session", content=body, headers=headers).status_code == 400

    def test_too_many_attempts(self, gate, visitor, clock):
        add_user(gate, "anna")
        told = []
        for clock.t_s in range(0, 14, 2):
            answer = visitor.log_in("anna", "wrong")
            told.append(answer.status_code)
        assert told == [401] * 5 + [429] * 2
        assert (code(answer), answer.headers["retry-after"]) == ((429, "too-many-requests"), "48")

        clock.t_s = 60
        assert visitor.log_in("anna").status_code == 200

    def test_nobody_is_locked_out_of_a_browser_that_they_have_used(self, gate, app, anna, clock):
        strangers = [Visitor(app, address=f"198.51.100.{i}") for i in range(7)]
        for clock.t_s, stranger in enumerate(strangers):
            status = stranger.log_in("anna", "wrong").status_code
        assert status == 429
        fresh = Visitor(app, address="203.0.113.1")

        assert fresh.log_in("anna").status_code == 429
        assert anna.log_in("anna").status_code == 200
        for visitor in (*strangers, fresh):
            visitor.close()


class TestWithin:
    def test_out(self, anna):
        old = anna.cookies["footfall_session"]
        answer = anna.ask("DELETE", "/api/v1/session")

        assert answer.status_code == 204
        assert 'footfall_session=""' in answer.headers["set-cookie"]
        anna.cookies.set("footfall_session", old)
        assert code(anna.ask("GET", "/api/v1/session")) == (401, "unauthorized")

    def test_after_a_day_or_two_idle_hours_it_is_over(self, anna, clock):
        clock.t_s = 7199
        assert anna.ask("GET", "/api/v1/session").json()["expires_at"] == "2026-01-02T00:00:00.000Z"
        clock.t_s += 7201

        assert anna.ask("GET", "/api/v1/session").status_code == 401

    def test_another_password(self, app, anna):
        other = Visitor(app, address="203.0.113.1")
        other.log_in("anna")
        wanted = {"old": WORD, "new": "another horse battery"}

        assert anna.ask("PUT", "/api/v1/session/password", wanted).status_code == 204
        assert anna.ask("GET", "/api/v1/session").status_code == 200
        assert other.ask("GET", "/api/v1/session").status_code == 401
        assert other.log_in("anna", "another horse battery").status_code == 200
        other.close()

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            pytest.param({"old": "wrong", "new": "another horse battery"}, (401, "wrong-login"), id="not the old one"),
            pytest.param({"old": WORD, "new": "short"}, (400, "bad-input"), id="too short"),
            pytest.param({"old": WORD}, (400, "bad-input"), id="no new one"),
        ],
    )
    def test_passwords_that_do_not_do(self, anna, wanted, expected):
        assert code(anna.ask("PUT", "/api/v1/session/password", wanted)) == expected
        assert anna.ask("GET", "/api/v1/session").status_code == 200

    def test_tokens_neither_log_out_nor_change_passwords(self, gate, app, anna):
        caller = gate.by_session(anna.cookies["footfall_session"])
        made = gate.tokens.make("till", Rights(Role.ADMIN), caller)
        program = Visitor(app)
        login = {"Authorization": f"Bearer {made.secret}"}

        told = program.ask("GET", "/api/v1/session", headers=login).json()
        assert (told["kind"], told["name"], told["csrf"], told["has_password"]) == ("token", "anna", "", True)
        wanted = {"old": WORD, "new": "another horse battery"}
        for method, path, body in (("DELETE", "session", None), ("PUT", "session/password", wanted)):
            assert code(program.ask(method, f"/api/v1/{path}", body, headers=login)) == (403, "forbidden")
        program.close()


@pytest.fixture(scope="module")
def shared_provider():
    provider = OidcProvider()
    yield provider
    provider.close()


class TestSignOn:
    @pytest.fixture
    def provider(self, shared_provider, gate, clock):
        shared_provider.cheat, shared_provider.now_s = Cheat(), clock.now().timestamp()
        spec = SignOnSpec(
            shared_provider.issuer, "footfall", {"staff": Role.OPERATOR}, client_secret=shared_provider.secret
        )
        asked = Provider(spec, Outbound(Reach(WEB, loopback=True)), clock)
        gate.sign_on = SignOn(spec, asked, gate.users, gate.secrets, clock)
        return shared_provider

    def come_back(self, visitor):
        away = visitor.ask("GET", "/api/v1/session/oidc/start")
        assert away.status_code == 303
        back = httpx.get(away.headers["location"], timeout=60).headers["location"]
        return away, visitor.ask("GET", back.removeprefix("https://localhost"))

    def test_there_and_back(self, provider, visitor, gate):
        assert visitor.ask("GET", "/api/v1/setup").json()["has_sign_on"]
        away, back = self.come_back(visitor)

        path = "Path=/api/v1/session/oidc"
        assert flags(away) == {"footfall_sign_on": {"HttpOnly", "SameSite=lax", "Secure", path, "Max-Age=600"}}
        asked = parse_qs(urlsplit(away.headers["location"]).query)
        assert asked["redirect_uri"] == ["https://localhost/api/v1/session/oidc/callback"]
        assert (back.status_code, back.headers["location"]) == (303, "/")
        told = visitor.ask("GET", "/api/v1/session").json()
        assert (told["name"], told["role"], told["has_password"]) == ("anna", "operator", False)
        assert gate.audit.entries(limit=1)[0].what["by"] == "single sign-on"

    def test_a_cheating_provider_lets_nobody_in(self, provider, visitor, gate):
        provider.cheat = Cheat({"nonce": "another"})
        _, back = self.come_back(visitor)

        assert (back.status_code, back.headers["location"]) == (303, "/#/login?error=sign-on")
        assert "footfall_session" not in flags(back)
        assert gate.audit.entries(limit=1)[0].event == "login-failed"

    def test_nobody_is_made_to_log_in_as_somebody_else(self, provider, visitor, app):
        away = visitor.ask("GET", "/api/v1/session/oidc/start")
        back = httpx.get(away.headers["location"], timeout=60).headers["location"].removeprefix("https://localhost")
        victim = Visitor(app)
        answer = victim.ask("GET", back)
        victim.close()

        assert answer.headers["location"] == "/#/login?error=sign-on"

    def test_callbacks_that_nobody_began_are_stopped(self, provider, visitor, clock):
        path, told = "/api/v1/session/oidc/callback?state=x&code=y", []
        for clock.t_s in range(0, 14, 2):
            told.append(visitor.ask("GET", path).status_code)

        assert told == [303] * 5 + [429] * 2

    def test_a_provider_that_is_away(self, provider, visitor):
        provider.cheat = Cheat(broken="discovery")

        assert code(visitor.ask("GET", "/api/v1/session/oidc/start")) == (503, "sign-on-away")

    @pytest.mark.parametrize("path", ["start", "callback?state=x&code=y"])
    def test_where_it_is_not_configured(self, visitor, path):
        assert code(visitor.ask("GET", f"/api/v1/session/oidc/{path}")) == (404, "no-sign-on")


def test_a_full_disk_is_told_to_whoever_logs_in(gate, visitor, monkeypatch):
    def full(*_args):
        raise StoreUnavailable("storage", "database or disk is full")

    monkeypatch.setattr(type(gate), "log_in", full)
    assert code(visitor.log_in("anna")) == (503, "accounts-away")
