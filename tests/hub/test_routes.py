"""Routes: sources, sinks, conditions with every operator and function, and what is wrong with a bad one."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.edge.topics import Identity
from footfall.hub.messages import BadRequest, HubMessage
from footfall.hub.routes import ModuleInput, Upstream, parse_route, parse_routes
from footfall.hub.values import FUNCTIONS, OPERATORS

JSON = {"$.ct": "application/json", "$.ce": "utf-8"}


def message(
    body: bytes = b"{}",
    output: str = "out",
    module: str | None = "mod1",
    system: dict[str, str | None] | None = None,
    *,
    is_twin_change: bool = False,
    **properties: str,
) -> HubMessage:
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    sender = Identity("dev1", module)
    return HubMessage(sender, output, body, JSON if system is None else system, properties, noon, "m-1", is_twin_change)


def takes(condition: str, given: HubMessage) -> bool:
    return parse_route("r", f"FROM /* WHERE {condition} INTO $upstream").takes(given)


TELEMETRY = message(module="lvaEdge", output="inferenceOutput")
DIAGNOSTICS = message(module="lvaEdge", output="AmsDiagnostics")
NAMELESS = message(module="lvaEdge", output="")
DEVICE = message(module=None, output="")
TWIN = message(module="lvaEdge", output="", is_twin_change=True)


@pytest.mark.parametrize(
    ("source", "taken"),
    [
        pytest.param("/*", [TELEMETRY, DIAGNOSTICS, NAMELESS, DEVICE, TWIN], id="all there is"),
        pytest.param("/messages/*", [TELEMETRY, DIAGNOSTICS, NAMELESS, DEVICE], id="all messages"),
        pytest.param("/messages", [TELEMETRY, DIAGNOSTICS, NAMELESS, DEVICE], id="all messages by prefix"),
        pytest.param("/messages/modules/*", [TELEMETRY, DIAGNOSTICS, NAMELESS], id="all modules"),
        pytest.param("/messages/modules/lvaEdge/*", [TELEMETRY, DIAGNOSTICS, NAMELESS], id="one module"),
        pytest.param("/messages/modules/lva/*", [], id="a module of a similar name"),
        pytest.param("/messages/modules/lvaEdge/outputs/*", [TELEMETRY, DIAGNOSTICS], id="all outputs of a module"),
        pytest.param("/messages/modules/*/outputs/*", [TELEMETRY, DIAGNOSTICS], id="all outputs of all modules"),
        pytest.param("/messages/modules/lvaEdge/outputs/AmsDiagnostics", [DIAGNOSTICS], id="one output"),
        pytest.param("/messages/modules/lvaEdge/outputs/AmsDiagnostics/*", [DIAGNOSTICS], id="one output and a star"),
        pytest.param("/messages/modules/*/outputs/AmsDiagnostics", [DIAGNOSTICS], id="that output of any module"),
        pytest.param("/messages/modules/lvaEdge/outputs/Ams", [], id="an output of a similar name"),
        pytest.param(
            "messages/modules/lvaedge/OUTPUTS/amsdiagnostics/", [DIAGNOSTICS], id="slashes and case do not matter"
        ),
        pytest.param("/twinChangeNotifications", [TWIN], id="reports"),
        pytest.param("/twinChangeNotifications/*", [TWIN], id="reports and a star"),
        pytest.param("*", [TELEMETRY, DIAGNOSTICS, NAMELESS, DEVICE, TWIN], id="a bare star"),
    ],
)
def test_a_source_takes_what_comes_from_there(source: str, taken: list[HubMessage]) -> None:
    route = parse_route("r", f"FROM {source} INTO $upstream")
    every = (TELEMETRY, DIAGNOSTICS, NAMELESS, DEVICE, TWIN)
    assert [one for one in every if route.takes(one) is True] == taken
    assert [one for one in every if route.takes(one) is not False] == taken


@pytest.mark.parametrize(
    ("text", "sink"),
    [
        pytest.param("FROM /* INTO $upstream", Upstream(), id="the event log"),
        pytest.param("select * from /messages/* into $Upstream ", Upstream(), id="keywords in any case"),
        pytest.param("\nSELECT  *\tFROM /*\n INTO  $upstream", Upstream(), id="over several lines"),
        pytest.param(
            'FROM /* INTO BrokeredEndpoint("/modules/m2/inputs/in1")', ModuleInput("m2", "in1"), id="an input"
        ),
        pytest.param(
            "FROM /* INTO brokeredendpoint( 'modules/m2/inputs/a b/' )", ModuleInput("m2", "a b"), id="leniently"
        ),
        pytest.param("FROM /* WHERE a = ' INTO ' INTO $upstream", Upstream(), id="a keyword inside a text"),
    ],
)
def test_a_sink_is_found(text: str, sink: object) -> None:
    assert parse_route("r", text).sink == sink


def test_the_tutorials_route_is_understood() -> None:
    route = parse_route("LVAToHub", "FROM /messages/modules/lvaEdge/outputs/* INTO $upstream")
    assert route.takes(TELEMETRY)
    assert (route.name, route.priority, route.time_to_live_s) == ("LVAToHub", None, None)


def test_a_route_may_have_a_priority_and_a_time_to_live() -> None:
    route = parse_route("r", {"route": "FROM /* INTO $upstream", "priority": 3, "timeToLiveSecs": 86400})
    assert (route.priority, route.time_to_live_s) == (3, 86400)


def test_a_route_that_was_taken_away_is_none() -> None:
    assert [route.name for route in parse_routes({"a": None, "b": "FROM /* INTO $upstream"})] == ["b"]


PEOPLE = message(
    b'{"count":3,"name":"door",'
    b'"zones":[{"id":"a b","full":true},{"id":null}],"a b":{"c":[1.5]},"big":9007199254740993}',
    level="12",
    mood="good",
    empty="",
)


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param("mood = 'good'", id="a property"),
        pytest.param('mood = "good"', id="double quotes"),
        pytest.param("'good' = mood", id="the other way round"),
        pytest.param("{mood} = 'good'", id="a property in braces"),
        pytest.param("empty = ''", id="an empty property"),
        pytest.param("'it''s' = \"it's\"", id="a quote inside a text"),
        pytest.param("$connectionDeviceId = 'dev1'", id="the device"),
        pytest.param("$connectionModuleId = 'mod1'", id="the module"),
        pytest.param("$CONNECTIONMODULEID = 'mod1'", id="system names in any case"),
        pytest.param("$contentType = 'application/json' AND $contentEncoding = 'utf-8'", id="the content"),
        pytest.param("$outputName = 'out' and $messageId = 'm-1'", id="output and id"),
        pytest.param("NOT is_defined($correlationId)", id="a system property that is not there"),
        pytest.param("$body.count = 3", id="a number of the body"),
        pytest.param("$body.name = 'door'", id="a text of the body"),
        pytest.param("$body.zones[0].id = 'a b'", id="an item of an array"),
        pytest.param("$body.zones[0].full", id="a bool stands alone"),
        pytest.param("$body['a b'].c[0] = 1.5", id="a name with a blank"),
        pytest.param('$body["a b"].c[0] = 1.5', id="the same in double quotes"),
        pytest.param("$body.big = 9007199254740993", id="a whole number that no double holds"),
        pytest.param("is_null($body.zones[1].id)", id="null"),
        pytest.param("$body.zones[1].id = null", id="equal to null"),
        pytest.param("$body.count != null", id="unequal to null"),
        pytest.param("NOT is_defined($body.zones[2].id)", id="beyond an array"),
        pytest.param("NOT is_defined($body.count.x)", id="inside a number"),
        pytest.param("is_defined($body)", id="the whole body"),
        pytest.param("true", id="always"),
        pytest.param("NOT false", id="not"),
        pytest.param("not not true", id="twice"),
        pytest.param("NOT mood = 'bad'", id="not binds looser than ="),
        pytest.param("NOT false AND true", id="and tighter than and"),
        pytest.param("true OR true AND false", id="and binds tighter than or"),
        pytest.param("NOT (true OR true) OR true", id="parentheses"),
        pytest.param("nothing = 1 OR true", id="true or undefined"),
        pytest.param("NOT (nothing = 1 AND false)", id="false and undefined"),
        pytest.param("$body.count <> 4 AND $body.count != 4", id="unequal, twice"),
        pytest.param("$body.count < 4 AND $body.count <= 3 AND $body.count > 2 AND $body.count >= 3", id="order"),
        pytest.param("'a' < 'b' AND 'b' >= 'a'", id="order of texts"),
        pytest.param("1 + 2 * 3 = 7", id="times before plus"),
        pytest.param("(1 + 2) * 3 = 9", id="parentheses before times"),
        pytest.param("10 - 4 - 3 = 3", id="from left to right"),
        pytest.param("7 / 2 = 3.5", id="division"),
        pytest.param("7 % 4 = 3 AND -7 % 4 = -3", id="remainder takes the sign of the left"),
        pytest.param("-$body.count = -3 AND - -1 = 1", id="minus signs"),
        pytest.param(".5 + 5e-1 = 1.0", id="ways to write a number"),
        pytest.param("'a' || 'b' || 'c' = 'abc'", id="texts joined"),
        pytest.param("nothing ?? 'x' = 'x'", id="instead of undefined"),
        pytest.param("$body.zones[1].id ?? 'x' = 'x'", id="instead of null"),
        pytest.param("mood ?? 'x' = 'good'", id="not instead of what is there"),
        pytest.param("as_number(level) > 9", id="a property as a number"),
        pytest.param("$body.zones[0].full = true", id="equal bools"),
        pytest.param("NOT is_defined($body.name[0])", id="a letter of a text"),
        pytest.param("123456789012345678901 = 123456789012345678901", id="a long number"),
        pytest.param(" AND ".join(["(length(mood) = 4)"] * 30), id="many parentheses beside each other"),
        pytest.param(f"{'(' * 20}true{')' * 20}", id="as deep as may be"),
        pytest.param("concat('a', " * 20 + "'b'" + ")" * 20 + " = 'aaaaaaaaaaaaaaaaaaaab'", id="calls inside calls"),
    ],
)
def test_a_condition_holds(condition: str) -> None:
    assert takes(condition, PEOPLE)


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param("nothing = 'x'", id="a property that is not there"),
        pytest.param("nothing != 'x'", id="not even unequal"),
        pytest.param("NOT nothing = 'x'", id="nor not"),
        pytest.param("mood", id="a text is not true"),
        pytest.param("1", id="a number is not true"),
        pytest.param("level > 9", id="a text is no number"),
        pytest.param("level = 12", id="nor equal to one"),
        pytest.param("$body.zones[0].full = 1", id="true is not 1"),
        pytest.param("$body.zones[0].full > 0", id="nor greater than 0"),
        pytest.param("1 / 0 = 1 / 0", id="nothing divides by zero"),
        pytest.param("1 % 0 = 0", id="nor leaves a remainder"),
        pytest.param("power(10, 400) > 0", id="too large"),
        pytest.param("sqrt(-1) = sqrt(-1)", id="no root"),
        pytest.param("power(-8, 0.5) ?? 'x' = 1", id="no real power"),
        pytest.param("'a' + 'b' = 'ab'", id="plus does not join"),
        pytest.param("'a' || 1 = 'a1'", id="nor are numbers joined"),
        pytest.param("-mood = mood", id="minus a text"),
        pytest.param("NOT 1", id="not a number"),
        pytest.param("null", id="null"),
        pytest.param("undefined = undefined", id="undefined equals nothing"),
        pytest.param("null = 1", id="null and a number"),
        pytest.param("1e999 > 1", id="a number that is none"),
    ],
)
def test_a_condition_does_not_hold(condition: str) -> None:
    assert not takes(condition, PEOPLE)


FUNCTION_TABLE: list[tuple[str, list[str], list[str]]] = [
    ("abs", ["abs(-3) = 3", "abs(2.5) = 2.5"], ["is_defined(abs('3'))"]),
    (
        "as_number",
        ["as_number('1.5e1') = 15", "as_number(7) = 7"],
        ["is_defined(as_number('many'))", "is_defined(as_number('inf'))", "is_defined(as_number(true))"],
    ),
    ("ceiling", ["ceiling(1.2) = 2", "ceiling(-1.2) = -1"], ["is_defined(ceiling(true))"]),
    ("concat", ["concat('a', 'b') = 'ab'", "concat('a', 'b', 'c') = 'abc'"], ["is_defined(concat('a', 1))"]),
    ("contains", ["contains(mood, 'oo')", "contains(mood, '')"], ["contains(mood, 'x')", "contains(1, 'x')"]),
    ("ends_with", ["ends_with(mood, 'od')"], ["ends_with(mood, 'go')", "ends_with(nothing, 'x')"]),
    ("exp", ["exp(0) = 1"], ["is_defined(exp(9999))"]),
    ("floor", ["floor(1.8) = 1", "floor(-1.2) = -2"], ["is_defined(floor('1'))"]),
    ("index_of", ["index_of(mood, 'o') = 1", "index_of(mood, 'x') = -1"], ["is_defined(index_of(1, 'x'))"]),
    ("is_bool", ["is_bool(true)", "is_bool($body.zones[0].full)"], ["is_bool(1)", "is_bool(nothing)"]),
    ("is_defined", ["is_defined(mood)", "is_defined(null)"], ["is_defined(nothing)", "is_defined($body.nothing)"]),
    ("is_null", ["is_null(null)", "is_null($body.zones[1].id)"], ["is_null(nothing)", "is_null(0)"]),
    ("is_number", ["is_number(1)", "is_number($body.count)"], ["is_number('1')", "is_number(true)"]),
    ("is_string", ["is_string(mood)"], ["is_string(1)", "is_string(nothing)"]),
    ("length", ["length(mood) = 4", "length($body.zones) = 2"], ["is_defined(length(1))"]),
    ("lower", ["lower('ÄB') = 'äb'"], ["is_defined(lower(1))"]),
    ("power", ["power(2, 10) = 1024", "power(4, 0.5) = 2"], ["is_defined(power('2', 1))"]),
    ("sign", ["sign(-3) = -1", "sign(0) = 0", "sign(9) = 1"], ["is_defined(sign('1'))"]),
    ("sqrt", ["sqrt(16) = 4"], ["is_defined(sqrt(-1))"]),
    ("square", ["square(-4) = 16"], ["is_defined(square(1e300))"]),
    ("starts_with", ["starts_with(mood, 'go')"], ["starts_with(mood, 'od')"]),
    (
        "substring",
        [
            "substring(mood, 2) = 'od'",
            "substring(mood, 1, 2) = 'oo'",
            "substring(mood, 4) = ''",
            "substring(mood, 2, 99) = 'od'",
        ],
        [
            "is_defined(substring(mood, 5))",
            "is_defined(substring(mood, -1))",
            "is_defined(substring(mood, 0, -1))",
            "is_defined(substring(1, 0))",
        ],
    ),
    ("upper", ["upper('äb') = 'ÄB'", "UPPER('a') = 'A'"], ["is_defined(upper(true))"]),
]


@pytest.mark.parametrize(("name", "true", "untrue"), [pytest.param(*row, id=row[0]) for row in FUNCTION_TABLE])
def test_a_function_computes(name: str, true: list[str], untrue: list[str]) -> None:
    assert all(name in condition.lower() for condition in true + untrue)
    assert [condition for condition in true if not takes(condition, PEOPLE)] == []
    assert [condition for condition in untrue if takes(condition, PEOPLE)] == []


def test_every_function_has_its_row() -> None:
    assert {name for name, _, _ in FUNCTION_TABLE} == FUNCTIONS.keys()


@pytest.mark.parametrize(
    ("system", "encode", "is_read"),
    [
        pytest.param(JSON, "utf-8", True, id="UTF-8"),
        pytest.param({**JSON, "$.ce": "UTF-8"}, "utf-8", True, id="in capitals"),
        pytest.param({**JSON, "$.ce": "utf-16"}, "utf-16", True, id="UTF-16"),
        pytest.param({**JSON, "$.ce": "utf-32"}, "utf-32", True, id="UTF-32"),
        pytest.param({**JSON, "$.ct": "Application/JSON; charset=utf-8"}, "utf-8", True, id="a type with a parameter"),
        pytest.param({"$.ct": "application/json"}, "utf-8", False, id="no encoding"),
        pytest.param({"$.ce": "utf-8"}, "utf-8", False, id="no type"),
        pytest.param({**JSON, "$.ct": "text/plain"}, "utf-8", False, id="another type"),
        pytest.param({**JSON, "$.ce": "latin-1"}, "latin-1", False, id="another encoding"),
        pytest.param({**JSON, "$.ce": "utf-16"}, "utf-8", False, id="an encoding that is not true"),
    ],
)
def test_a_body_is_looked_into_only_where_it_says_that_it_is_json(
    system: dict[str, str | None], encode: str, is_read: bool
) -> None:
    assert takes("$body.a = 'ä'", message('{"a":"ä"}'.encode(encode), system=system)) is is_read


def test_what_a_message_lacks_is_undefined() -> None:
    bare = message(b"text", output="", module=None, system={})
    for name in ("$connectionModuleId", "$outputName", "$contentType", "$userId", "$body", "mood"):
        assert not takes(f"is_defined({name})", bare)
        assert not takes(f"is_null({name})", bare)


def test_a_body_that_is_no_json_has_nothing_in_it() -> None:
    assert not takes("is_defined($body)", message(b"{"))
    assert not takes("is_defined($body)", message(b"[" * 100_000))


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        pytest.param(5, 'a route is a text, or {"route"', id="a number"),
        pytest.param({"route": "FROM /* INTO $upstream", "priority": 10}, "priority is 10", id="a priority too large"),
        pytest.param({"route": "FROM /* INTO $upstream", "priority": True}, "priority is True", id="a bool"),
        pytest.param({"route": "FROM /* INTO $upstream", "timeToLiveSecs": -1}, "timeToLiveSecs is -1", id="no time"),
        pytest.param("", "begins with FROM and a source, at the end (character 1)", id="nothing"),
        pytest.param("INTO $upstream", "begins with FROM", id="no source"),
        pytest.param("FROM /nowhere/* INTO $upstream", "no such source, before '/nowhere/* INTO", id="an odd source"),
        pytest.param("FROM /messages/modules/m/inputs/* INTO $upstream", "no such source", id="an input as a source"),
        pytest.param("FROM /*", "INTO and a sink are missing, at the end (character 8)", id="no sink"),
        pytest.param(
            "FROM /* WHERE a = 1", "INTO and a sink are missing, at the end (character 20)", id="no sink behind it"
        ),
        pytest.param("FROM /* WHERE abs() INTO $upstream", "abs takes 1 arguments, not 0", id="no argument"),
        pytest.param(
            f"FROM /* WHERE {'abs(' * 21}1{')' * 21} INTO $upstream", "more than 20 parts", id="calls too deep"
        ),
        pytest.param({"route": "FROM /* INTO $upstream", "priority": 3.0}, "priority is 3.0", id="a fraction"),
        pytest.param(
            {"route": "FROM /* INTO $upstream", "timeToLiveSecs": 2**31}, "timeToLiveSecs is 2147", id="too long"
        ),
        pytest.param("FROM /* INTO $upstream".ljust(4097), "more than 4096 characters", id="a character too many"),
        pytest.param("FROM /* INTO", "a sink is $upstream or BrokeredEndpoint", id="an empty sink"),
        pytest.param("FROM /* INTO nowhere", "a sink is $upstream or BrokeredEndpoint", id="an odd sink"),
        pytest.param("FROM /* INTO $upstream and more", "a sink is", id="more behind the sink"),
        pytest.param('FROM /* INTO BrokeredEndpoint("/modules/m")', "a sink is", id="half an input"),
        pytest.param(
            "FROM /* WHERE INTO $upstream",
            "a value is missing, before 'INTO $upstream' (character 15)",
            id="an empty condition",
        ),
        pytest.param("FROM /* WHERE a = INTO $upstream", "a value is missing, before 'INTO", id="half a comparison"),
        pytest.param(
            "FROM /* WHERE a b INTO $upstream", "an operator or INTO is missing, before 'b INTO", id="two values"
        ),
        pytest.param("FROM /* WHERE (a INTO $upstream", ") is missing, before 'INTO", id="an open parenthesis"),
        pytest.param(
            "FROM /* WHERE a) INTO $upstream", "an operator or INTO is missing, before ') INTO", id="a shut one"
        ),
        pytest.param(
            "FROM /* WHERE a = 'x INTO $upstream", "no word of a condition, before \"'x INTO", id="an open text"
        ),
        pytest.param("FROM /* WHERE a & b INTO $upstream", "no word of a condition, before '& b", id="an odd sign"),
        pytest.param("FROM /* WHERE $boddy.x = 1 INTO $upstream", "no system property $boddy", id="a misspelt body"),
        pytest.param(
            "FROM /* WHERE sin(1) = 1 INTO $upstream", "no function sin, before 'sin(1)", id="no such function"
        ),
        pytest.param("FROM /* WHERE abs(1, 2) = 1 INTO $upstream", "abs takes 1 arguments, not 2", id="too many"),
        pytest.param(
            "FROM /* WHERE concat('a') = 1 INTO $upstream", "concat takes 2 to 32 arguments, not 1", id="too few"
        ),
        pytest.param(f"FROM /* WHERE {'(' * 21}1{')' * 21} INTO $upstream", "more than 20 parts", id="too deep"),
        pytest.param(f"FROM /* WHERE {'not ' * 300} true INTO $upstream", "more than 20 parts", id="not, without end"),
        pytest.param(
            f"FROM /* WHERE {'a = 1 or ' * 500} true INTO $upstream", "more than 4096 characters", id="too long"
        ),
    ],
)
def test_a_bad_route_is_refused_by_name_and_place(value: Any, wrong: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        parse_route("camera", value)
    assert str(refusal.value).startswith("route 'camera': ")
    assert wrong in str(refusal.value)


def test_the_limits_themselves_are_allowed() -> None:
    route = parse_route(
        "r", {"route": "FROM /* INTO $upstream".ljust(4096), "priority": 9, "timeToLiveSecs": 2**31 - 1}
    )
    assert (route.priority, route.time_to_live_s) == (9, 2**31 - 1)


def test_routes_are_an_object() -> None:
    with pytest.raises(BadRequest, match="an object is needed"):
        parse_routes(["FROM /* INTO $upstream"])


def test_a_long_chain_is_computed() -> None:
    assert takes(f"{'false or ' * 400} true", PEOPLE)
    assert takes("1" + " + 1" * 900 + " = 901", PEOPLE)


WORDS = st.sampled_from(
    [
        *OPERATORS,
        *FUNCTIONS,
        "NOT",
        "(",
        ")",
        ",",
        "a",
        "'x'",
        '"',
        "1",
        "-1",
        "$body.a[0]",
        "$body[",
        "$contentType",
        "{a b}",
        "INTO",
        "FROM",
        "WHERE",
        "true",
        "null",
        "\x00",
        "é",
        "$upstream",
        "/*",
        "1e999",
        "9" * 30,
    ]
)


@given(st.lists(WORDS, max_size=14).map(" ".join))
def test_any_condition_is_computed_or_refused(condition: str) -> None:
    with suppress(BadRequest):
        assert takes(condition, PEOPLE) in {True, False}


@given(st.text(max_size=60))
def test_any_text_is_a_route_or_refused(text: str) -> None:
    for route in (text, f"FROM {text}", f"FROM /* WHERE {text} INTO $upstream", f"FROM /* INTO {text}"):
        with suppress(BadRequest):
            parse_route("r", route).takes(PEOPLE)
