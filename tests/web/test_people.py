from __future__ import annotations

import logging

import pytest

from doorway import WORD, Visitor, add_user, make_database, open_gate, small_app
from footfall.access.roles import Role
from servers.clock import SetClock

USERS, TOKENS = "/api/v1/users", "/api/v1/tokens"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    return make_database(tmp_path_factory.mktemp("empty"))


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def gate(tmp_path, clock, empty_database):
    gate = open_gate(empty_database, tmp_path, clock)
    add_user(gate, "anna")
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
def anna(app):
    visitor = Visitor(app)
    assert visitor.log_in("anna").status_code == 200
    yield visitor
    visitor.close()


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


class TestUsers:
    def test_a_colleague_comes_and_goes(self, anna, clock):
        bob = {"name": "bob", "password": WORD, "role": "operator", "cameras": ["front", "Tür 1/2 ☂"]}
        made = anna.ask("POST", USERS, bob)
        assert made.status_code == 201
        assert made.json() == {
            "name": "bob",
            "role": "operator",
            "cameras": ["Tür 1/2 ☂", "front"],
            "real_pixels": False,
            "created_at": "2026-01-01T00:00:00.000Z",
            "last_seen_at": None,
            "has_password": True,
        }
        assert [user["name"] for user in anna.ask("GET", USERS).json()["users"]] == ["anna", "bob"]

        changed = anna.ask("PUT", f"{USERS}/bob", {"cameras": "*", "real_pixels": True})
        assert changed.json() == made.json() | {"cameras": "*", "real_pixels": True}
        assert anna.ask("GET", f"{USERS}/BOB").json() == changed.json()
        assert anna.ask("DELETE", f"{USERS}/bob").status_code == 204
        assert code(anna.ask("GET", f"{USERS}/bob")) == (404, "not-found")

    def test_rights_hold_from_the_next_request_on(self, app, anna):
        anna.ask("POST", USERS, {"name": "bob", "password": WORD, "role": "admin"})
        bob = Visitor(app)
        bob.log_in("bob")
        assert bob.ask("GET", USERS).status_code == 200

        anna.ask("PUT", f"{USERS}/bob", {"role": "viewer"})

        assert bob.ask("GET", USERS).status_code == 403
        anna.ask("PUT", f"{USERS}/bob", {"password": "another horse battery"})
        assert bob.ask("GET", "/api/v1/session").status_code == 401
        bob.close()

    @pytest.mark.parametrize(
        ("method", "path", "body", "expected"),
        [
            pytest.param("POST", "", {"name": "Anna", "password": WORD}, (409, "taken"), id="a name that is taken"),
            pytest.param("POST", "", {"name": "bob", "password": "short"}, (400, "bad-input"), id="a short password"),
            pytest.param(
                "POST", "", {"name": "bob", "password": WORD, "role": "root"}, (400, "bad-input"), id="no role"
            ),
            pytest.param(
                "POST", "", {"name": "bob", "password": WORD, "cameras": "front"}, (400, "bad-input"), id="no list"
            ),
            pytest.param("PUT", "/anna", {"role": "viewer"}, (409, "taken"), id="the last admin steps down"),
            pytest.param("PUT", "/anna", {"cameras": ["front"]}, (409, "taken"), id="the last admin looks away"),
            pytest.param("DELETE", "/anna", None, (409, "taken"), id="the last admin leaves"),
            pytest.param("PUT", "/bob", {"role": "viewer"}, (404, "not-found"), id="nobody changes"),
            pytest.param("DELETE", "/bob", None, (404, "not-found"), id="nobody leaves"),
            pytest.param("PUT", "/anna", {"name": "eve"}, (400, "bad-input"), id="names do not change"),
        ],
    )
    def test_what_is_not_done(self, anna, method, path, body, expected):
        answer = anna.ask(method, USERS + path, body)

        assert code(answer) == expected
        assert [user["role"] for user in anna.ask("GET", USERS).json()["users"]] == ["admin"]

    def test_an_admin_of_some_cameras_stays_within_them(self, gate, app):
        add_user(gate, "lee", Role.ADMIN, frozenset({"front"}))
        lee = Visitor(app)
        lee.log_in("lee")
        for method, path, body in (
            ("POST", "", {"name": "eve", "password": WORD, "role": "admin"}),
            ("PUT", "/anna", {"password": "another horse battery"}),
            ("PUT", "/lee", {"cameras": "*"}),
            ("DELETE", "/anna", None),
        ):
            assert code(lee.ask(method, USERS + path, body)) == (403, "forbidden")
        assert lee.ask("POST", USERS, {"name": "bob", "password": WORD, "cameras": ["front"]}).status_code == 201
        lee.close()


class TestSessions:
    def test_somebody_left_a_browser_open(self, gate, app, anna):
        add_user(gate, "bob", Role.VIEWER)
        bob = Visitor(app, address="198.51.100.1")
        bob.log_in("bob")
        [found] = anna.ask("GET", f"{USERS}/bob/sessions").json()["sessions"]
        assert (found["address"], found["is_mine"]) == ("198.51.100.1", False)
        assert [one["is_mine"] for one in anna.ask("GET", f"{USERS}/anna/sessions").json()["sessions"]] == [True]

        assert anna.ask("DELETE", f"{USERS}/bob/sessions/{found['id']}").status_code == 204

        assert bob.ask("GET", "/api/v1/session").status_code == 401
        assert gate.audit.entries(limit=1)[0].what == {"user": "bob", "id": found["id"]}
        bob.close()

    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", "/nobody/sessions"), ("DELETE", "/nobody/sessions/1"), ("DELETE", "/anna/sessions/1")],
    )
    def test_what_is_not_there(self, anna, method, path):
        assert code(anna.ask(method, USERS + path)) == (404, "not-found")


