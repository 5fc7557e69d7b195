from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.config.document import Document
from footfall.config.load import parse
from footfall.core.errors import ConfigError
from footfall.serve.desk import text_of
from footfall.serve.sealing import revealed, sealed

CANARY = "c4n4ry!pa ss"


@pytest.mark.parametrize(
    ("text", "expected", "fresh"),
    [
        pytest.param("url: rtsp://u:geheim@h/s", 'url: "rtsp://u:${SEALED_1}@h/s"', ["geheim"], id="in a URL"),
        pytest.param("url: rtsp://u:p@ss@h/s", 'url: "rtsp://u:${SEALED_1}@h/s"', ["p@ss"], id="with an @ in it"),
        pytest.param("url: rtsp://h:554/a@b", "url: rtsp://h:554/a@b", [], id="a port is none"),
        pytest.param("url: rtsp://u:${P}@h/s", "url: rtsp://u:${P}@h/s", [], id="a name stays a name"),
        pytest.param("password: 1234", 'password: "${SEALED_1}"', ["1234"], id="digits"),
        pytest.param("password: ''", "password: ''", [], id="none at all"),
        pytest.param(
            "password: |\n  two\n  rows\nx: 1\n", 'password: "${SEALED_1}"\nx: 1\n', ["two\nrows\n"], id="block"
        ),
        pytest.param(
            "login: {user: a, password: x} # hm", 'login: {user: a, password: "${SEALED_1}"} # hm', ["x"], id="flow"
        ),
        pytest.param("# old: rtsp://u:p@h/\na: 1", "# old: rtsp://u:${SEALED_1}@h/\na: 1", ["p"], id="in a comment"),
        pytest.param("s: https://h/?sig=abc&b=1", 's: "https://h/?sig=${SEALED_1}&b=1"', ["abc"], id="a signature"),
        pytest.param('{\n\t"a": "x://u:p\\"w@h"}', '{\n\t"a": "x://u:${SEALED_1}@h"}', ['p"w'], id="JSON, tabs"),
        pytest.param("client_secret: s", 'client_secret: "${SEALED_1}"', ["s"], id="a client's secret"),
        pytest.param("passwords: {a: b}", "passwords: {a: b}", [], id="not every word"),
    ],
)
def test_secrets_are_taken_out_and_all_else_stays(text: str, expected: str, fresh: list[str]) -> None:
    found = sealed(text, {})
    assert found.text == expected
    assert list(found.fresh.values()) == fresh


def test_the_same_secret_keeps_its_name() -> None:
    found = sealed("a: x://u:one@h\nb: x://u:two@h\nc: x://u:one@h\n", {"SEALED_1": "two", "SEALED_3": "other"})
    assert found.text == 'a: "x://u:${SEALED_2}@h"\nb: "x://u:${SEALED_1}@h"\nc: "x://u:${SEALED_2}@h"\n'
    assert found.fresh == {"SEALED_2": "one"}
    assert sealed(found.text, {"SEALED_1": "two", **found.fresh}).fresh == {}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12))
def test_what_is_sealed_in_json_comes_back(secret: str) -> None:
    text = json.dumps({"cameras": [{"url": "rtsp://h/", "password": secret}]})
    found = sealed(text, {})
    assert json.loads(revealed(found.text, found.fresh)) == json.loads(text)


def test_text_that_nobody_can_read_is_refused() -> None:
    with pytest.raises(ConfigError, match="line 2"):
        sealed("a: 1\nb: [", {})


def test_a_sealed_configuration_means_the_same() -> None:
    text = f"cameras:\n  - name: a\n    url: 'rtsp://u:{CANARY.replace(' ', '')}@h/'\n"
    found = sealed(text, {})
    assert CANARY.replace(" ", "") not in found.text
    value = parse(found.text, Document("x"))
    assert value == {"cameras": [{"name": "a", "url": "rtsp://u:${SEALED_1}@h/"}]}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("cameras: &a [*a]", id="an alias of itself"),
        pytest.param("a: &a [x]\n" + "".join(f"b{n}: &a [{'*a,' * 9}]\n" for n in range(60)), id="a bomb of aliases"),
        pytest.param("[" * 400 + "]" * 400, id="deep"),
        pytest.param("[" * 50_000, id="deeper"),
    ],
)
def test_a_text_that_nobody_could_run_is_refused_at_once(text: str) -> None:
    try:
        assert sealed(text, {}).fresh == {}
    except ConfigError as error:
        assert "YAML" in str(error)  # noqa: PT017 - shallow stacks take 400 levels


def test_what_stands_in_two_places_is_written_twice() -> None:
    shape = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]
    text = text_of({"cameras": [{"name": name, "points": shape} for name in "ab"]})
    assert sealed(text, {}).text == text
    assert parse(text, Document("footfall.yaml")) == {"cameras": [{"name": name, "points": shape} for name in "ab"]}
