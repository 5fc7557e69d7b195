import pytest

from footfall.config.document import Document, child, decode, parse_json
from footfall.config.lenient import mend
from footfall.config.yamltext import parse_yaml
from footfall.core.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "path", "what"),
    [
        pytest.param('{\n "a": 1,\n}', "$", "line 3, column 1", id="trailing comma"),
        pytest.param("", "$", "line 1, column 1", id="empty"),
        pytest.param('{"a": [1, NaN]}', "$.a[1]", "not a finite number", id="NaN"),
        pytest.param('{"a": -Infinity}', "$.a", "not a finite number", id="Infinity"),
        pytest.param('{"a": 1e999}', "$.a", "not a finite number", id="overflow"),
        pytest.param('{"a": 99999999999999999999}', "$.a", "too large", id="huge integer"),
        pytest.param(f'{{"a": {"9" * 5000}}}', "$", "too many digits", id="absurd integer"),
        pytest.param("[" * 100_000, "$", "too deeply", id="stack bomb"),
        pytest.param("[" * 70 + "]" * 70, "$" + "[0]" * 65, "too deeply", id="deep"),
        pytest.param('{"a": "\\ud800"}', "$.a", "half a character", id="lone surrogate"),
    ],
)
def test_broken_json_is_told_with_its_place(text: str, path: str, what: str) -> None:
    document = Document("f.json")
    assert parse_json(text, "$", document) is None
    assert document.problems[0].path == path
    assert what in document.problems[0].what
    with pytest.raises(ConfigError, match=r"f\.json"):
        document.raise_errors()


def test_key_given_twice_is_a_warning() -> None:
    document = Document("f.json")
    assert parse_json('{"a": {"b": 1, "b": 2}}', "$", document) == {"a": {"b": 2}}
    assert [(problem.path, problem.is_warning) for problem in document.problems] == [("$.a.b", True)]


@pytest.mark.parametrize(
    ("text", "value", "mends"),
    [
        pytest.param('{"a": [1, 2,], }', {"a": [1, 2]}, 1, id="trailing commas in one line"),
        pytest.param('{"a": "x\ny\tz"}', {"a": "x\ny\tz"}, 1, id="raw line break in a string"),
        pytest.param('{"a": 1}}', {"a": 1}, 1, id="surplus brace at the end"),
        pytest.param('{"a": {"b": [1', {"a": {"b": [1]}}, 2, id="everything missing at the end"),
        pytest.param('{"a": {"b": [1}}', {"a": {"b": [1]}}, 1, id="bracket missing in the middle"),
        pytest.param('{"a": "},]\\""}', {"a": '},]"'}, 0, id="brackets in strings are text"),
    ],
)
def test_lenient_reading(text: str, value: object, mends: int) -> None:
    document = Document("f.json", lenient=True)
    assert parse_json(text, "$", document) == value
    assert len(document.warnings) == len(document.problems) == mends
    strict = Document("f.json")
    assert parse_json(text, "$", strict) == (value if not mends else None)


def test_mending_tells_the_line() -> None:
    assert mend('{\n"a": 1,\n}')[1] == ("trailing comma in line 2 was ignored",)


def test_beyond_mending() -> None:
    document = Document("f.json", lenient=True)
    assert parse_json('{"a" 1}', "$", document) is None
    assert "line 1, column 6" in document.problems[0].what


def test_paths() -> None:
    path = child(child(child(child("$", "modulesContent"), "$edgeAgent"), "properties.desired"), 0)
    assert path == '$.modulesContent.$edgeAgent["properties.desired"][0]'


def test_bytes() -> None:
    assert decode(b"\xef\xbb\xbf{}", Document("f")) == "{}"
    with pytest.raises(ConfigError, match="UTF-8"):
        decode(b"\xff", Document("f"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no\nb: true\nc: ~\nd: '5'", {"a": "no", "b": True, "c": None, "d": "5"}),
        ("e: 5\nf: 0.5\ng: on", {"e": 5, "f": 0.5, "g": "on"}),
        ("- 1e3\n- .5\n- 2020-13-45\n- {a: [x]}", [1000.0, 0.5, "2020-13-45", {"a": ["x"]}]),
        ("", None),
    ],
)
def test_yaml_values(text: str, value: object) -> None:
    document = Document("f.yaml")
    assert parse_yaml(text, document) == value
    assert not document.problems


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("a: 1\nb: [c", "line 2, column", id="open list"),
        pytest.param("a: &x 1\nb: *x", "line 2, column 4: aliases", id="alias"),
        pytest.param("a: !!python/object:os.system x", "line 1, column 4: the tag", id="python tag"),
        pytest.param("? [a]\n: 1", "a key has to be a plain word", id="key is a list"),
        pytest.param("a: \x01", "not valid YAML", id="control character"),
        pytest.param("[" * 5000, "too deeply", id="stack bomb"),
        pytest.param("a: 1\n---\nb: 2", "line 2", id="two documents"),
        pytest.param("a: 1e999", "not a finite number", id="overflow"),
    ],
)
def test_broken_yaml_is_told_with_its_place(text: str, what: str) -> None:
    document = Document("f.yaml")
    assert parse_yaml(text, document) is None
    assert what in document.problems[0].what


def test_yaml_key_given_twice() -> None:
    document = Document("f.yaml")
    assert parse_yaml("a: 1\na: 2", document) == {"a": 2}
    assert document.warnings[0].path == "$.a"
