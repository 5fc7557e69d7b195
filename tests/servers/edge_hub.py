"""A local edge hub for tests, in this process or as a child, and a module on an independent MQTT client."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from itertools import count
from pathlib import Path
from urllib.parse import quote

import httpx
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from footfall.edge.sas import resource_of, signed
from footfall.edge.topics import Identity
from footfall.engine.clock import SystemClock
from footfall.hub.authority import prepare, server_context
from footfall.hub.hub import Hub, open_hub
from footfall.hub.listener import listening
from footfall.hub.twins import Update

HOST = "127.0.0.1"
_numbers = count()


def unix_s() -> int:
    """The time, as tokens have it."""
    return int(SystemClock().now().timestamp())


def own_address() -> str:
    """A loopback address that no other test uses: the vendor's SDK knows port 8883 only."""
    number = (os.getpid() * 16 + next(_numbers) % 16) % (253 * 254 * 254)
    return f"127.{number // (254 * 254) + 2}.{number // 254 % 254 + 1}.{number % 254 + 1}"


class ThreadedHub:
    """A hub on a loop in a thread; stops at the end of `with`."""

    def __init__(self, folder: Path, host: str = HOST, port: int = 0, device: str | None = None) -> None:
        self.folder, self.host, self.port, self.device = folder, host, port, device
        self.loop = asyncio.new_event_loop()
        self.hub: Hub
        self._started = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> ThreadedHub:
        self._thread.start()
        assert self._started.wait(60)
        if self._failure:
            raise self._failure
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self._enough.set)
        self._thread.join(60)
        assert not self._thread.is_alive()

    @property
    def ca(self) -> Path:
        return self.folder / "certificates" / "ca.pem"

    def call(self, coroutine, timeout_s: float = 60.0):
        """Run a coroutine in the hub's loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout_s)

    def ask(self, function, *arguments):
        """Call a function in the hub's loop."""

        async def inside():
            return function(*arguments)

        return self.call(inside())

    def route(self, **routes: object) -> None:
        """Put these routes in place of the old ones."""
        desired = {"schemaVersion": "1.1", "routes": routes}
        self.call(self.hub.update_twin(Identity(self.hub.device, "$edgeHub"), Update(desired=desired, is_whole=True)))

    def key(self, module: str) -> str:
        """Of a module, which is made if it is not there."""
        return self.call(self.hub.add_module(module)).primary_key

    def module(self, name: str, **options: object) -> EdgeModule:
        """A client of this hub, connected."""
        module = EdgeModule(
            self.host, self.port, self.ca, self.hub.name, Identity(self.hub.device, name), self.key(name)
        )
        return module.connect(**options)

    def lines(self) -> list[bytes]:
        """Of the event log."""
        return event_lines(self.folder)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(self._serve())
        except BaseException as error:  # noqa: BLE001 - told to the test
            self._failure = error
            self._started.set()
        finally:
            self.loop.close()

    async def _serve(self) -> None:
        self._enough = asyncio.Event()
        clock = SystemClock()
        self.certificates = prepare(self.folder / "certificates", [self.host], clock.now())
        context = server_context(self.certificates, clients=True)
        async with open_hub(self.folder, clock, None, self.device) as hub:
            self.hub = hub
            async with listening(hub, self.host, self.port, context) as port:
                self.port = port
                self._started.set()
                await self._enough.wait()


