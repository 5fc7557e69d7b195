"""A hub for one module made of a real Mosquitto and a client that answers in its place (two modules would mix)."""

from __future__ import annotations

import json
import queue
import threading
from pathlib import Path

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from footfall.edge import topics
from footfall.edge.bag import decode_bag
from footfall.edge.patch import merged
from footfall.edge.topics import Identity
from servers.mosquitto import Mosquitto, free_port

MODULE = Identity("dev1", "mod1")
TLS = "listener {port} 127.0.0.1\ncertfile {folder}/server.pem\nkeyfile {folder}/server.key"


class StandInHub:
    """Twin, methods, inputs and messages of the module `dev1/mod1`."""

    def __init__(self, folder: Path, certificates: Path) -> None:
        self.port = free_port()
        self.broker = Mosquitto(folder, extra=(TLS.format(port=self.port, folder=certificates),))
        self.desired: dict[str, object] = {"$version": 1}
        self.reported: dict[str, object] = {"$version": 0}
        self.twin_status = 200
        self.is_mute = False
        """Whether twin requests go unanswered."""
        self.messages: queue.Queue[tuple[dict[str, str | None], bytes]] = queue.Queue()
        self.replies: queue.Queue[tuple[int, object]] = queue.Queue()

    def start(self) -> None:
        self.broker.start()
        self.client = Client(CallbackAPIVersion.VERSION2)
        self.client.on_message = lambda _client, _data, message: self._take(message.topic, message.payload)
        ready = threading.Event()
        self.client.on_subscribe = lambda *_: ready.set()
        self.client.connect("127.0.0.1", self.broker.port)
        names = ("$iothub/twin/GET/#", "$iothub/twin/PATCH/properties/reported/#", "$iothub/methods/res/#")
        self.client.loop_start()
        self.client.subscribe([(name, 1) for name in (*names, f"{MODULE.path}/messages/#")])
        assert ready.wait(60)

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()
        self.broker.stop()

    def desire(self, patch: dict[str, object], *, tell: bool = True) -> None:
        version = self.desired["$version"] + 1
        self.desired = merged(self.desired, patch) | {"$version": version}
        if tell:
            self.client.publish(topics.desired_patch(version), json.dumps(patch | {"$version": version}), qos=0)

    def ask(self, name: str, payload: str) -> None:
        self.client.publish(topics.method_call(name, "7"), payload, qos=0)

    def call(self, name: str, payload: str) -> tuple[int, object]:
        self.ask(name, payload)
        return self.replies.get(timeout=60)

    def put_in(self, name: str, body: bytes, bag: str) -> None:
        self.client.publish(topics.input_message(MODULE, name, bag), body, qos=1)

    def _take(self, topic: str, payload: bytes) -> None:
        match topics.from_client(topic):
            case topics.TwinGet(rid) if not self.is_mute:
                document = {"desired": self.desired, "reported": self.reported}
                self.client.publish(topics.twin_answer(self.twin_status, rid), json.dumps(document))
            case topics.ReportedPatch(rid) if not self.is_mute:
                version = self.reported["$version"] + 1
                self.reported = merged(self.reported, json.loads(payload)) | {"$version": version}
                self.client.publish(topics.twin_answer(204, rid, version))
            case topics.MethodReply(status, "7"):
                self.replies.put((status, json.loads(payload)))
            case topics.Telemetry(_, bag):
                self.messages.put((decode_bag(bag), payload))
