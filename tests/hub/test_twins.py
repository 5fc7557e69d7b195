"""Twins: versions, merge patches, limits, etags, what a module is told."""

from __future__ import annotations

import copy
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.edge.topics import Identity
from footfall.hub import documents
from footfall.hub.messages import BadRequest, StaleTwin
from footfall.hub.twins import Change, Twin, Update

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
LATER = datetime(2026, 1, 5, 13, tzinfo=UTC)
MODULE = Identity("dev1", "mod1")

KEYS = st.text(
    st.characters(codec="utf-8", exclude_characters=".$# ", exclude_categories=("Cc", "Cs")), min_size=1, max_size=6
)
PLAIN = (
    st.booleans()
    | st.integers(-(2**52), 2**52)
    | st.text(max_size=8)
    | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=4)
PATCHES = st.dictionaries(
    KEYS,
    st.recursive(st.none() | VALUES, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=6),
    max_size=4,
)


@pytest.mark.parametrize(
    ("document", "patch", "after"),
    [
        pytest.param({}, {"a": 1}, {"a": 1}, id="a property appears"),
        pytest.param({"a": 1, "b": 2}, {"a": None}, {"b": 2}, id="null deletes"),
        pytest.param({"b": 2}, {"a": None}, {"b": 2}, id="null deletes what is not there"),
        pytest.param({"a": {"x": 1, "y": 2}}, {"a": {"x": 3}}, {"a": {"x": 3, "y": 2}}, id="objects merge"),
        pytest.param({"a": {"x": 1}}, {"a": {"x": None}}, {"a": {}}, id="an object may become empty"),
        pytest.param({"a": [1, 2, 3]}, {"a": [4]}, {"a": [4]}, id="arrays are replaced whole"),
        pytest.param({"a": 1}, {"a": {"x": 1, "y": None}}, {"a": {"x": 1}}, id="an object takes a number's place"),
        pytest.param({"a": {"x": 1}}, {"a": 5}, {"a": 5}, id="a number takes an object's place"),
        pytest.param(
            {}, {"a": {"b": {"c": None}}}, {"a": {"b": {}}}, id="what is deleted in a new object is not there"
        ),
    ],
)
def test_patches_merge(document: dict[str, Any], patch: dict[str, Any], after: dict[str, Any]) -> None:
    assert documents.merged(document, patch) == after


@given(DOCUMENTS, PATCHES)
def test_a_patch_changes_neither_document_nor_patch(document: dict[str, Any], patch: dict[str, Any]) -> None:
    before = copy.deepcopy((document, patch))
    documents.merged(document, patch)
    assert (document, patch) == before


@given(DOCUMENTS, PATCHES)
def test_a_patch_twice_is_a_patch_once(document: dict[str, Any], patch: dict[str, Any]) -> None:
    once = documents.merged(document, patch)
    assert documents.merged(once, patch) == once


@given(DOCUMENTS, DOCUMENTS)
def test_the_difference_makes_one_document_of_the_other(old: dict[str, Any], new: dict[str, Any]) -> None:
    patch = documents.patch_between(old, new)
    assert msgspec.json.encode(documents.merged(old, patch), order="sorted") == msgspec.json.encode(new, order="sorted")


@given(DOCUMENTS)
def test_between_equals_there_is_no_difference(document: dict[str, Any]) -> None:
    assert documents.patch_between(document, copy.deepcopy(document)) == {}


def test_true_is_not_one() -> None:
    assert documents.patch_between({"a": 1, "b": [1]}, {"a": True, "b": [True]}) == {"a": True, "b": [True]}


def test_desired_and_reported_count_apart() -> None:
    twin = Twin().with_desired({"a": 1}, NOON).twin.with_reported({"b": 1}, NOON).with_reported({"b": 1}, NOON)
    assert (twin.desired.version, twin.reported.version) == (2, 3)


def test_an_equal_value_counts_too_and_the_module_is_told() -> None:
    first = Twin().with_desired({"a": 1}, NOON)
    again = first.twin.with_desired({"a": 1}, NOON)
    assert msgspec.json.decode(again.told) == {"a": 1, "$version": 3}


