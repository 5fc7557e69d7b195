"""`footfall hub`: what people see of it."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3

import pytest

from footfall.cli.main import main
from servers.edge_hub import HubProcess, own_address

PORTS = ("--mqtt-port=18883", "--https-port=18443")


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    running = HubProcess(tmp_path_factory.mktemp("hub") / "data", own_address(), *PORTS).start()
    yield running
    assert running.stop() == 0
    secrets = secrets_of(running.folder)
    assert len(secrets) > 10
    assert not any(secret in line for line in running.said for secret in secrets)


def secrets_of(folder) -> list[str]:
    connection = sqlite3.connect(folder / "hub.sqlite")
    keys = [key for (key,) in connection.execute("SELECT key FROM policies")]
    for pair in connection.execute("SELECT primary_key, secondary_key FROM modules"):
        keys += pair
    connection.close()
    return keys


def test_the_first_start_says_what_one_must_know(hub):
    said = "".join(hub.said)
    assert f"clients must trust {hub.ca}" in said
    assert "footfall hub connection-string MODULE" in said
    assert f"MQTT on {hub.host}:18883, HTTPS on {hub.host}:18443; Ctrl-C stops it" in said


def test_connection_strings(hub, capsys):
    data = f"--data={hub.folder}"
    assert main(["hub", data, "connection-string", "mod1", "--gateway=edgehost"]) == 0
    first = capsys.readouterr().out
    key = r"[A-Za-z0-9+/]{43}="
    expected = f"HostName=localhost;DeviceId=edge-device;ModuleId=mod1;SharedAccessKey={key};GatewayHostName=edgehost\n"
    assert re.fullmatch(expected, first)
    assert main(["hub", "connection-string", data, "mod1", "--gateway=edgehost"]) == 0
    assert capsys.readouterr().out == first, "the same module, the same key"
    assert main(["hub", "connection-string", data]) == 0
    service = capsys.readouterr().out
    assert re.fullmatch(f"HostName=localhost:18443;SharedAccessKeyName=iothubowner;SharedAccessKey={key}\n", service)
    assert main(["hub", "connection-string", data, "--policy=service"]) == 0
    assert "SharedAccessKeyName=service;" in capsys.readouterr().out


def test_a_module_that_another_process_made_may_connect_at_once(hub):
    module = hub.module("made-just-now", 18883)
    assert module.codes == [0]
    module.close()


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        pytest.param(["connection-string", "a b"], "cannot be a module's name", id="module name"),
        pytest.param(["connection-string", "--policy=nobody"], "no policy nobody", id="policy"),
        pytest.param(["--host=203.0.113.7"], "no address of this machine", id="address"),
        pytest.param([], "belongs to a hub that is running", id="the same folder"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(hub, arguments, what, capsys):
    data = hub.folder if arguments != ["--host=203.0.113.7"] else hub.folder.with_name("other")
    assert main(["hub", f"--data={data}", *arguments]) == 2
    said = capsys.readouterr().err
    assert what in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(("option", "other"), [("--mqtt-port", "--https-port"), ("--https-port", "--mqtt-port")])
def test_a_port_that_is_taken(tmp_path, capsys, option, other):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["hub", f"--data={tmp_path}", f"{option}={port}", f"{other}=0", "--log-level=error"]) == 2
    assert re.search(
        rf"{option}: 127.0.0.1:{port} is taken by another program; stop it, or choose", capsys.readouterr().err
    )


def test_no_hub_there(tmp_path, capsys):
    assert main(["hub", "connection-string", f"--data={tmp_path}"]) == 2
    assert "there is no hub in" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_cleanly(tmp_path, number):
    running = HubProcess(tmp_path / "hub", own_address(), *PORTS).start()
    module = running.module("mod1", 18883)
    assert running.process is not None
    running.process.send_signal(number)
    assert running.process.wait(60) == 0
    module.wait(lambda: module.disconnects)
    module.close()
    running.stop()
