"""The page: whole, self-contained, safe with any name."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from footfall.report.document import CameraReport
from footfall.report.page import page
from report.stage import shop

VOID = {"meta", "img"}
PNG = {"heat.picture": b"1", "dwell.picture": b"2", "heat.floor": b"3"}


class Reader(HTMLParser):
    """Collects tags, attributes and text; tags must close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(*cameras: CameraReport) -> Reader:
    reader = Reader()
    reader.feed(page(cameras, [PNG] * len(cameras)))
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return read(shop())


def test_nothing_is_fetched(reader: Reader) -> None:
    names = {tag for tag, _ in reader.tags}
    assert names.isdisjoint({"script", "link", "iframe", "object", "form", "base"})
    sources = [attrs["src"] for tag, attrs in reader.tags if tag == "img"]
    assert len(sources) == 3
    assert all(source is not None and source.startswith("data:image/png;base64,") for source in sources)
    assert not re.search(r"https?://|url\(|@import", page([shop()], [PNG]))


def test_pictures_have_words_for_those_who_do_not_see_them(reader: Reader) -> None:
    assert all(attrs.get("alt") for tag, attrs in reader.tags if tag == "img")


def test_light_and_dark_wide_and_narrow() -> None:
    text = page([shop()], [PNG])
    assert "prefers-color-scheme: dark" in text
    assert 'name="viewport"' in text
    assert "overflow-x: auto" in text, "wide tables scroll by themselves, the page does not"


def test_names_are_text_whatever_they_hold() -> None:
    words = read(shop(name='<script>alert("x")</script>')).words
    assert '<script>alert("x")</script>' in words
    assert "till <&>" in words


def test_the_figures_are_on_it(reader: Reader) -> None:
    words = " | ".join(reader.words)
    assert "5 | people seen" in words
    assert "door | 0 | 5  | 5-9" in words
    assert "till <&> → exit | 5" in words
    assert "at least 3 people" in words


def test_several_cameras_stand_one_below_the_other() -> None:
    headings = [attrs for tag, attrs in read(shop(), shop(name="hall")).tags if tag == "h2"]
    assert len(headings) == 2


def test_a_page_says_when_everything_is_shown() -> None:
    words = " ".join(read(shop(least=1)).words)
    assert "also those that a single person was in" in words
    assert "Nothing is left out" in words


def test_a_page_without_people_has_no_rows_but_stands() -> None:
    words = " ".join(read(shop(people=0)).words)
    assert "people seen" in words
    assert "Over time" not in words


def test_an_empty_map_says_why() -> None:
    kinds = ("heat", "dwell", "flow", "paths")
    text = page([shop(people=2)], [{f"{kind}.picture": b"1" for kind in kinds}])
    empty = re.findall(r"<figcaption>([^:<]+): nothing that enough people share\.</figcaption>", text)
    assert empty == ["Where people are", "Where people stand", "How people walk", "From where to where"]