def test_the_module_is_told_just_what_the_back_end_changed() -> None:
    twin = Twin().with_desired({"a": {"x": 1, "y": 2}, "b": 3}, NOON).twin
    change = twin.with_desired({"a": {"x": None}}, NOON)
    assert msgspec.json.decode(change.told) == {"a": {"x": None}, "$version": 3}


def test_other_desired_properties_are_told_as_the_difference() -> None:
    twin = Twin().with_desired({"a": {"x": 1, "y": 2}, "b": 3}, NOON).twin
    change = twin.with_all_desired({"a": {"y": 2, "z": 4}}, NOON)
    assert msgspec.json.decode(change.told) == {"a": {"x": None, "z": 4}, "b": None, "$version": 3}
    assert change.twin.desired.values == {"a": {"y": 2, "z": 4}}


@given(st.lists(DOCUMENTS, min_size=1, max_size=5))
def test_who_hears_every_change_knows_the_desired_properties(wanted: list[dict[str, Any]]) -> None:
    twin, heard = Twin(), {}
    for document in wanted:
        change = twin.with_all_desired(document, NOON)
        told = msgspec.json.decode(change.told)
        assert told.pop("$version") == change.twin.desired.version == twin.desired.version + 1
        twin, heard = change.twin, documents.merged(heard, told)
    assert heard == twin.desired.values == wanted[-1]


def test_what_a_back_end_read_it_may_send_back() -> None:
    twin = Twin().with_desired({"a": 1}, NOON).twin
    read = twin.for_service(MODULE)["properties"]["desired"]  # type: ignore[index]
    assert twin.with_all_desired(read, LATER).twin.desired.values == {"a": 1}
    assert "$metadata" in read


def test_a_module_gets_both_parts_without_wrapper_and_metadata() -> None:
    twin = Twin().with_desired({"a": 1}, NOON).twin.with_reported({"b": {"c": 2}}, NOON)
    assert msgspec.json.decode(twin.for_client()) == {
        "desired": {"a": 1, "$version": 2},
        "reported": {"b": {"c": 2}, "$version": 2},
    }


def test_a_back_end_gets_ids_etag_and_the_time_of_every_property() -> None:
    twin = Twin().with_desired({"a": {"b": 1, "c": 2}}, NOON).twin.with_desired({"a": {"b": 3}}, LATER).twin
    document = twin.for_service(MODULE)
    assert (document["deviceId"], document["moduleId"], document["etag"]) == ("dev1", "mod1", twin.etag)
    noon, later = {"$lastUpdated": "2026-01-05T12:00:00.000Z"}, {"$lastUpdated": "2026-01-05T13:00:00.000Z"}
    desired = document["properties"]["desired"]  # type: ignore[index]
    assert desired["$metadata"] == {**later, "a": {**later, "b": later, "c": noon}}
    assert desired["$version"] == 3


def test_a_devices_twin_names_no_module() -> None:
    assert "moduleId" not in Twin().for_service(Identity("dev1"))


def test_metadata_forget_what_was_deleted() -> None:
    twin = Twin().with_reported({"a": 1, "b": 2}, NOON).with_reported({"a": None}, LATER)
    assert twin.reported.updated.keys() == {"$lastUpdated", "b"}


@pytest.mark.parametrize("quoted", [pytest.param(f, id=f) for f in ("{}", '"{}"', 'W/"{}"', " {} ")])
def test_the_present_etag_is_accepted_and_a_stale_one_is_not(quoted: str) -> None:
    twin = Twin()
    newer = twin.with_desired({"a": 1}, NOON).twin
    newer.require_etag(quoted.format(newer.etag))
    with pytest.raises(StaleTwin):
        newer.require_etag(quoted.format(twin.etag))


def test_a_star_or_nothing_is_always_accepted() -> None:
    Twin().require_etag("*")
    Twin().require_etag('"*"')
    Twin().require_etag(None)


def test_reports_leave_the_etag_alone_but_tags_do_not() -> None:
    twin = Twin()
    assert twin.with_reported({"a": 1}, NOON).etag == twin.etag
    assert tagged({"site": "north"}, twin).etag != twin.etag


def test_the_version_grows_with_every_change() -> None:
    versions = [
        twin.for_service(MODULE)["version"]
        for twin in (
            Twin(),
            Twin().with_reported({"a": 1}, NOON),
            tagged({"t": 1}, Twin().with_reported({"a": 1}, NOON)),
        )
    ]
    assert versions == [2, 3, 4]