class TestTokens:
    def test_a_program_comes_and_goes(self, app, anna, clock):
        made = anna.ask("POST", TOKENS, {"name": "till", "cameras": ["front"], "days": 30})
        assert made.status_code == 201
        secret, token = made.json()["secret"], made.json()["token"]
        assert (token["owner"], token["role"], token["expires_at"]) == ("anna", "viewer", "2026-01-31T00:00:00.000Z")
        assert secret.startswith(token["prefix"])

        program, login = Visitor(app), {"Authorization": f"Bearer {secret}"}
        clock.t_s = 60
        assert program.ask("GET", "/api/v1/session", headers=login).json()["cameras"] == ["front"]
        listed = anna.ask("GET", TOKENS)
        assert secret not in listed.text
        assert listed.json()["tokens"][0]["last_used_at"] == "2026-01-01T00:01:00.000Z"
        assert anna.ask("DELETE", f"{TOKENS}/{token['id']}").status_code == 204
        assert program.ask("GET", "/api/v1/session", headers=login).status_code == 401
        program.close()

    @pytest.mark.parametrize(
        ("method", "path", "body", "expected"),
        [
            pytest.param(
                "POST", "", {"name": "till", "real_pixels": True}, (403, "forbidden"), id="more than its maker"
            ),
            pytest.param("POST", "", {"name": "till", "days": 0}, (400, "bad-input"), id="no days"),
            pytest.param("POST", "", {"name": ""}, (400, "bad-input"), id="no name"),
            pytest.param("DELETE", "/0011223344556677", None, (404, "not-found"), id="no such token"),
        ],
    )
    def test_what_is_not_done(self, anna, method, path, body, expected):
        assert code(anna.ask(method, TOKENS + path, body)) == expected

    def test_a_token_makes_no_greater_token(self, app, anna):
        secret = anna.ask("POST", TOKENS, {"name": "a", "role": "admin", "cameras": ["front"]}).json()["secret"]
        program, login = Visitor(app), {"Authorization": f"Bearer {secret}"}

        assert code(program.ask("POST", TOKENS, {"name": "b", "role": "viewer"}, headers=login)) == (403, "forbidden")
        wanted = {"name": "b", "cameras": ["front"]}
        assert program.ask("POST", TOKENS, wanted, headers=login).status_code == 201
        program.close()


class TestAudit:
    def test_who_did_what(self, anna):
        anna.ask("POST", USERS, {"name": "bob", "password": WORD})
        page = anna.ask("GET", "/api/v1/audit?limit=1").json()
        assert page["before"] == page["entries"][0]["number"]
        assert (page["entries"][0]["who"], page["entries"][0]["what"]) == ("anna", "user-added")
        assert page["entries"][0]["about"] == "cameras: *, real pixels: no, role: viewer, user: bob"

        further = anna.ask("GET", f"/api/v1/audit?before={page['before']}").json()
        assert further["before"] is None
        login = further["entries"][0]
        assert (login["what"], login["who"], login["address"], login["about"]) == ("login", "anna", "192.0.2.1", "")

    def test_the_log_is_whole_until_somebody_changes_it(self, gate, anna):
        verdict = anna.ask("GET", "/api/v1/audit/verify").json()
        assert verdict == {"is_whole": True, "entries": 2, "broken_at": None, "findings": []}
        with gate._engine.begin() as connection:
            connection.exec_driver_sql("UPDATE audit SET author = 'eve' WHERE number = 2")

        verdict = anna.ask("GET", "/api/v1/audit/verify").json()
        assert (verdict["is_whole"], verdict["broken_at"], len(verdict["findings"])) == (False, 2, 1)


class TestCanaries:
    """Secrets that were used are nowhere: not in answers, logs, reprs, errors, nor in any file in plain."""

    def test_nowhere(self, gate, app, tmp_path, caplog, clock):
        caplog.set_level(logging.DEBUG)
        canary = {name: f"canary {name} {'x' * 12}" for name in ("first", "second", "wrong", "camera")}
        visitor, told = Visitor(app), []

        def ask(*request, **more):
            answer = visitor.ask(*request, **more)
            told.append(answer.text)
            return answer

        ask("POST", USERS, {"name": "bob", "password": canary["first"]})
        visitor.log_in("anna")
        ask("POST", USERS, {"name": "bob", "password": canary["first"]})
        for body in ({"password": canary["second"]}, {"password": canary["second"], "role": canary["wrong"]}):
            ask("PUT", f"{USERS}/bob", body)
        clock.t_s = 10
        ask("POST", "/api/v1/session", {"name": canary["wrong"], "password": canary["wrong"]})
        ask("POST", "/api/v1/session", {"name": canary["wrong"], "password": [canary["wrong"]]})
        ask("GET", "/api/v1/session", headers={"Authorization": f"Bearer {canary['wrong']}"})
        made = visitor.ask("POST", TOKENS, {"name": "till"}).json()["secret"]
        ask("GET", TOKENS)
        ask("GET", "/api/v1/session", headers={"Authorization": f"Bearer {made}"})
        ask("GET", "/api/v1/audit?limit=1000")
        gate.secrets.keep("CAMERA", canary["camera"])
        gate.secrets.rotate("anna")
        secrets = [*canary.values(), WORD, made, visitor.cookies["footfall_session"]]
        reprs = repr([vars(gate), gate.users.all(), gate.tokens.all(), gate.sessions.of("anna"), gate.secrets.names()])
        visitor.close()

        files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert len(files) >= 4
        places = {"answers": "".join(told), "log": caplog.text, "reprs": reprs}
        for secret in secrets:
            assert [name for name, text in places.items() if secret in text] == []
            assert [path for path, data in files.items() if secret.encode() in data] == []
