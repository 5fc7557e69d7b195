from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from footfall.customvision.door.multipart import MOST_PARTS, BadMultipart, Part, looks_like_picture, pictures, split

JPEG = b"\xff\xd8\xff\xe0 a picture \r\n--other\r\n with breaks \x00\xff"
PNG = b"\x89PNG\r\n\x1a\n another\r\n"
TYPE = "multipart/form-data; boundary=b0"


def part(head: bytes, content: bytes, line: bytes = b"\r\n") -> bytes:
    return b"--b0" + line + head.replace(b"\n", line) + line + line + content + line


PLAIN = b'Content-Disposition: form-data; name="imageData"'
FILE = b'Content-Disposition: form-data; name="imageData"; filename="C:\\me\\fork 1.jpg"\nContent-Type: image/jpeg'
ELSE = b"content-disposition: form-data; name=whatever"
END = b"--b0--\r\n"


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        pytest.param(
            TYPE, part(PLAIN, JPEG) + END, [Part("imageData", "", JPEG)], id="bytes from the SDK: no file name, no type"
        ),
        pytest.param(
            TYPE, part(FILE, JPEG) + END, [Part("imageData", "fork 1.jpg", JPEG)], id="a file: its name without folders"
        ),
        pytest.param(
            TYPE, part(ELSE, PNG) + END, [Part("whatever", "", PNG)], id="another field that looks like a picture"
        ),
        pytest.param(
            TYPE,
            part(ELSE, b"words") + part(PLAIN, JPEG) + END,
            [Part("imageData", "", JPEG)],
            id="words beside it are passed over",
        ),
        pytest.param(
            TYPE,
            part(FILE, b"no picture") + END,
            [Part("imageData", "fork 1.jpg", b"no picture")],
            id="a file that is no picture is not passed over",
        ),
        pytest.param(
            TYPE,
            part(PLAIN, JPEG) + part(FILE, PNG) + END,
            [Part("imageData", "", JPEG), Part("imageData", "fork 1.jpg", PNG)],
            id="two in order",
        ),
        pytest.param(
            TYPE,
            b"preamble\r\n" + part(PLAIN, JPEG) + END + b"epilogue",
            [Part("imageData", "", JPEG)],
            id="words around it",
        ),
        pytest.param(TYPE, part(PLAIN, JPEG), [Part("imageData", "", JPEG + b"\r\n")], id="without the last boundary"),
        pytest.param(TYPE, part(PLAIN, JPEG, b"\n") + b"--b0--", [Part("imageData", "", JPEG)], id="line feeds alone"),
        pytest.param(
            TYPE, b"--b0\r\n\r\n" + JPEG + b"\r\n" + END, [Part("", "", JPEG)], id="a part without any header"
        ),
        pytest.param(
            TYPE.replace("b0", '"b0"'),
            part(PLAIN, JPEG) + END,
            [Part("imageData", "", JPEG)],
            id="a boundary in quotes",
        ),
        pytest.param("multipart/form-data", JPEG, [Part("", "", JPEG)], id="curl: multipart said, raw bytes sent"),
        pytest.param(
            "multipart/form-data",
            part(PLAIN, JPEG) + END,
            [Part("imageData", "", JPEG)],
            id="no boundary said, but one there",
        ),
        pytest.param("application/octet-stream", JPEG, [Part("", "", JPEG)], id="raw bytes"),
        pytest.param("", JPEG, [Part("", "", JPEG)], id="no type at all"),
        pytest.param("image/jpeg", b"", [], id="nothing"),
        pytest.param(TYPE, END, [], id="a multipart of nothing"),
    ],
)
def test_pictures_are_found(content_type: str, body: bytes, expected: list[Part]) -> None:
    assert pictures(content_type, body) == expected


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        pytest.param(TYPE, b"nothing of it", id="the boundary does not occur"),
        pytest.param(TYPE, b"--b0\r\nname: x", id="headers that never end"),
        pytest.param("multipart/form-data", b"nothing of it", id="no boundary at all"),
        pytest.param("multipart/form-data", b"", id="nothing"),
        pytest.param(TYPE, part(PLAIN, JPEG) * (MOST_PARTS + 1) + END, id="too many parts"),
    ],
)
def test_what_is_broken_is_said_to_be(content_type: str, body: bytes) -> None:
    with pytest.raises(BadMultipart):
        pictures(content_type, body)


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=6), st.sampled_from([b"b0", b"-", b"b0'()+_,./:=?"]))
@example([b"--b0x", b"\r\n--b", b"\r\n", b""], b"b0")
def test_what_is_put_together_comes_apart(contents: list[bytes], boundary: bytes) -> None:
    delimiter = b"--" + boundary
    whole = b"".join(delimiter + b"\r\n" + PLAIN + b"\r\n\r\n" + one + b"\r\n" for one in contents) + delimiter + b"--"
    if all(b"\n" + delimiter not in b"\n" + one for one in contents):
        assert [part.content for part in split(whole, boundary)] == contents


@given(st.binary(max_size=400), st.text(max_size=60))
@example(b"--b0\r\n\r\n\r\n--b0--", "multipart/form-data; boundary*=utf-8''b0")
def test_nothing_breaks_it(body: bytes, rest: str) -> None:
    for content_type in (rest, f"multipart/form-data;{rest}", f"multipart/form-data; boundary={rest}"):
        with suppress(BadMultipart):
            assert all(isinstance(part.content, bytes) for part in pictures(content_type, body))


def test_large_ones_are_taken_apart_fast() -> None:
    content = JPEG + bytes(4_000_000) + b"\r\n--b0almost" * 20_000
    assert pictures(TYPE, part(PLAIN, content) + END)[0].content == content


def test_pictures_are_known_by_their_first_bytes() -> None:
    assert [looks_like_picture(one) for one in (JPEG, PNG, b"GIF89a", b"BM..", b"<svg", b"")] == [True] * 4 + [
        False
    ] * 2
