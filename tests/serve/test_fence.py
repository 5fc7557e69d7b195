"""What an edit over the network may not add, and what it may name again."""

from __future__ import annotations

from pathlib import Path

import pytest

from footfall.access.outbound import CAMERAS
from footfall.core.errors import ConfigError
from footfall.serve.compiled import Compiler
from footfall.serve.fence import Fence, Trusted
from footfall.serve.folder import TRAINED_MODELS

ENVIRON = {"FOOTFALL_MODEL": "motion", "HOME": "/root", "MACHINE": "canary"}
CAMERA = "cameras:\n  - {name: a, url: 'rtsp://10.0.0.7/1'}\n"


TRAINED = Path("/srv/data/trained")


def judge(text: str, *trusted: str, secrets: dict[str, str] | None = None) -> None:
    compiler, kept = Compiler({**ENVIRON, TRAINED_MODELS: str(TRAINED)}), secrets or {}
    before = [Trusted(one, compiler.compile(one, kept)) for one in trusted]
    resolve = {"meta.example": ["169.254.169.254"], "shop.example": ["93.184.216.34"]}
    fence = Fence(CAMERAS, TRAINED, lambda host, _port: resolve.get(host, []))
    fence.check(text, compiler.compile(text, kept), before, kept)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(CAMERA + "sinks: ['jsonl:/etc/cron.d/x']\n", id="a file to write"),
        pytest.param(CAMERA + "sinks: [events.jsonl]\n", id="a file to write by its name"),
        pytest.param(CAMERA + "  - {name: b, url: /etc/passwd}\n", id="a file to read"),
        pytest.param(CAMERA + "  - {name: b, url: 'file:///etc/passwd'}\n", id="a file by its URL"),
        pytest.param(
            CAMERA + "  - {name: b, url: 'rtsp://10.0.0.8/1', model: /etc/passwd}\n", id="a model by its path"
        ),
        pytest.param(
            CAMERA + "  - {name: b, url: 'rtsp://10.0.0.8/1', attributes: /etc/a.zip}\n", id="a classifier by its path"
        ),
        pytest.param(
            CAMERA + "  - {name: b, url: 'rtsp://10.0.0.8/1', attributes: '${TRAINED_MODELS}/../../x.zip'}\n",
            id="a way out of the models",
        ),
        pytest.param(
            CAMERA + "  - {name: b, url: 'rtsp://10.0.0.8/1', model: '/srv/data/trained/m.zip'}\n",
            id="a detector there",
        ),
        pytest.param(CAMERA + "sinks: ['mqtts://10.0.0.9/t?ca=/etc/shadow']\n", id="a certificate"),
        pytest.param(CAMERA + "sinks: ['https://shop.example/#secret_env=MACHINE']\n", id="a variable that signs"),
        pytest.param(CAMERA + "sinks: ['https://shop.example/${MACHINE}']\n", id="a variable"),
        pytest.param(CAMERA + "  - {name: b, url: 'rtsp://10.0.0.8/${MACHINE}'}\n", id="a variable in a path"),
        pytest.param(CAMERA + "sinks: ['http://169.254.169.254/latest']\n", id="metadata of a cloud"),
        pytest.param(CAMERA + "sinks: ['http://127.0.0.1:9200/x']\n", id="this machine"),
        pytest.param(CAMERA + "  - {name: b, url: 'http://meta.example/x'}\n", id="metadata by a name"),
        pytest.param(CAMERA + "service: {home_assistant: {broker: 'mqtt://169.254.169.254'}}\n", id="broker"),
    ],
)
def test_nothing_that_opens_the_machine_is_added_over_the_network(text: str) -> None:
    with pytest.raises(ConfigError, match=r"machine|connect to") as refused:
        judge(text, CAMERA)
    assert "canary" not in str(refused.value)
    judge(text, text)  # what is there may stay


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(CAMERA.replace("10.0.0.7", "192.168.1.9"), id="a camera of the house"),
        pytest.param(CAMERA.replace("10.0.0.7", "away.example"), id="a host that is not there today"),
        pytest.param(CAMERA + "sinks: ['mqtt://127.0.0.1/events']\n", id="a broker beside the service"),
        pytest.param(CAMERA + "sinks: ['https://shop.example/hook', '-']\n", id="a webhook"),
        pytest.param(CAMERA + "sinks: ['mqtts://u:${SEALED_1}@10.0.0.9/t']\n", id="a sealed password"),
        pytest.param("attributes: '${TRAINED_MODELS}/m.zip'\n" + CAMERA, id="a model that was trained here"),
    ],
)
def test_what_a_shop_needs_passes(text: str) -> None:
    judge(text, CAMERA, secrets={"SEALED_1": "pw"})
