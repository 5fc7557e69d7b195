"""Events for answers: the record with its body, unread."""

from __future__ import annotations

import msgspec

from footfall.store.events import Page
from footfall.store.records import EventRecord
from footfall.web.models import rfc3339


def page_json(page: Page) -> bytes:
    """`models_events.EventsPage` as JSON."""
    events = [msgspec.Raw(event_json(one.record)) for one in page.events]
    return msgspec.json.encode({"events": events, "before": page.before or None})


def event_json(event: EventRecord) -> bytes:
    """`models_events.Event` as JSON; the body goes in as it is."""
    head = {
        "id": event.id,
        "camera": event.camera,
        "at": rfc3339(event.utc),
        "type": event.type,
        "region": event.region,
        "track_id": event.track_id,
        "body": msgspec.Raw(event.body),
    }
    return msgspec.json.encode(head)
