"""Every endpoint, every role, cameras that are theirs and others, people as they are or not: from the OpenAPI document.

What is refused is asked of the app as it is. What is let in is asked with routes that only say that they were reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import product

import pytest
from starlette.responses import Response

from doorway import Visitor, add_user, make_app, make_database, open_gate, open_socket
from footfall.access.roles import Rights, Role
from footfall.web.app import described
from footfall.web.security_table import WEBSOCKET, Needs
from servers.clock import SetClock

MINE, OTHER = "front", "Tür 1/2 ☂"
RIGHTS = {
    f"{role.value} of {'all' if cameras is None else 'some'}{' with real pictures' if real else ''}": Rights(
        role, cameras, real
    )
    for role, cameras, real in product(Role, (None, frozenset({MINE})), (False, True))
}
NOBODY = {
    "nobody": {},
    "a token that is none": {"Authorization": "Bearer ffp_" + "x" * 43},
    "no bearer": {"Authorization": "Basic YW5uYTpjb3JyZWN0"},
    "a cookie that is none": {"Cookie": "footfall_session=" + "x" * 43},
}
REACHED = 299
DOCUMENT = described()
OPERATIONS = [
    (method.upper(), path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]


@dataclass(frozen=True)
class Endpoint:
    """One row of the matrix."""

    method: str
    path: str
    role: str
    camera: str = ""
    pixels: str = ""


def endpoints():
    """Those of the OpenAPI document, and the WebSockets, of which it cannot tell."""
    for method, path, operation in OPERATIONS:
        told = [operation.get(f"x-footfall-{name}", "") for name in ("role", "camera", "pixels")]
        yield Endpoint(method, path, *told)
    yield Endpoint(WEBSOCKET, "/api/v1/events/live", "viewer", "query")
    yield Endpoint(WEBSOCKET, "/api/v1/cameras/{camera}/live", "viewer", "path", "view")


ENDPOINTS = list(endpoints())


@pytest.fixture(scope="module")
def tokens_and_gate(tmp_path_factory):
    folder, clock = tmp_path_factory.mktemp("gate"), SetClock()
    gate = open_gate(make_database(tmp_path_factory.mktemp("empty")), folder, clock)
    add_user(gate, "anna", real_pixels=True)
    anna = gate.sessions.caller(gate.sessions.open("anna", "").secret)
    tokens = {name: gate.tokens.make(name, rights, anna).secret for name, rights in RIGHTS.items()}
    gate._attempts.token_refused = lambda _: None  # limits have tests of their own
    yield tokens, gate
    gate._engine.dispose()


@pytest.fixture(scope="module")
def real(tokens_and_gate):
    return make_app(tokens_and_gate[1], SetClock())


@pytest.fixture(scope="module")
def reaching(tokens_and_gate):
    async def reached(scope, receive, send):
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
        else:
            await Response(status_code=REACHED)(scope, receive, send)

    app = make_app(tokens_and_gate[1], SetClock())
    app.router = reached
    return app


@pytest.fixture(scope="module")
def ask(real, reaching):
    """What comes of a request."""
    visitors = [Visitor(app) for app in (reaching, real)]

    def send(app, visitor, endpoint, path, headers):
        if endpoint.method == WEBSOCKET:
            return open_socket(app, path, headers)
        return visitor.ask(endpoint.method, path, headers=headers).status_code

    def asked(endpoint, path, headers, wanted):
        if wanted != "reached":
            return send(real, visitors[1], endpoint, path, headers)
        status = send(reaching, visitors[0], endpoint, path, headers)
        return "reached" if status in (REACHED, 101) else status

    yield asked
    for visitor in visitors:
        visitor.close()


def wishes(endpoint):
    """Addresses of an endpoint: (path, camera that it is about, whether people are seen as they are)."""
    cameras = (MINE, OTHER) if endpoint.camera else ("",)
    for camera, view in product(cameras, ("", "privacy", "real") if endpoint.pixels == "view" else ("",)):
        path = endpoint.path.replace("{camera}", camera.replace("/", "%2F"))
        for name in ("name", "id", "place", "number"):
            path = path.replace(f"{{{name}}}", "1")
        query = [f"camera={camera}"] if endpoint.camera == "query" else []
        query += [f"view={view}"] if view else []
        yield f"{path}?{'&'.join(query)}" if query else path, camera, view == "real" or endpoint.pixels == "always"


def expected(endpoint, rights, camera, is_real):
    """What the roles say: told here once more, and otherwise than in the code under test."""
    order = ["viewer", "operator", "admin"]
    if endpoint.role == "anyone":
        return "reached"
    if order.index(rights.role.value) < order.index(endpoint.role):
        return 403
    if camera == OTHER and rights.cameras is not None:
        return 404
    needs_real = is_real or (endpoint.pixels == "operator" and rights.role is Role.OPERATOR)
    return 403 if needs_real and not rights.real_pixels else "reached"


named = partial(pytest.mark.parametrize, "endpoint", ENDPOINTS, ids=lambda one: f"{one.method} {one.path}")


@named()
def test_strangers(endpoint, ask):
    for who, headers in NOBODY.items():
        for path, _, _ in wishes(endpoint):
            wanted = "reached" if endpoint.role == "anyone" else 401
            assert ask(endpoint, path, headers, wanted) == wanted, (who, path)


@named()
def test_roles_and_cameras(endpoint, ask, tokens_and_gate):
    for who, token in tokens_and_gate[0].items():
        for path, camera, is_real in wishes(endpoint):
            wanted = expected(endpoint, RIGHTS[who], camera, is_real)
            assert ask(endpoint, path, {"Authorization": f"Bearer {token}"}, wanted) == wanted, (who, path)


def test_the_matrix_is_not_thinner_than_it_was():
    strangers = sum(len(NOBODY) * len(list(wishes(endpoint))) for endpoint in ENDPOINTS)
    callers = sum(len(RIGHTS) * len(list(wishes(endpoint))) for endpoint in ENDPOINTS)
    print(f"{len(ENDPOINTS)} endpoints, {strangers} requests of strangers, {callers} of callers")  # noqa: T201

    assert len(ENDPOINTS) >= 60
    assert strangers + callers >= 1400


@pytest.mark.parametrize(
    ("method", "path", "operation"), OPERATIONS, ids=[f"{method} {path}" for method, path, _ in OPERATIONS]
)
def test_every_operation_says_what_it_needs(method, path, operation):
    assert operation["x-footfall-role"] in {"anyone", "viewer", "operator", "admin"}
    assert bool(operation["security"]) == (operation["x-footfall-role"] != "anyone")
    assert ("{camera}" in path) == (operation.get("x-footfall-camera") == "path")
    asked = [parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"]
    assert ("camera" in asked) == (operation.get("x-footfall-camera") == "query")
    assert ("view" in asked) == (operation.get("x-footfall-pixels") == "view")


def test_every_route_is_a_row(real):
    """WebSockets too, which the document does not hold."""
    rows = {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}

    assert {(entry.method, entry.path) for entry in Needs.of(real).entries} == rows


OPEN = {
    ("GET", "/health/live"),
    ("GET", "/api/v1/setup"),
    ("POST", "/api/v1/setup"),
    ("POST", "/api/v1/session"),
    ("GET", "/api/v1/session/oidc/start"),
    ("GET", "/api/v1/session/oidc/callback"),
}


def test_nothing_else_is_open():
    assert {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS if endpoint.role == "anyone"} == OPEN


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/", "/api/v2/users", "/metrics", "/health/nothing"])
def test_strangers_do_not_learn_what_there_is(real, path):
    visitor = Visitor(real)

    assert visitor.ask("GET", path).status_code == 401
    visitor.close()
