from __future__ import annotations

from pathlib import Path

import pytest

from footfall.cli.main import main
from footfall.customvision.door.keys import AccessKeys, Area, KeyName
from footfall.customvision.door.links import SECRET_FILE, LinkSecrets
from footfall.customvision.folder import VisionFolder
from footfall.engine.clock import SystemClock


@pytest.fixture
def data(tmp_path: Path) -> Path:
    AccessKeys(VisionFolder(tmp_path).keys, SystemClock()).make_missing()
    return tmp_path


def keys_of(data: Path) -> AccessKeys:
    return AccessKeys(VisionFolder(data).keys, SystemClock())


def test_keys_are_listed_without_themselves(data: Path, capsys) -> None:
    new = keys_of(data).rotate(KeyName(Area.TRAINING, 1))
    keys_of(data).find(new.secret)
    assert main(["customvision", "keys", "show", "--data", str(data)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines] == [
        "prediction key 1", "prediction key 2", "training key 1", "training key 2",
    ]  # fmt: skip
    assert [line.endswith("never") for line in lines] == [True, True, False, True]
    assert new.secret not in "".join(lines)


def test_a_key_is_replaced_and_printed_alone(data: Path, capsys) -> None:
    assert main(["customvision", "keys", "rotate", "prediction", "2", "--data", str(data)]) == 0
    told = capsys.readouterr()
    assert keys_of(data).find(told.out.strip()) == KeyName(Area.PREDICTION, 2)
    assert told.out.strip() not in told.err


def test_addresses_end_when_they_are_told_to(data: Path, capsys) -> None:
    secrets = LinkSecrets(VisionFolder(data).keys / SECRET_FILE)
    now = SystemClock().now()
    before = secrets.newest(now)
    assert main(["customvision", "keys", "rotate", "links", "--data", str(data)]) == 0
    assert before not in secrets.valid(now)
    assert "have ended" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["keys", "show", "--data", "{empty}"], "holds no keys", id="a folder without keys"),
        pytest.param(["keys", "rotate", "links", "--data", "{empty}"], "holds no keys", id="links without keys"),
        pytest.param(["keys", "rotate", "training", "--data", "{data}"], "say which of the two", id="which key?"),
        pytest.param(["serve", "--host", "192.0.2.1", "--insecure-http"], "--behind-proxy", id="keys in clear"),
        pytest.param(["serve", "--tls-cert", "x.pem"], "one is there without the other", id="half a certificate"),
    ],
)  # fmt: skip
def test_mistakes_are_said_with_their_cure(data: Path, tmp_path_factory, capsys, arguments, expected) -> None:
    empty = tmp_path_factory.mktemp("empty")
    told = [one.format(empty=empty, data=data) for one in arguments]
    if "--data" not in told:
        told += ["--data", str(empty)]
    assert main(["customvision", *told]) == 2
    assert expected in capsys.readouterr().err
    assert not list(empty.iterdir())


@pytest.mark.parametrize(
    "url", ["vision.example.org", "ftp://x", "https://", "https://x/?a", "https://x:0", "https://[x"]
)
def test_public_addresses_that_are_none_are_refused(url: str, capsys) -> None:
    with pytest.raises(SystemExit):
        main(["customvision", "serve", "--public-url", url])
    assert "is no address such as" in capsys.readouterr().err
