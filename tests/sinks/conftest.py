"""Real receivers for the sinks; other test folders import these fixtures."""

from __future__ import annotations

import os
import sys

import pytest

from servers.certificates import make_certificates
from servers.http_catcher import HttpCatcher
from servers.mosquitto import MOSQUITTO, Mosquitto


@pytest.fixture
def new_broker(tmp_path_factory):
    """Start brokers: `new_broker(login=..., certificates=..., extra=...)`."""
    if not MOSQUITTO.exists():
        message = f"no {MOSQUITTO}: install mosquitto to run the tests on a real broker"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    brokers = []

    def start(**settings):
        broker = Mosquitto(tmp_path_factory.mktemp("mosquitto"), **settings)
        broker.start()
        brokers.append(broker)
        return broker

    yield start
    for broker in brokers:
        broker.stop()


@pytest.fixture
def broker(new_broker):
    return new_broker()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def child_environ():
    """Environment in which a child process finds the same packages."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


@pytest.fixture
def catcher():
    server = HttpCatcher()
    yield server
    server.close()
