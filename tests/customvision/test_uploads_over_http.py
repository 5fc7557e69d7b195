"""Pictures that mean no good, and many clients at once, through the door to the real operations."""

from __future__ import annotations

import io
import resource
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from vision_door import House
from vision_server import client_of, draw_pictures, running


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("data"))
    yield house
    house.close()


def encoded(kind: str, size=(64, 48), mode="RGB", **more) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 90).save(out, kind, **more)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says how large it is."""
    head = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    data = b"IDAT" + zlib.compress(bytes(1000))
    chunks = ((len(one) - 4).to_bytes(4, "big") + one + zlib.crc32(one).to_bytes(4, "big") for one in (head, data))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def text_bomb() -> bytes:
    whole = encoded("PNG")
    chunk = b"zTXt" + b"c\0\0" + zlib.compress(bytes(300_000_000), 9)
    return whole[:33] + (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big") + whole[33:]


def turned(turn: int) -> bytes:
    """A JPEG that says how it is to be turned (EXIF orientation)."""
    entry = b"\x12\x01\x03\0\x01\0\0\0" + bytes([turn, 0, 0, 0])
    return encoded("JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0" + entry + bytes(4))


JPEG = encoded("JPEG")
RAW = {"Content-Type": "application/octet-stream"}
ROTATIONS = [
    pytest.param(turned(turn), 200, (48, 64) if turn > 4 else (64, 48), id=f"turned, {turn}") for turn in range(1, 9)
]
BAD = [
    pytest.param(png_header(50_000, 50_000), 400, None, id="a small file of 2,500 megapixels"),
    pytest.param(png_header(10_241, 10), 400, None, id="too wide"),
    pytest.param(encoded("PNG", (400, 10)), 400, None, id="too narrow"),
    pytest.param(JPEG[:300], 400, None, id="cut off"),
    pytest.param(b"GIF89a<script>", 400, None, id="half a GIF"),
    pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", 400, None, id="SVG"),
    pytest.param(JPEG + b"PK\x03\x04 an archive", 200, (64, 48), id="a picture with an archive behind it"),
    pytest.param(encoded("JPEG", mode="CMYK"), 200, (64, 48), id="four colours"),
    pytest.param(encoded("GIF", mode="P"), 200, (64, 48), id="a GIF"),
    pytest.param(encoded("BMP"), 200, (64, 48), id="a BMP"),
    pytest.param(encoded("WEBP"), 400, None, id="WebP is not among the formats"),
    pytest.param(text_bomb(), None, (64, 48), id="300 MB of words in 300 kB"),
]


@pytest.mark.parametrize(("content", "status", "size"), [*ROTATIONS, *BAD])
def test_pictures_are_taken_or_refused_in_little_memory(house: House, content, status, size) -> None:
    path = f"/customvision/v3.3/training/projects/{house.project}/images"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = house.visitor.ask("POST", path, RAW, content=content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000, "kilobytes"
    if status is not None:
        assert answer.status_code in ((200, 207) if status == 200 else (400,)), answer.text
    if answer.status_code != 400:
        image = answer.json()["images"][0]["image"]
        assert (image["width"], image["height"]) == size
        found = house.visitor.ask("GET", image["originalImageUri"], {"Training-Key": None})
        assert found.status_code == 200
        assert Image.open(io.BytesIO(found.content)).size == size
        assert not Image.open(io.BytesIO(found.content)).getexif()
    else:
        assert answer.json()["code"] == "BadRequestImageBatch"
        assert answer.json()["message"]


def test_deleted_pictures_are_gone_from_their_addresses(house: House) -> None:
    project = f"/customvision/v3.3/training/projects/{house.project}"
    content = encoded("PNG", (65, 43))
    answer = house.visitor.ask("POST", f"{project}/images", RAW, content=content)
    image = answer.json()["images"][0]["image"]
    no_key = {"Training-Key": None}
    headers = house.visitor.ask("GET", image["thumbnailUri"], no_key).headers
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
    assert house.visitor.ask("HEAD", image["thumbnailUri"], no_key).status_code == 200
    artifact = house.visitor.ask("GET", f"{project}/artifacts", params={"path": image["originalImageUri"]})
    assert artifact.content == house.visitor.ask("GET", image["originalImageUri"], no_key).content
    elsewhere = f"/customvision/v3.3/training/projects/{house.ids[1]}/artifacts"
    answer = house.visitor.ask("GET", elsewhere, params={"path": image["originalImageUri"]})
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequestInvalidArtifactUri")
    answer = house.visitor.ask("GET", f"{project}/artifacts", params={"path": "../../etc/passwd"})
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequestInvalidArtifactUri")
    tampered = house.visitor.ask("GET", image["originalImageUri"] + "x", no_key)
    assert (tampered.status_code, tampered.json()["error"]["code"]) == (403, "403")
    assert house.visitor.ask("DELETE", f"{project}/images", params={"imageIds": image["id"]}).status_code == 204
    gone = house.visitor.ask("GET", image["originalImageUri"], no_key)
    assert (gone.status_code, gone.json()["code"]) == (404, "NotFoundImage")
    answer = house.visitor.ask("GET", f"{project}/artifacts", params={"path": image["originalImageUri"]})
    assert (answer.status_code, answer.json()["code"]) == (404, "NotFoundImage")


def test_ten_clients_at_once_do_not_disturb_each_other(tmp_path) -> None:
    pictures = draw_pictures(tmp_path, each=2)
    with running(tmp_path) as server:

        def work(number: int) -> list[int]:
            with client_of(server) as client:
                project = client.project(f"number {number}")
                ids = client.upload(project, pictures)
                images = client.train("GET", f"/projects/{project}/images").json()
                assert sorted(one["id"] for one in images) == sorted(ids)
                statuses = [client.fetch(one["originalImageUri"]).status_code for one in images]
                statuses.append(client.train("GET", f"/projects/{project}/images/count").status_code)
                statuses.append(client.train("DELETE", f"/projects/{project}").status_code)
                return statuses

        with ThreadPoolExecutor(10) as pool:
            assert list(pool.map(work, range(10))) == [[200, 200, 200, 200, 200, 204]] * 10
        with client_of(server) as client:
            assert client.train("GET", "/projects").json() == []
