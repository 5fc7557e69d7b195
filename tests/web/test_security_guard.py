from __future__ import annotations

import asyncio
import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorway import Visitor, add_user, make_database, open_gate, open_socket, small_app
from footfall.access.roles import Rights, Role
from footfall.web.security import Door
from servers.clock import SetClock


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    return make_database(tmp_path_factory.mktemp("empty"))


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def gate(tmp_path, clock, empty_database):
    gate = open_gate(empty_database, tmp_path, clock)
    add_user(gate, "anna", real_pixels=True)
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
def token(gate):
    anna = gate.sessions.caller(gate.sessions.open("anna", "").secret)
    return gate.tokens.make("till", Rights(Role.ADMIN, None, True), anna).secret


class TestCookies:
    """What browsers send along by themselves."""

    @pytest.mark.parametrize(
        ("method", "headers", "status"),
        [
            pytest.param("DELETE", {}, 404, id="our own page"),
            pytest.param("DELETE", {"Origin": "https://localhost"}, 404, id="our own page, by its origin"),
            pytest.param("DELETE", {"Origin": "https://LOCALHOST"}, 404, id="in capitals"),
            pytest.param("DELETE", {"X-Footfall-CSRF": ""}, 403, id="without the sign of our page"),
            pytest.param("DELETE", {"X-Footfall-CSRF": "0" * 64}, 403, id="with a made-up sign"),
            pytest.param("DELETE", {"X-Footfall-CSRF": "ü"}, 403, id="with nonsense"),
            pytest.param("DELETE", {"Origin": "https://evil.example"}, 403, id="another page that knows the sign"),
            pytest.param("DELETE", {"Origin": "null"}, 403, id="a page without an origin"),
            pytest.param("DELETE", {"Origin": "https://["}, 403, id="an origin that is none"),
            pytest.param("DELETE", {"Origin": "https://localhost:1"}, 403, id="another port is another page"),
            pytest.param("GET", {"X-Footfall-CSRF": ""}, 200, id="reading needs no sign"),
        ],
    )
    def test_requests(self, visitor, method, headers, status):
        assert visitor.log_in("anna").status_code == 200
        path = "/api/v1/tokens" + ("/none" if method == "DELETE" else "")

        assert visitor.ask(method, path, headers={k: v.encode() for k, v in headers.items()}).status_code == status

    def test_a_page_of_somebody_else_cannot_log_its_visitor_in(self, visitor):
        body = {"name": "anna", "password": "correct horse battery"}
        answer = visitor.ask("POST", "/api/v1/session", body, headers={"Origin": "https://evil.example"})

        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "wrong-origin")

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            pytest.param({"origin": "https://localhost"}, 101, id="our own page"),
            pytest.param({"origin": "https://evil.example"}, 403, id="a page of somebody else"),
            pytest.param({"origin": "https://localhost.evil.example"}, 403, id="a name that begins like ours"),
            pytest.param({"origin": "null"}, 403, id="a page without an origin"),
            pytest.param({}, 403, id="no origin: no browser, so no cookie"),
        ],
    )
    def test_sockets(self, app, gate, headers, status):
        cookie = {"cookie": f"footfall_session={gate.sessions.open('anna', '').secret}"}

        assert open_socket(app, "/api/v1/events/live", {**cookie, **headers}) == status

    def test_sockets_with_a_token_have_no_origin(self, app, token):
        login = {"authorization": f"Bearer {token}"}

        assert open_socket(app, "/api/v1/events/live", login) == 101
        assert open_socket(app, "/api/v1/events/live", {}) == 401