@given(DOCUMENTS, DOCUMENTS, DOCUMENTS)
def test_a_twin_survives_the_database(desired: dict[str, Any], reported: dict[str, Any], tags: dict[str, Any]) -> None:
    twin = tagged(tags, Twin().with_desired(desired, NOON).twin.with_reported(reported, LATER))
    assert Twin.decode(twin.encode()) == twin


def tagged(tags: dict[str, Any], twin: Twin | None = None) -> Twin:
    return (twin or Twin()).updated(Update(tags=tags), NOON).twin


def test_tags_merge_and_concern_no_module() -> None:
    change = tagged({"a": {"x": 1}, "b": 2}).updated(Update(tags={"a": {"y": 2}, "b": None}), NOON)
    assert change == Change(change.twin, None)
    assert change.twin.tags == {"a": {"x": 1, "y": 2}}
    assert change.twin.desired.version == 1


def test_all_of_a_twin_is_replaced() -> None:
    twin = tagged({"a": 1}).with_desired({"b": 2}, NOON).twin
    document = {"tags": {"c": 3}, "properties": {"desired": {"d": 4}, "reported": {"e": 5}}, "etag": "x"}
    change = twin.updated(Update.of(document, is_whole=True), LATER)
    assert (change.twin.tags, change.twin.desired.values, change.twin.reported) == ({"c": 3}, {"d": 4}, twin.reported)
    assert change.twin.revision == twin.revision + 1


@pytest.mark.parametrize("document", [{"tags": 5}, {"properties": []}, {"properties": {"desired": "x"}}])
def test_an_update_that_is_no_object_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match="an object is needed"):
        Update.of(document, is_whole=False)


SIZES = [4000] * 8 + [681]
"""Texts that make a document of nearly 32 KiB."""


def test_a_broken_rule_is_told_with_its_place() -> None:
    with pytest.raises(BadRequest) as top:
        Twin().with_reported({"a.b": 1}, NOON)
    assert str(top.value).startswith("the name 'a.b' has")
    with pytest.raises(BadRequest) as inner:
        Twin().with_reported({"a": {"b": [{"c": {"d.e": 1}}]}}, NOON)
    assert str(inner.value).startswith("a.b[0].c: the name 'd.e' has")


def test_the_etag_is_eight_bytes_in_base64() -> None:
    assert Twin().etag == "AAAAAAAAAAE="


def test_an_update_may_leave_everything_as_it_is() -> None:
    assert Update.of({}, is_whole=False) == Update(None, None)
    assert Update.of({"properties": {}, "etag": "x"}, is_whole=True) == Update(None, None, is_whole=True)


def test_a_payload_is_parsed() -> None:
    assert documents.parse(b' {"a": [1, null]} ') == {"a": [1, None]}


def test_an_object_may_take_the_place_of_a_text_and_back() -> None:
    twin = Twin().with_desired({"a": "x"}, NOON).twin
    change = twin.with_all_desired({"a": {"b": 1}}, NOON)
    assert change.twin.desired.values == {"a": {"b": 1}}
    assert change.twin.with_all_desired({"a": "x"}, NOON).twin.desired.values == {"a": "x"}


def nested(count: int) -> dict[str, Any]:
    document: dict[str, Any] = {"value": 1}
    for _ in range(count):
        document = {"inner": document}
    return document


