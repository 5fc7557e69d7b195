"""How the web of the service is answered."""

from __future__ import annotations

import ssl
import time
from http.client import HTTPSConnection
from pathlib import Path

from servers.footfall_serve import FootfallServe

IDLE_S = 6.0
"""Longer than most servers keep idle connections by default."""


def test_an_idle_connection_can_be_used_again(tmp_path: Path) -> None:
    anybody = ssl.create_default_context()
    anybody.check_hostname = False
    anybody.verify_mode = ssl.CERT_NONE
    with FootfallServe(tmp_path) as service:
        line = HTTPSConnection("127.0.0.1", service.port, timeout=60.0, context=anybody)
        line.connect()
        line.auto_open = 0
        for pause_s in (0.0, IDLE_S):
            time.sleep(pause_s)
            line.request("GET", "/health/live")
            with line.getresponse() as answer:
                assert answer.status == 200
                answer.read()
        line.close()