class TestTokens:
    @pytest.mark.parametrize(
        ("make", "status"),
        [
            pytest.param(lambda t: [("Authorization", f"Bearer {t}")], 200, id="as it should be"),
            pytest.param(lambda t: [("Authorization", f"bearer  {t} ")], 200, id="in small letters, with spaces"),
            pytest.param(lambda t: [("Authorization", t)], 401, id="without Bearer"),
            pytest.param(lambda t: [("Authorization", f"Basic {t}")], 401, id="another scheme"),
            pytest.param(lambda t: [("Authorization", "Bearer")], 401, id="Bearer of nothing"),
            pytest.param(lambda t: [("Authorization", f"Bearer {t[:-1]}")], 401, id="cut off"),
            pytest.param(lambda t: [("Authorization", f"Bearer {t.upper()}")], 401, id="in capitals"),
            pytest.param(lambda t: [("Authorization", f"Bearer {t}")] * 2, 401, id="twice"),
            pytest.param(lambda t: [("Cookie", f"footfall_session={t}")], 401, id="as a cookie"),
        ],
    )
    def test_forms(self, app, token, make, status):
        named = [(name.lower().encode(), value.encode()) for name, value in make(token)]

        assert asyncio.run(_status(app, "GET", "/api/v1/session", [(b"host", b"localhost"), *named])) == status

    def test_never_in_an_address(self, visitor, token):
        for query in (f"?token={token}", f"?access_token={token}", f"?authorization=Bearer%20{token}"):
            assert visitor.ask("GET", f"/api/v1/session{query}").status_code == 401

    def test_a_wrong_one_is_not_made_up_for_by_a_cookie(self, visitor):
        visitor.log_in("anna")
        answer = visitor.ask("GET", "/api/v1/session", headers={"Authorization": "Bearer ffp_wrong"})

        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"

    def test_wrong_ones_are_stopped(self, visitor, clock, token):
        told = []
        for clock.t_s in range(0, 14, 2):
            answer = visitor.ask("GET", "/api/v1/session", headers={"Authorization": "Bearer ffp_wrong"})
            told.append(answer.status_code)

        assert told == [401] * 5 + [429] * 2
        assert answer.headers["retry-after"] == "48"
        right = visitor.ask("GET", "/api/v1/session", headers={"Authorization": f"Bearer {token}"})
        assert right.status_code == 200


class TestRate:
    def test_every_caller_has_their_own(self, gate, clock, token):
        app = small_app(gate, Door(rate="3/minute"))
        program, stranger, other = Visitor(app), Visitor(app), Visitor(app, address="192.0.2.99")
        login = {"Authorization": f"Bearer {token}"}

        assert [program.ask("GET", "/api/v1/session", headers=login).status_code for _ in range(4)] == [200] * 3 + [429]
        assert [stranger.ask("GET", "/health/live").status_code for _ in range(4)] == [200] * 3 + [429]
        assert other.ask("GET", "/health/live").status_code == 200
        clock.t_s = 60
        answer = program.ask("GET", "/api/v1/session", headers=login)
        assert answer.status_code == 200
        for visitor in (program, stranger, other):
            visitor.close()

    def test_the_files_of_the_page_do_not_count(self, gate, clock):
        visitor = Visitor(small_app(gate, Door(rate="1/hour")))

        assert [visitor.ask("GET", "/").status_code for _ in range(5)] == [200] * 5
        visitor.close()


class TestRealPictures:
    @pytest.mark.parametrize(
        ("query", "is_told"),
        [
            ("", False),
            ("?view=privacy", False),
            ("?view=real", True),
            ("?view=privacy&view=real", True),
            ("?view=real&view=privacy", True),
        ],
    )
    def test_every_opening_is_in_the_log(self, app, gate, visitor, token, query, is_told):
        login = {"Authorization": f"Bearer {token}"}
        visitor.ask("GET", f"/api/v1/cameras/front/still{query}", headers=login)
        open_socket(app, f"/api/v1/cameras/front/live{query}", {"authorization": login["Authorization"]})

        told = [entry for entry in gate.audit.entries() if entry.event == "real-pixels-opened"]
        assert len(told) == 2 * is_told
        for entry in told:
            assert (entry.author, entry.what["camera"]) == ("anna (token till)", "front")

    def test_what_is_refused_is_not_opened(self, gate, visitor):
        add_user(gate, "bob", Role.OPERATOR)
        visitor.log_in("bob")

        assert visitor.ask("GET", "/api/v1/cameras/front/still?view=real").status_code == 403
        assert all(entry.event != "real-pixels-opened" for entry in gate.audit.entries())


