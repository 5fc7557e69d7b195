from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.errors import ConfigError
from footfall.evaluation.labelled import categories, targets
from footfall.evaluation.voc import read_voc

BOX = "<xmin>10</xmin><ymin>20</ymin><xmax>40</xmax><ymax>60</ymax>"


def document(*labels: str, name: str = "a.jpg", box: str = BOX, extra: str = "") -> bytes:
    objects = "".join(f"<object><name>{label}</name>{extra}<bndbox>{box}</bndbox></object>" for label in labels)
    size = "<size><width>400</width><height>300</height><depth>3</depth></size>"
    return f"<annotation><filename>{name}</filename>{size}{objects}</annotation>".encode()


def test_mask_labels_become_ours_and_a_mask_worn_wrongly_a_face_alone() -> None:
    truth = read_voc([("a.xml", document("with_mask", "without_mask", "mask_weared_incorrect"))], "folder")
    assert categories(truth) == ("face_mask", "face_nomask", "face")
    assert [len(targets(truth, name)["a.jpg"].single) for name in categories(truth)] == [1, 1, 3]
    assert [len(targets(truth, name)["a.jpg"].crowd) for name in categories(truth)] == [1, 1, 0]
    assert targets(truth, "face_mask")["a.jpg"].single.tolist() == [[10, 20, 30, 40]]
    assert (truth.images[0].width, truth.images[0].height) == (400, 300)


def test_both_editions_mean_the_same() -> None:
    files = [("a.xml", document("with_mask")), ("b.xml", document("con_mascarilla", name="b.jpg"))]
    found = targets(read_voc(files, "folder"), "face_mask")
    assert [len(target.single) for target in found.values()] == [1, 1]


def test_other_labels_keep_their_names_and_difficult_ones_do_not_count() -> None:
    files = [("a.xml", document("person", extra="<difficult>1</difficult>")), ("b.xml", document("person", name=""))]
    found = targets(read_voc(files, "folder"), "person")
    assert {name: (len(t.single), len(t.crowd)) for name, t in found.items()} == {"a.jpg": (0, 1), "b.jpg": (1, 0)}


def test_a_picture_of_nobody_counts() -> None:
    truth = read_voc([("a.xml", document("with_mask")), ("b.xml", document(name="b.jpg"))], "folder")
    assert list(targets(truth, "face_mask")) == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"no xml", "a.xml: $: not XML", id="text"),
        pytest.param(b"", "a.xml: $: not XML", id="empty"),
        pytest.param(b"<html/>", "a.xml: html: is not a Pascal VOC annotation", id="another document"),
        pytest.param(b"<annotation/>", "has no <filename>", id="no picture"),
        pytest.param(document("x").replace(b"<name>x</name>", b""), "has no <name>", id="no label"),
        pytest.param(document("x", box="<xmin>1</xmin>"), "holds no four numbers", id="half a box"),
        pytest.param(document("x", box=BOX.replace("40", "nan")), "is no box", id="a side that is no number"),
        pytest.param(document("x", box=BOX.replace("40", "4")), "is no box", id="right is left of left"),
        pytest.param(document("x").replace(b"400", b"wide"), "size/width: 'wide' is no number", id="no width"),
        pytest.param(b'<!DOCTYPE a [<!ENTITY b "c">]><annotation>&b;</annotation>', "entities", id="entities"),
    ],
)
def test_what_is_no_annotation_is_told(content: bytes, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_voc([("a.xml", content)], "folder")
    assert says in str(caught.value)


def test_two_pictures_of_one_name_are_told() -> None:
    with pytest.raises(ConfigError, match=r"folder: .*same file name"):
        read_voc([("a.xml", document("x")), ("b.xml", document("x"))], "folder")


@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(ConfigError):
        read_voc([("a.xml", content)], "folder")
