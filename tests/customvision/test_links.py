from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.errors import ConfigError
from footfall.customvision.door.links import (
    SECRET_FILE,
    BadLink,
    Holds,
    LinkSecrets,
    Place,
    SignedLinks,
    packed,
    unpacked,
)
from vision_door import BASE, OTHER, PROJECT, HandClock

IMAGE = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"


def links_in(folder: Path, clock: HandClock) -> SignedLinks:
    return SignedLinks(LinkSecrets(folder / SECRET_FILE), clock, BASE)


def opened(links: SignedLinks, url: str) -> Place:
    parts, query = urlsplit(url), parse_qs(urlsplit(url).query)
    return links.open(parts.path.rpartition("/")[2], query["se"][0], query["sig"][0])


def test_addresses_lead_back(tmp_path: Path) -> None:
    links = links_in(tmp_path, HandClock())
    assert opened(links, links.image(PROJECT, IMAGE, "thumbnail")) == Place(Holds.IMAGE, PROJECT, IMAGE, "thumbnail")
    assert opened(links, links.prediction(PROJECT, IMAGE, "resized")) == Place(
        Holds.PREDICTION, PROJECT, IMAGE, "resized"
    )
    assert opened(links, links.export(PROJECT, IMAGE, OTHER)) == Place(Holds.EXPORT, PROJECT, IMAGE, "original", OTHER)
    url = links.at("https://other").image(PROJECT, IMAGE, "original")
    assert url.startswith("https://other/customvision/blob/")
    assert opened(links, url).id == IMAGE


@pytest.mark.parametrize(
    ("kind", "hours"), [pytest.param("image", 1, id="images an hour"), pytest.param("export", 24, id="exports a day")]
)
def test_addresses_end(tmp_path: Path, kind: str, hours: int) -> None:
    clock = HandClock()
    links = links_in(tmp_path, clock)
    url = links.image(PROJECT, IMAGE, "original") if kind == "image" else links.export(PROJECT, IMAGE, OTHER)
    clock.go(hours=hours, minutes=-11)
    assert opened(links, url)
    clock.go(minutes=11)
    with pytest.raises(BadLink, match="ended"):
        opened(links, url)


def test_the_same_thing_keeps_its_address_for_a_while(tmp_path: Path) -> None:
    clock = HandClock()
    links = links_in(tmp_path, clock)
    first = links.image(PROJECT, IMAGE, "original")
    clock.go(minutes=9)
    assert links.image(PROJECT, IMAGE, "original") == first
    clock.go(minutes=2)
    assert links.image(PROJECT, IMAGE, "original") != first


def changed(url: str, what: str) -> str:
    parts, query = urlsplit(url), parse_qs(urlsplit(url).query)
    opaque, ends, signature = parts.path.rpartition("/")[2], query["se"][0], query["sig"][0]
    if what == "other image":
        opaque = packed(Place(Holds.IMAGE, PROJECT, OTHER))
    elif what == "other size":
        opaque = packed(Place(Holds.IMAGE, PROJECT, IMAGE, "resized"))
    elif what == "longer":
        ends = str(int(ends) + 600)
    elif what == "same time in other words":
        ends = f"0{ends}"
    elif what == "signature":
        signature = signature[:-2] + ("AA" if signature[-2:] != "AA" else "BB")
    else:
        signature = ""
    return f"{BASE}/customvision/blob/{opaque}?se={ends}&sig={signature or '-'}"


@pytest.mark.parametrize(
    "what", ["other image", "other size", "longer", "same time in other words", "signature", "no signature"]
)
def test_changed_addresses_open_nothing(tmp_path: Path, what: str) -> None:
    links = links_in(tmp_path, HandClock())
    url = links.image(PROJECT, IMAGE, "original")
    with pytest.raises(BadLink):
        opened(links, changed(url, what))


def test_addresses_survive_a_restart(tmp_path: Path) -> None:
    clock = HandClock()
    url = links_in(tmp_path, clock).export(PROJECT, IMAGE, OTHER)
    assert opened(links_in(tmp_path, clock), url).id == IMAGE


def test_secrets_change_every_week_and_the_old_one_holds_as_long_as_its_addresses(tmp_path: Path) -> None:
    clock = HandClock()
    links = links_in(tmp_path, clock)
    before = links.image(PROJECT, IMAGE, "original")
    clock.go(days=6, hours=23)
    last = links.export(PROJECT, IMAGE, OTHER)
    clock.go(hours=2)
    links.image(PROJECT, IMAGE, "original")
    assert len((tmp_path / SECRET_FILE).read_text().splitlines()) == 2
    assert opened(links, last).export_id == OTHER
    clock.go(days=7)
    after = links.image(PROJECT, IMAGE, "original")
    assert len((tmp_path / SECRET_FILE).read_text().splitlines()) == 2
    assert len({one.rpartition("sig=")[2] for one in (before, last, after)}) == 3


def test_replaced_secrets_end_every_address_at_once_in_a_process_that_runs(tmp_path: Path) -> None:
    clock = HandClock()
    links = links_in(tmp_path, clock)
    url = links.image(PROJECT, IMAGE, "original")
    LinkSecrets(tmp_path / SECRET_FILE).replace(clock.now())
    with pytest.raises(BadLink):
        opened(links, url)
    assert opened(links, links.image(PROJECT, IMAGE, "original"))


def test_a_clock_set_back_makes_a_new_secret(tmp_path: Path) -> None:
    clock = HandClock()
    links = links_in(tmp_path, clock)
    links.image(PROJECT, IMAGE, "original")
    clock.go(days=-400)
    assert opened(links, links.image(PROJECT, IMAGE, "original"))


def test_secrets_are_for_this_user_alone(tmp_path: Path) -> None:
    links_in(tmp_path, HandClock()).image(PROJECT, IMAGE, "original")
    assert (tmp_path / SECRET_FILE).stat().st_mode & 0o777 == 0o400


def test_a_broken_file_of_secrets_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / SECRET_FILE).write_text("nonsense\n")
    with pytest.raises(ConfigError, match="holds no secrets"):
        links_in(tmp_path, HandClock())


@given(st.text(max_size=80))
def test_words_that_are_no_places_are_refused(word: str) -> None:
    try:
        place = unpacked(word)
    except BadLink:
        return
    assert unpacked(packed(place)) == place
