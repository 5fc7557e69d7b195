"""What a media graph's messages say about themselves (spec/iot.md sections 7.1 and 7.2). Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from footfall.core.media_time import published

INFERENCE: Final = "Microsoft.Media.Graph.Analytics.Inference"
DIAGNOSTICS: Final = "Microsoft.Media.Graph.Diagnostics."
OPERATIONAL: Final = "Microsoft.Media.Graph.Operational."
RUNTIME_ERROR: Final = "Microsoft.Media.Edge.Diagnostics.RuntimeError"
"""About the module, not about a graph."""
DATA_VERSION: Final = "1.0"


def subject(instance: str, kind: str = "", node: str = "") -> str:
    """Who made an event: an instance, or a node of it; `kind` is `sources`, `processors` or `sinks`."""
    return f"/graphInstances/{instance}" + (f"/{kind}/{node}" if node else "")


def properties(account: str, who: str, event_type: str, utc: datetime) -> dict[str, str]:
    """The application properties of a message.

    Args:
        account: the twin's `azureMediaServicesArmId`.
        who: its `subject`.
        event_type: what it is.
        utc: when that was; of inferences the media time.
    """
    return {
        "topic": account,
        "subject": who,
        "eventType": event_type,
        "eventTime": published(utc),
        "dataVersion": DATA_VERSION,
    }
