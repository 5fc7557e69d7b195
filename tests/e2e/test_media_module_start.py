"""A call that comes while the media-graph module is still finding out what it is to be."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from footfall.edge.topics import Identity
from footfall.hub.connect import connection_string
from footfall.hub.twins import Update
from servers.edge_hub import ThreadedHub
from servers.media_module import MediaModule

DESIRED = {"applicationDataDirectory": "/var/lib/azuremediaservices", "azureMediaServicesArmId": "/local"}


def test_it_waits_for_the_twin_and_is_answered(tmp_path: Path) -> None:
    with ThreadedHub(tmp_path / "hub") as hub:
        text = connection_string(hub.folder, "lvaEdge", f"{hub.host}:{hub.port}", "iothubowner")
        who = Identity(hub.hub.device, "lvaEdge")
        hub.call(hub.hub.update_twin(who, Update(desired=DESIRED, is_whole=True)))
        asked = hub.hub.invoke(who, "GraphTopologyList", b'{"@apiVersion":"2.0"}', 30.0, 60.0)
        answer = asyncio.run_coroutine_threadsafe(asked, hub.loop)
        with MediaModule(text, hub.ca, tmp_path):
            reply = answer.result(90.0)
    assert (reply.status, json.loads(reply.payload)) == (200, {"value": []})