class HubProcess:
    """`footfall hub` as a child."""

    def __init__(self, folder: Path, host: str, *arguments: str) -> None:
        self.folder, self.host = folder, host
        self._command = [sys.executable, "-m", "footfall", "hub", f"--data={folder}", f"--host={host}", *arguments]
        self.process: subprocess.Popen[str] | None = None
        self.said: list[str] = []

    @property
    def ca(self) -> Path:
        return self.folder / "certificates" / "ca.pem"

    def start(self) -> HubProcess:
        """Wait until it listens."""
        self.process = subprocess.Popen(self._command, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if "Ctrl-C" in line:
                break
        else:
            raise AssertionError("".join(self.said))
        self._drainer = threading.Thread(target=self._drain)
        self._drainer.start()
        return self

    def connection_string(self, *arguments: str) -> str:
        """As the command prints it."""
        command = [sys.executable, "-m", "footfall", "hub", "connection-string", f"--data={self.folder}", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def module(self, name: str, port: int = 8883, **options: object) -> EdgeModule:
        """A client of this hub, connected."""
        parts = dict(part.split("=", 1) for part in self.connection_string(name).split(";"))
        who = Identity(parts["DeviceId"], parts["ModuleId"])
        module = EdgeModule(self.host, port, self.ca, parts["HostName"], who, parts["SharedAccessKey"])
        return module.connect(**options)

    def want(self, module: str, desired: dict[str, object]) -> None:
        """Change the desired properties of a module through the HTTPS door."""
        parts = dict(part.split("=", 1) for part in self.connection_string().split(";"))
        resource = quote(parts["HostName"], safe="")
        token = signed(parts["SharedAccessKey"], resource, unix_s() + 3600, parts["SharedAccessKeyName"]).token
        port = parts["HostName"].partition(":")[2] or "443"
        response = httpx.patch(
            f"https://{self.host}:{port}/twins/edge-device/modules/{module}?api-version=2021-04-12",
            json={"properties": {"desired": desired}},
            headers={"Authorization": token},
            verify=ssl.create_default_context(cafile=str(self.ca)),
            timeout=60,
        )
        response.raise_for_status()

    def kill(self) -> None:
        """SIGKILL."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(60)
        self._drainer.join(60)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.process is not None
        self.process.terminate()
        code = self.process.wait(60)
        self._drainer.join(60)
        return code

    def _drain(self) -> None:
        assert self.process is not None
        assert self.process.stderr is not None
        with self.process.stderr as said:
            self.said.extend(said)


class EdgeModule:
    """A module on paho: what it got, and what was confirmed."""

    def __init__(self, host: str, port: int, ca: Path, name: str, who: Identity, key: str) -> None:
        self.host, self.port, self.ca, self.name, self.who, self.key = host, port, ca, name, who, key
        self.received: list[tuple[str, bytes, bool]] = []
        """Topic, payload, DUP."""
        self.codes: list[int] = []
        self.present: list[bool] = []
        self.disconnects = 0
        self.sent = 0
        self.confirmed = 0
        self._subscribed = 0
        self.client: Client

    def connect(self, *, is_clean: bool = False, life_s: float = 3600, key: str = "", wait: bool = True) -> EdgeModule:
        """Connect with a token that lasts for `life_s`, signed with another key if there is one."""
        resource = resource_of(self.name, self.who.device, self.who.module)
        token = signed(key or self.key, resource, unix_s() + int(life_s)).token
        return self.connect_with(token, is_clean=is_clean, wait=wait)

    def connect_with(
        self,
        password: str,
        *,
        is_clean: bool = False,
        user: str = "",
        wait: bool = True,
        certificate: tuple[Path, Path] | None = None,
    ) -> EdgeModule:
        """Connect with any password and user name, and a certificate with its key."""
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self.who.client_id,
            clean_session=is_clean,
            protocol=MQTTProtocolVersion.MQTTv311,
        )
        chain, key = certificate or (None, None)
        client.tls_set(ca_certs=str(self.ca), certfile=chain, keyfile=key)
        client.username_pw_set(user or f"{self.name}/{self.who.client_id}/?api-version=2019-10-01", password)
        client.max_inflight_messages_set(1000)
        client.reconnect_delay_set(1, 1)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = lambda _c, _d, m: self.received.append((m.topic, m.payload, m.dup))
        self.client = client
        client.connect(self.host, self.port)
        client.loop_start()
        if wait:
            self.wait(client.is_connected)
        return self

    def subscribe(self, *patterns: str) -> None:
        """Subscribe with QoS 1, and wait for the answer."""
        goal = self._subscribed + len(patterns)
        for pattern in patterns:
            self.client.subscribe(pattern, 1)
        self.wait(lambda: self._subscribed >= goal)

    def listen(self) -> None:
        """Subscribe to inputs, methods, twin answers and desired patches."""
        self.subscribe(
            f"{self.who.path}/inputs/#",
            "$iothub/methods/POST/#",
            "$iothub/twin/res/#",
            "$iothub/twin/PATCH/properties/desired/#",
        )

    def send(self, body: bytes, bag: str = "") -> None:
        """Telemetry with QoS 1."""
        self.sent += 1
        self.client.publish(f"{self.who.path}/messages/events/{bag}", body, 1)

    @property
    def is_settled(self) -> bool:
        """Whether every message was confirmed."""
        return self.confirmed >= self.sent

    def got(self, prefix: str) -> list[tuple[str, bytes]]:
        """What arrived on topics that begin so."""
        return [(topic, payload) for topic, payload, _ in self.received if topic.startswith(prefix)]

    def wait(self, condition, timeout_s: float = 60.0) -> None:
        """Fail when it does not come true."""
        deadline = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline, (self.codes, self.received[-3:])
            time.sleep(0.01)

    def close(self) -> None:
        """Say goodbye."""
        self.client.disconnect()
        self.client.loop_stop()

    def vanish(self) -> None:
        """Let the connection drop without a word."""
        self.client.loop_stop()
        sock = self.client.socket()
        if sock is not None:
            sock.close()

    def _on_connect(self, _client, _data, flags, reason, _properties):
        self.codes.append(reason.value)
        self.present.append(flags.session_present)

    def _on_disconnect(self, *_):
        self.disconnects += 1

    def _on_subscribe(self, *_):
        self._subscribed += 1

    def _on_publish(self, *_):
        self.confirmed += 1


def event_lines(folder: Path) -> list[bytes]:
    """Of a hub's event log."""
    lines: list[bytes] = []
    for path in sorted((folder / "events").glob("*.jsonl")):
        lines += path.read_bytes().split(b"\n")[:-1]
    return lines


def raw_connection(host: str, port: int, ca: Path) -> ssl.SSLSocket:
    """TLS without MQTT, for bytes made by hand."""
    context = ssl.create_default_context(cafile=str(ca))
    return context.wrap_socket(socket.create_connection((host, port), timeout=60), server_hostname=host)
