from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from footfall.web.app import described
from footfall.web.openapi import text

HERE = Path(__file__).parents[2]
WORDS = ("get", "put", "post", "patch", "delete")


@pytest.fixture(scope="module")
def document():
    return described()


def operations(document):
    return [(method, path, one) for path, all_of in document["paths"].items() for method, one in all_of.items()]


def test_the_committed_description_is_that_of_the_routes():
    written = (HERE / "web" / "openapi.json").read_text()
    assert written == text(), "run: python -m footfall.web.openapi > web/openapi.json"


def test_it_is_openapi_3_1_whose_schemas_are_json_schema(document):
    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_operation_has_its_own_id_words_tag_and_role(document):
    found = operations(document)
    ids = [one["operationId"] for _, _, one in found]
    assert len(ids) == len(set(ids)) > 50
    for method, path, one in found:
        assert method in WORDS, path
        assert one["description"].strip(), path
        assert one["tags"], path
        assert one["x-footfall-role"] in {"anyone", "viewer", "operator", "admin"}, path


def test_every_operation_of_the_api_says_how_its_errors_look(document):
    for _, path, one in operations(document):
        assert "422" not in one["responses"], path
        if path.startswith("/api/"):
            for status in ("400", "401", "403", "413", "429", "503"):
                answer = one["responses"][status]["content"]["application/json"]["schema"]
                assert answer == {"$ref": "#/components/schemas/ErrorAnswer"}, (path, status)


def test_no_schema_is_left_open_by_mistake(document):
    told = {name: one for name, one in document["components"]["schemas"].items() if one.get("type") == "object"}
    assert all(one.get("additionalProperties") is False for one in told.values())
