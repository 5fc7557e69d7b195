"""TLS of our own server, asked by our own client."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall.config.media import Encoding, Endpoint, Extension, ImageForm, Protocol, ScaleMode
from footfall.core.errors import ConfigError
from footfall.core.types import Frame
from footfall.events.inferences import Inference
from footfall.extension.build import open_client
from footfall.extension.client import Answer, Asker, Diagnostic, Ears, Patience, Trouble
from footfall.extension.identity import ServerIdentity
from footfall.extension.server import ExtensionServer
from servers.certificates import make_certificates
from servers.extension_frames import frame, until


class Nobody:
    def look(self, frame: Frame) -> list[Inference]:
        return []

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server(certificates: Path) -> Iterator[ExtensionServer]:
    environ = {
        "FOOTFALL_TLS_CERTIFICATE": os.fspath(certificates / "server.pem"),
        "FOOTFALL_TLS_KEY": os.fspath(certificates / "server.key"),
    }
    identity = ServerIdentity.from_environment(environ)
    running = ExtensionServer("127.0.0.1:0", lambda _: Nobody(), lambda *_: None, identity)
    running.start()
    yield running
    running.close()


@pytest.mark.parametrize("is_tls", [True, False], ids=["TLS", "no TLS"])
def test_only_who_speaks_tls_is_served(server: ExtensionServer, certificates: Path, is_tls: bool) -> None:
    answers: list[Answer] = []
    troubles: list[Trouble] = []
    trusted = ((certificates / "ca.pem").read_text(),) if is_tls else ()
    endpoint = Endpoint(f"tcp://127.0.0.1:{server.port}", is_tls=is_tls, trusted_pem=trusted)
    image = ImageForm(ScaleMode.PAD, 64, 48, Encoding.RAW, "Bgr24")
    ears = Ears(answers.append, troubles.append, Patience(unanswered_s=2.0))
    client = open_client(Extension(Protocol.GRPC, endpoint, image), Asker("/a", "i", "n"), ears)
    client.offer(frame(1), 7)
    until(lambda: bool(answers or troubles))
    client.close()
    assert [answer.timestamp_90k for answer in answers] == ([7] if is_tls else [])
    assert [trouble.kind for trouble in troubles] == ([] if is_tls else [Diagnostic.NETWORK])


def test_without_files_there_is_no_tls() -> None:
    assert ServerIdentity.from_environment({}) is None
    assert ServerIdentity.from_environment({"FOOTFALL_TLS_CERTIFICATE": "", "FOOTFALL_TLS_KEY": ""}) is None


@pytest.mark.parametrize(
    ("given", "missing"),
    [("FOOTFALL_TLS_CERTIFICATE", "FOOTFALL_TLS_KEY"), ("FOOTFALL_TLS_KEY", "FOOTFALL_TLS_CERTIFICATE")],
)
def test_half_an_identity(given: str, missing: str) -> None:
    with pytest.raises(ConfigError, match=f"{missing}: is not set"):
        ServerIdentity.from_environment({given: "/x"})


@pytest.mark.parametrize(
    ("certificate", "key"),
    [
        pytest.param("none.pem", "server.key", id="no such file"),
        pytest.param("server.pem", "client.key", id="another key"),
        pytest.param("server.key", "server.key", id="no certificate"),
    ],
)
def test_files_that_do_not_serve(certificates: Path, certificate: str, key: str) -> None:
    with pytest.raises(ConfigError, match=r"FOOTFALL_TLS_CERTIFICATE: .* cannot be used"):
        ServerIdentity(certificates / certificate, certificates / key).credentials()