class TestStreams:
    """What goes on for long ends with the rights to it."""

    def stream(self, app, clock, kind, token, spoil):
        """What is sent: before rights end, a little later, and after the next look."""
        told = []

        async def router(scope, receive, send):
            start = {"websocket": {"type": "websocket.accept"}}.get(
                kind, {"type": "http.response.start", "status": 200, "headers": []}
            )
            await send(start)
            part = {"websocket": {"type": "websocket.send", "text": "x"}}.get(
                kind, {"type": "http.response.body", "body": b"x", "more_body": True}
            )
            await send(part)
            await asyncio.to_thread(spoil)
            for clock.t_s in (4, 6, 12):
                await send(part)

        async def receive():
            return {"type": f"{kind}.connect"}

        async def send(message):
            told.append(message["type"].split(".")[-1])

        app.router = router
        scope = {
            "type": kind, "method": "GET", "path": "/api/v1/events/stream", "query_string": b"", "state": {},
            "headers": [(b"host", b"localhost"), (b"authorization", f"Bearer {token}".encode())],
            "client": ("192.0.2.1", 1), "server": ("localhost", 443), "scheme": "https", "extensions": {},
        }  # fmt: skip
        if kind == "websocket":
            scope["path"] = "/api/v1/events/live"
        try:
            asyncio.run(app(scope, receive, send))
        except OSError:
            told.append("gone")
        return told

    @pytest.fixture
    def app(self, gate):
        return small_app(gate)

    @pytest.mark.parametrize(("kind", "part", "last"), [("http", "body", "body"), ("websocket", "send", "close")])
    def test_until_the_token_ends(self, app, gate, clock, token, kind, part, last):
        def end():
            gate.tokens.remove(gate.tokens.all()[0].id, "anna")

        told = self.stream(app, clock, kind, token, end)

        assert told[1:] == [part, part, last, "gone"]

    @pytest.mark.parametrize(("kind", "part"), [("http", "body"), ("websocket", "send")])
    def test_for_ever_otherwise(self, app, clock, token, kind, part):
        assert self.stream(app, clock, kind, token, lambda: None)[1:] == [part] * 4


class TestFuzz:
    """Whatever is in the headers: a refusal, never a failure, and nobody is let in."""

    text = st.text(st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\r\n"), max_size=80)

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(text, st.sampled_from(["", "Bearer ", "bearer ffp_", "Basic ", "Bearer\t"]))
    def test_authorization(self, visitor, clock, text, prefix):
        clock.t_s += 4000
        answer = visitor.ask("GET", "/api/v1/users", headers={"Authorization": (prefix + text).encode("latin-1")})

        assert answer.status_code == 401

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(text, st.sampled_from(["", "footfall_session=", "footfall_session=x; footfall_session="]))
    def test_cookies(self, visitor, text, prefix):
        answer = visitor.ask("GET", "/api/v1/users", headers={"Cookie": (prefix + text).encode("latin-1")})

        assert answer.status_code == 401

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(text, text, text)
    def test_host_origin_and_csrf(self, gate, app, text, origin, csrf):
        headers = [
            (b"host", text.encode("latin-1")),
            (b"origin", origin.encode("latin-1")),
            (b"x-footfall-csrf", csrf.encode("latin-1")),
            (b"cookie", f"footfall_session={_secret(gate)}".encode()),
        ]
        assert asyncio.run(_status(app, "DELETE", "/api/v1/tokens/1", headers)) in (403, 421)


def _secret(gate):
    if not hasattr(gate, "fuzzed"):
        gate.fuzzed = gate.sessions.open("anna", "").secret
    return gate.fuzzed


async def _status(app, method, path, headers):
    told = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        told.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": headers, "client": ("192.0.2.1", 1), "server": ("localhost", 443), "scheme": "https",
        "http_version": "1.1", "root_path": "", "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
    return told[0]["status"]


def test_accounts_that_cannot_be_read_are_told_so(app, gate, visitor, token, tmp_path, caplog):
    gate._engine.dispose()
    (tmp_path / "own.sqlite").rename(tmp_path / "away.sqlite")
    with caplog.at_level(logging.WARNING):
        answer = visitor.ask("GET", "/api/v1/session", headers={"Authorization": f"Bearer {token}"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "accounts-away")
    assert visitor.ask("GET", "/health/live").status_code == 200
    assert token not in caplog.text
