"""Every method in every situation: status and reply."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.core.errors import ConfigError, FootfallError, Problem
from footfall.mediagraph.methods import Methods, Reply
from media_documents import (
    ask,
    assets,
    camera,
    files,
    gate,
    hub,
    instance,
    login,
    motion,
    parameter,
    payload,
    simple,
    topology,
    typed,
    unsecured,
    vision,
)
from media_module import Module, Ticking

GOLDEN = Path(__file__).resolve().parent.parent / "golden/mediagraph"
NAMES = [
    "GraphTopologySet",
    "GraphTopologyGet",
    "GraphTopologyList",
    "GraphTopologyDelete",
    "GraphInstanceSet",
    "GraphInstanceGet",
    "GraphInstanceList",
    "GraphInstanceDelete",
    "GraphInstanceActivate",
    "GraphInstanceDeactivate",
]
ONE = [name for name in NAMES if name.endswith(("Get", "Delete", "Activate", "Deactivate"))]


@pytest.fixture
def module(tmp_path: Path) -> Iterator[Module]:
    module = Module(tmp_path)
    yield module
    module.close()


def error(reply: Reply) -> tuple[int, str, str, list[str]]:
    """Status, code, message and the codes of the details."""
    assert isinstance(reply.payload, dict)
    body = reply.payload["error"]
    assert list(body)[:2] == ["code", "message"]
    return reply.status, body["code"], body["message"], [detail["code"] for detail in body.get("details", [])]


def test_the_tutorial_from_start_to_end(module: Module) -> None:
    told = [
        module.call(name, request)
        for name, request in [
            ("GraphTopologyList", ask()),
            ("GraphInstanceList", ask()),
            ("GraphTopologySet", simple()),
            ("GraphInstanceSet", instance()),
            ("GraphInstanceActivate", ask("door-1")),
            ("GraphInstanceDeactivate", ask("door-1")),
            ("GraphInstanceDelete", ask("door-1")),
            ("GraphInstanceList", ask()),
            ("GraphTopologyDelete", ask("Door")),
            ("GraphTopologyList", ask()),
        ]
    ]

    assert [reply.status for reply in told] == [200, 200, 201, 201, 200, 200, 200, 200, 200, 200]
    assert [reply.payload for reply in (told[0], told[1], told[7], told[9])] == [{"value": []}] * 4
    assert [reply.payload for reply in told[4:7]] == [None] * 3


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_golden_replies(module: Module, version: str) -> None:
    secured = camera() | {"endpoint": unsecured("${url}", credentials=login("${user}", "${word}")), "transport": "tcp"}
    model = vision("camera") | {"name": "model"}
    header = typed("HttpHeaderCredentials", headerName="X-Key", headerValue="hidden")
    document = topology(
        secured,
        model | {"endpoint": unsecured("tcp://m:1", credentials=header)},
        gate("camera", "model"),
        assets("gate"),
        files("gate"),
        hub("model"),
        version=version,
        parameters=[
            parameter("url"),
            parameter("user", "string", description="who", default="nobody"),
            parameter("word", "secretstring", default="hidden"),
        ],
    )
    document["properties"]["description"] = "All of it"
    there = instance(version=version, url=" rtsp://cam/door ", word="hidden")
    there["properties"]["description"] = "The front door"

    replies = {
        "GraphTopologySet": module.call("GraphTopologySet", document),
        "GraphInstanceSet": module.call("GraphInstanceSet", there),
        "GraphTopologyGet": module.call("GraphTopologyGet", ask("Door", version)),
        "GraphInstanceGet": module.call("GraphInstanceGet", ask("door-1", version)),
        "GraphTopologyList": module.call("GraphTopologyList", ask(version=version)),
        "GraphInstanceList": module.call("GraphInstanceList", ask(version=version)),
    }
    text = json.dumps({name: list(reply) for name, reply in replies.items()}, indent=2) + "\n"

    assert "hidden" not in text
    assert text == (GOLDEN / f"replies-{version}.json").read_text()


@pytest.mark.parametrize("name", ["graphTopologySet", "GraphInstanceDeActivate", "", "x" * 500])
def test_an_unknown_method_is_501(module: Module, name: str) -> None:
    assert module.call(name, ask()) == (501, None)


@pytest.mark.parametrize("name", NAMES)
def test_without_settings_every_method_is_403(name: str) -> None:
    methods = Methods(Ticking())

    reply = methods.dispatch(name, ask("Door"))

    assert error(reply) == (403, "Forbidden", "The operation is forbidden", ["ModuleConfigurationRequired"])
    assert "applicationDataDirectory" in json.dumps(reply.payload)


def test_settings_may_go_away_again(module: Module) -> None:
    module.methods.refuse(["applicationDataDirectory"])

    assert module.call("GraphTopologyList", ask()).status == 403


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'"text"', b"{", b"\xff", b'{"a": NaN}', b"[" * 5000, b" " * (128 * 1024 + 1), b"1" * 5000],
    ids=["nothing", "null", "list", "text", "half", "no-utf8", "nan", "deep", "large", "digits"],
)
def test_a_payload_that_is_no_object_is_400(module: Module, name: str, body: bytes) -> None:
    status, code, message, details = error(module.call(name, body))

    assert (status, code, message) == (400, "BadRequest", "The request is invalid")
    assert set(details) == {"BadRequest"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "request_", [{"name": "Door"}, {"@apiVersion": "3.0"}, {"@apiVersion": None}, {"@apiVersion": ["2.0"]}]
)
def test_an_unknown_version_is_400(module: Module, name: str, request_: dict[str, Any]) -> None:
    assert error(module.call(name, request_)) == (
        400,
        "InvalidVersion",
        "The request is invalid",
        ["ApiVersionNotSupported"],
    )


def test_a_strict_module_takes_the_newest_version_only(tmp_path: Path) -> None:
    module = Module(tmp_path, is_strict=True)

    assert module.call("GraphTopologyList", ask(version="2.0")).status == 200
    refused = module.call("GraphTopologyList", ask(version="1.0"))
    assert "The API version '1.0' is not supported. Supported version(s): 2.0." in json.dumps(refused.payload)
    module.close()


@pytest.mark.parametrize("name", ONE)
def test_a_request_without_name_is_400(module: Module, name: str) -> None:
    assert error(module.call(name, ask()))[:2] == (400, "BadRequest")


@pytest.mark.parametrize("name", ONE)
def test_what_does_not_exist(module: Module, name: str) -> None:
    reply = module.call(name, ask("Nobody"))

    if name.endswith("Delete"):
        assert reply == (204, None)
    else:
        kind = "topology" if "Topology" in name else "instance"
        assert error(reply) == (404, "NotFound", f"Graph {kind} 'Nobody' is not found.", [])


def test_names_have_case(module: Module) -> None:
    module.call("GraphTopologySet", simple())

    assert module.call("GraphTopologyGet", ask("door")).status == 404
    assert module.call("GraphTopologySet", simple("door")).status == 201


def test_an_instance_of_a_missing_topology_is_404(module: Module) -> None:
    assert error(module.call("GraphInstanceSet", instance("Nobody")))[:2] == (404, "NotFound")
    assert module.call("GraphInstanceList", ask()).payload == {"value": []}


def test_an_invalid_topology_is_400_and_leaves_nothing(module: Module) -> None:
    document = topology(camera(), assets("camera") | {"assetNamePattern": "a:b"})

    reply = module.call("GraphTopologySet", document)

    assert error(reply) == (400, "InvalidResource", "The resource format is invalid.", ["PropertyValueInvalidPattern"])
    assert isinstance(reply.payload, dict)
    assert reply.payload["error"]["details"][0] == {
        "code": "PropertyValueInvalidPattern",
        "target": "$.Properties.Sinks[0].AssetNamePattern",
        "message": r"The value must match the regular expression '^[^<>%&:\\\/?*+.']{1,260}$'",
    }
    assert module.call("GraphTopologyList", ask()).payload == {"value": []}


LARGE = [
    pytest.param(topology(camera(url="${a}" * 20_000), assets("camera")), id="many references"),
    pytest.param(
        topology(camera(), *(motion("nobody", name=f"n{number}") for number in range(600)), hub("n0")), id="many nodes"
    ),
    pytest.param(topology(camera(), hub("camera") | {f"hubOutputNam{n}": 1 for n in range(4000)}), id="many odd keys"),
]


@pytest.mark.parametrize("document", LARGE)
def test_replies_and_logs_stay_small_whatever_comes(
    module: Module, document: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    reply = module.call("GraphTopologySet", document)

    assert reply.status in {201, 400}
    assert len(payload(reply.payload)) < 32 * 1024
    assert len(caplog.text) < 32 * 1024


def test_an_invalid_instance_is_400_and_leaves_nothing(module: Module) -> None:
    module.call("GraphTopologySet", topology(camera(url="${url}"), assets("camera"), parameters=[parameter("url")]))

    reply = module.call("GraphInstanceSet", instance(url="http://cam"))

    assert error(reply)[3] == ["RtspEndpointUrlInvalidScheme"]
    assert module.call("GraphInstanceList", ask()).payload == {"value": []}


def test_unsecured_endpoints_are_400_where_the_twin_does_not_allow_them(module: Module) -> None:
    module.registry.allows_unsecured = False
    module.call("GraphTopologySet", simple())

    assert error(module.call("GraphInstanceSet", instance())) == (
        400,
        "BadRequest",
        "The request is invalid",
        ["ModuleValidationError"],
    )


def test_an_instance_comes_back_as_it_was_sent(module: Module) -> None:
    module.call("GraphTopologySet", topology(camera(), assets("camera"), parameters=[parameter("a", default="b")]))
    bare = {"@apiVersion": "2.0", "name": "bare", "properties": {"topologyName": "Door"}}
    open_ = {**bare, "name": "open", "properties": {"topologyName": "Door", "parameters": [{"name": "a"}]}}

    replies = [module.call("GraphInstanceSet", document).payload for document in (bare, open_)]
    assert [each["properties"] for each in replies if isinstance(each, dict)] == [
        {"state": "Inactive", "topologyName": "Door"},
        {"state": "Inactive", "topologyName": "Door", "parameters": [{"name": "a"}]},
    ]


def test_setting_again_is_200(module: Module) -> None:
    assert module.call("GraphTopologySet", simple()).status == 201
    assert module.call("GraphTopologySet", simple()).status == 200
    assert module.call("GraphInstanceSet", instance()).status == 201
    assert module.call("GraphInstanceSet", instance()).status == 200


def test_times_tell_when_a_document_came_and_changed(module: Module) -> None:
    first = module.call("GraphTopologySet", simple()).payload
    again = module.call("GraphTopologySet", simple()).payload
    changed = module.call("GraphTopologySet", topology(camera(), assets("camera"))).payload

    assert isinstance(first, dict)
    assert isinstance(changed, dict)
    assert again == first, "an update that changes nothing"
    assert first["systemData"] == dict.fromkeys(["createdAt", "lastModifiedAt"], "2026-01-05T10:00:00.007Z")
    assert changed["systemData"]["createdAt"] == first["systemData"]["createdAt"]
    assert changed["systemData"]["lastModifiedAt"] > first["systemData"]["lastModifiedAt"]


IN_USE = "Graph topology operation cannot be completed because it is in use by following graph instances: 'door-1'"
NOT_IN_ACTIVE = (
    "The requested operation on the graph instance is not allowed in the Active state. Allowed states are: Inactive."
)
STATES = [
    # state, method, request, status, detail code and message where refused
    pytest.param("Inactive", "GraphTopologySet", simple(), 200, "", "", id="Inactive: the same topology"),
    pytest.param(
        "Inactive",
        "GraphTopologySet",
        topology(camera(), assets("camera")),
        200,
        "",
        "",
        id="Inactive: another topology",
    ),
    pytest.param(
        "Inactive",
        "GraphTopologyDelete",
        ask("Door"),
        409,
        "GraphTopologyInUse",
        IN_USE,
        id="Inactive: delete topology",
    ),
    pytest.param("Inactive", "GraphInstanceSet", instance(), 200, "", "", id="Inactive: set"),
    pytest.param("Inactive", "GraphInstanceActivate", ask("door-1"), 200, "", "", id="Inactive: activate"),
    pytest.param("Inactive", "GraphInstanceDeactivate", ask("door-1"), 200, "", "", id="Inactive: deactivate"),
    pytest.param("Inactive", "GraphInstanceDelete", ask("door-1"), 200, "", "", id="Inactive: delete"),
    pytest.param("Active", "GraphTopologySet", simple(), 200, "", "", id="Active: the same topology"),
    pytest.param(
        "Active",
        "GraphTopologySet",
        topology(camera(), assets("camera")),
        409,
        "GraphTopologyInUse",
        IN_USE,
        id="Active: another topology",
    ),
    pytest.param(
        "Active", "GraphTopologyDelete", ask("Door"), 409, "GraphTopologyInUse", IN_USE, id="Active: delete topology"
    ),
    pytest.param(
        "Active",
        "GraphInstanceSet",
        instance(),
        409,
        "GraphInstanceOperationNotValidInCurrentState",
        NOT_IN_ACTIVE,
        id="Active: set",
    ),
    pytest.param("Active", "GraphInstanceActivate", ask("door-1"), 200, "", "", id="Active: activate"),
    pytest.param(
        "Active",
        "GraphInstanceDelete",
        ask("door-1"),
        409,
        "GraphInstanceOperationNotValidInCurrentState",
        NOT_IN_ACTIVE,
        id="Active: delete",
    ),
    pytest.param("Active", "GraphInstanceDeactivate", ask("door-1"), 200, "", "", id="Active: deactivate"),
    pytest.param("Active", "GraphInstanceGet", ask("door-1"), 200, "", "", id="Active: get"),
    pytest.param("Active", "GraphInstanceList", ask(), 200, "", "", id="Active: list"),
]


@pytest.mark.parametrize(("state", "method", "request_", "status", "code", "message"), STATES)
def test_methods_in_states(
    module: Module, state: str, method: str, request_: Any, status: int, code: str, message: str
) -> None:
    module.call("GraphTopologySet", simple())
    module.call("GraphInstanceSet", instance())
    if state == "Active":
        module.call("GraphInstanceActivate", ask("door-1"))

    reply = module.call(method, request_)

    assert reply.status == status
    if code:
        assert error(reply)[1:3] == ("Conflict", "A conflict was encountered when processing the request")
        assert isinstance(reply.payload, dict)
        assert reply.payload["error"]["details"] == [{"code": code, "message": message}]


UPDATES = [
    pytest.param(parameter("new", default="x"), {}, 200, id="a new parameter with a default"),
    pytest.param(parameter("new"), {}, 409, id="a new parameter without"),
    pytest.param(None, {}, 200, id="a parameter goes that nobody sets"),
    pytest.param(None, {"old": "x"}, 409, id="a parameter goes that an instance sets"),
    pytest.param(parameter("old", "Int", default="1"), {"old": "x"}, 409, id="a parameter becomes a number"),
]


@pytest.mark.parametrize(("declared", "values", "status"), UPDATES)
def test_a_topology_must_go_on_fitting_its_instances(
    module: Module, declared: dict[str, str] | None, values: dict[str, str], status: int
) -> None:
    module.call("GraphTopologySet", topology(camera(), assets("camera"), parameters=[parameter("old", default="")]))
    module.call("GraphInstanceSet", instance(**values))

    parameters = [] if declared is None else [declared]
    reply = module.call("GraphTopologySet", topology(camera(), assets("camera"), parameters=parameters))

    assert reply.status == status
    if status == 409:
        assert error(reply)[3] == ["ResourceValidationError"]
        stored = module.call("GraphTopologyGet", ask("Door")).payload
        assert isinstance(stored, dict)
        assert stored["properties"]["parameters"] == [parameter("old", default="")]


def test_there_are_at_most_50_topologies_and_1000_instances(module: Module) -> None:
    for number in range(50):
        assert module.call("GraphTopologySet", simple(f"T{number}")).status == 201
    assert error(module.call("GraphTopologySet", simple("T50"))) == (
        400,
        "BadRequest",
        "The request is invalid",
        ["ModuleValidationError"],
    )
    for number in range(1000):
        assert module.call("GraphInstanceSet", instance("T0", f"i{number}")).status == 201
    assert error(module.call("GraphInstanceSet", instance("T0", "i1000")))[3] == ["ModuleValidationError"]
    assert module.call("GraphInstanceSet", instance("T0", "i7")).status == 200


def test_lists_come_in_pages_by_name(module: Module) -> None:
    module.call("GraphTopologySet", simple())
    names = sorted(f"i{number}" for number in range(205))
    for name in reversed(names):
        module.call("GraphInstanceSet", instance(name=name))

    got: list[str] = []
    sizes: list[int] = []
    more: dict[str, Any] = {}
    while True:
        page = module.call("GraphInstanceList", ask(**more, **{"@query": "$orderby=name asc"})).payload
        assert isinstance(page, dict)
        got += [each["name"] for each in page["value"]]
        sizes.append(len(page["value"]))
        if "@continuationToken" not in page:
            break
        more = {"@continuationToken": page["@continuationToken"]}

    assert got == names
    assert sizes == [100, 100, 5]


def test_pages_fit_into_a_message(module: Module) -> None:
    for number in range(5):
        large = simple(f"T{number}")
        large["properties"]["description"] = "x" * 40_000
        module.call("GraphTopologySet", large)

    page = module.call("GraphTopologyList", ask())

    assert isinstance(page.payload, dict)
    assert [each["name"] for each in page.payload["value"]] == ["T0", "T1"]
    assert len(payload(page.payload)) < 128 * 1024


@pytest.mark.parametrize("query", ["$orderby=name desc", "$filter=name eq 'a'", "$top=1", 5, ["$orderby=name asc"]])
def test_other_queries_are_400(module: Module, query: Any) -> None:
    assert error(module.call("GraphTopologyList", ask(**{"@query": query})))[:2] == (400, "BadRequest")


@pytest.mark.parametrize("token", ["!", "ä", 7, "_w==", ["x"]])
def test_tokens_of_others_are_400(module: Module, token: Any) -> None:
    assert error(module.call("GraphInstanceList", ask(**{"@continuationToken": token})))[:2] == (400, "BadRequest")


def test_nodes_that_cannot_start_are_500_and_the_instance_stays_inactive(module: Module) -> None:
    def fails(graph: object) -> None:
        raise FootfallError("no memory for pictures")

    module.call("GraphTopologySet", simple())
    module.call("GraphInstanceSet", instance())
    module.bench.before = fails

    assert error(module.call("GraphInstanceActivate", ask("door-1")))[:3] == (
        500,
        "InternalServerError",
        "no memory for pictures",
    )
    kept = module.call("GraphInstanceGet", ask("door-1")).payload
    assert isinstance(kept, dict)
    assert kept["properties"]["state"] == "Inactive"


def test_what_the_module_cannot_run_is_400(module: Module) -> None:
    def fails(graph: object) -> None:
        raise ConfigError([Problem("graph", "$", "there is no GPU", "use a machine that has one")])

    module.call("GraphTopologySet", simple())
    module.call("GraphInstanceSet", instance())
    module.bench.before = fails

    reply = module.call("GraphInstanceActivate", ask("door-1"))
    assert error(reply) == (400, "BadRequest", "The request is invalid", ["ModuleValidationError"])


def test_the_instance_connects_with_the_password_that_no_reply_shows(module: Module) -> None:
    secured = camera() | {"endpoint": unsecured("rtsp://c", credentials=login(password="${word}"))}
    module.call("GraphTopologySet", topology(secured, assets("camera"), parameters=[parameter("word", "SecretString")]))
    module.call("GraphInstanceSet", instance(word="sesame"))

    module.call("GraphInstanceActivate", ask("door-1"))

    source = module.bench.started[0].graph.nodes[0].spec
    assert source.endpoint.password == "sesame"  # type: ignore[union-attr]


def test_no_log_line_holds_a_secret(module: Module, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    secured = camera() | {"endpoint": unsecured("rtsp://c", credentials=login(password="hush"))}
    number = motion("camera") | {"eventAggregationWindow": "${word}"}
    word = parameter("word", "SecretString", default="hush")
    module.call("GraphTopologySet", topology(secured, number, hub("motion"), parameters=[word]))
    module.call("GraphInstanceSet", instance(word="hush"))

    assert "Request started: Method name: 'GraphInstanceSet'." in caplog.text
    assert "Request completed: Status=BadRequest" in caplog.text
    assert "hush" not in caplog.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.sampled_from(NAMES), st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_any_bytes_are_answered(module: Module, name: str, body: bytes) -> None:
    reply = module.call(name, body)

    assert reply.status in {200, 201, 204, 400, 404, 409}
    json.dumps(reply.payload)


members = st.dictionaries(
    st.sampled_from(["@apiVersion", "name", "properties", "@query", "@continuationToken"]) | st.text(max_size=3),
    st.none()
    | st.integers()
    | st.sampled_from(["2.0", "door-1", "Door", "", "$orderby=name asc"])
    | st.lists(st.none(), max_size=2)
    | st.just({"topologyName": "Door"}),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(NAMES), members), max_size=5))
def test_any_requests_are_answered(module: Module, requests: list[tuple[str, dict[str, Any]]]) -> None:
    module.call("GraphTopologySet", simple())
    module.call("GraphInstanceSet", instance())
    for name, request in requests:
        reply = module.call(name, {"@apiVersion": "2.0", **request})
        assert reply.status in {200, 201, 204, 400, 404, 409}
        json.dumps(reply.payload)