@pytest.mark.parametrize(
    ("patch", "wrong"),
    [
        pytest.param({"a.b": 1}, "'a.b' has a '.'", id="a dot in a name"),
        pytest.param({"a": {"$b": 1}}, "a: the name '$b' has a '$'", id="a dollar in an inner name"),
        pytest.param({"a#": 1}, "has a '#'", id="a hash in a name"),
        pytest.param({"a b": 1}, "has a ' '", id="a blank in a name"),
        pytest.param({"a\n": 1}, "has a '\\n'", id="a line feed in a name"),
        pytest.param({"a\x85": 1}, "has a '\\x85'", id="a C1 control character in a name"),
        pytest.param({"": 1}, "without a name", id="no name at all"),
        pytest.param({"ä" * 512 + "b": 1}, "a name of 1025 bytes", id="a name too long in bytes"),
        pytest.param({"a": "ä" * 2048 + "b"}, "a: a text of 4097 bytes", id="a text too long in bytes"),
        pytest.param({"a\x7f": 1}, "the name 'a\\x7f' has", id="a delete character in a name"),
        pytest.param({"a\x9f": 1}, "the name 'a\\x9f' has", id="the last control character in a name"),
        pytest.param(
            {f"k{i}": "x" * size for i, size in enumerate(SIZES)} | {"more": "xxxxx"},
            "32769 bytes",
            id="a byte too many",
        ),
        pytest.param({"a": {"b": 2**52 + 1}}, "a.b: an integer beyond", id="an integer too large"),
        pytest.param({"a": -(2**52) - 1}, "a: an integer beyond", id="an integer too small"),
        pytest.param({"a": [1, None]}, "a[1]: no null inside an array", id="null in an array"),
        pytest.param({"a": [{"b": [None]}]}, "a[0].b[0]: no null", id="null in an array in an object in an array"),
        pytest.param(nested(11), "more than 10 objects", id="eleven objects deep"),
        pytest.param({"a": [[[[[[[[[[[[1]]]]]]]]]]]]}, "nested too deeply", id="twelve arrays deep"),
        pytest.param({f"k{i}": "x" * 4000 for i in range(9)}, "36073 bytes, at most 32768", id="36 KB at once"),
    ],
)
def test_what_breaks_a_limit_is_refused_and_changes_nothing(patch: dict[str, Any], wrong: str) -> None:
    twin = Twin()
    with pytest.raises(BadRequest) as refusal:
        twin.with_reported(patch, NOON)
    assert wrong in str(refusal.value)
    with pytest.raises(BadRequest):
        twin.with_desired(patch, NOON)
    with pytest.raises(BadRequest):
        twin.with_all_desired(patch, NOON)
    with pytest.raises(BadRequest):
        tagged(patch, twin)
    assert twin == Twin()


@pytest.mark.parametrize(
    "patch",
    [
        pytest.param({"ä" * 512: 1}, id="a name of 1024 bytes"),
        pytest.param({"a": "ä" * 2048}, id="a text of 4096 bytes"),
        pytest.param({"a": 2**52, "b": -(2**52)}, id="the outermost integers"),
        pytest.param(nested(10), id="ten objects deep"),
        pytest.param({"a": None, "b": {"c": None}}, id="nulls that delete"),
        pytest.param({"a": 1e300, "b": [True, "x", 1.5, {"c": []}]}, id="every kind of value"),
        pytest.param({"a/b:c-d_e+f~!\xa0": 1}, id="other signs in a name"),
        pytest.param({f"k{i}": "x" * size for i, size in enumerate(SIZES)} | {"more": "xxxx"}, id="32 KiB"),
        pytest.param({"a": [[[[[[[[[[[1]]]]]]]]]]]}, id="eleven arrays deep"),
    ],
)
def test_the_limits_themselves_are_allowed(patch: dict[str, Any]) -> None:
    assert Twin().with_reported(patch, NOON).reported.version == 2


def test_the_size_counts_for_the_whole_document_not_for_the_patch() -> None:
    twin = Twin()
    for i in range(8):
        twin = twin.with_reported({f"k{i}": "x" * 4000}, NOON)
    with pytest.raises(BadRequest, match="at most 32768"):
        twin.with_reported({"more": "x" * 4000}, NOON)
    assert twin.with_reported({"k0": None, "more": "x" * 4000}, NOON).reported.version == 10


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b"[1]", id="an array"),
        pytest.param(b"null", id="null"),
        pytest.param(b"\xff\xfe", id="no UTF-8"),
        pytest.param(b'{"a":NaN}', id="not a number"),
        pytest.param(b'{"a":' + b"[" * 100_000, id="nested without end"),
    ],
)
def test_a_payload_that_is_no_object_is_refused(payload: bytes) -> None:
    with pytest.raises(BadRequest):
        documents.parse(payload)


@given(st.binary(max_size=60))
def test_any_payload_is_an_object_or_refused(payload: bytes) -> None:
    with suppress(BadRequest):
        Twin().with_reported(documents.parse(payload), NOON)
