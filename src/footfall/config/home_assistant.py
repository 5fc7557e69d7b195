"""`service.home_assistant` of footfall.yaml: how Home Assistant gets to know what there is to see.

service:
  home_assistant:
    broker: "mqtt://user:${MQTT_PASSWORD}@homeassistant.local"
    name: footfall              # one of its own for each service on a broker
    prefix: homeassistant       # as Home Assistant's own MQTT settings say
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from footfall.config.document import Document
from footfall.config.environment import Settings
from footfall.config.load import Kind, parse, recognise
from footfall.config.references import expand
from footfall.config.section import Section

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PREFIX = re.compile(r"[^+#\0/]{1,64}(/[^+#\0/]{1,64})*")


@dataclass(frozen=True, slots=True)
class HomeAssistant:
    """Where Home Assistant listens."""

    broker: str = field(repr=False)
    """`mqtt(s)://user:password@host:port`."""
    name: str = "footfall"
    """Of this service: topics and entities are called after it."""
    prefix: str = "homeassistant"
    """Of the topics that Home Assistant looks for new things on."""


def home_assistant_of(text: str, file: str, settings: Settings) -> HomeAssistant | None:
    """What a configuration says of it; None where it says nothing, or is no footfall.yaml.

    Raises:
        ConfigError: with every problem of the section.
    """
    if recognise(text) is not Kind.FOOTFALL:
        return None
    document = Document(file)
    root = Section.of(parse(text, document), "$", document)
    service = root.section("service") if root is not None else None
    found = read_home_assistant(service, settings) if service is not None else None
    document.raise_errors()
    return found


def read_home_assistant(service: Section, settings: Settings) -> HomeAssistant | None:
    """The section of `service`; None where there is none. Errors are noted in its document."""
    section = service.section("home_assistant")
    if section is None:
        return None
    if section.get("broker") is None:
        section.document.error(section.path, "names no broker", "write broker: mqtt://user:${MQTT_PASSWORD}@host")
        return None
    name, prefix = section.text("name", default="footfall"), section.text("prefix", default="homeassistant")
    if not _NAME.fullmatch(name):
        section.document.error(f"{section.path}.name", "is no name", "use letters, digits, - and _")
    if not _PREFIX.fullmatch(prefix):
        section.document.error(f"{section.path}.prefix", "is no topic", "write homeassistant")
    broker = expand(section.text("broker"), f"{section.path}.broker", settings, section.document)
    if not broker.startswith(("mqtt://", "mqtts://")):
        section.document.error(f"{section.path}.broker", "is no MQTT address", "write mqtt://host or mqtts://host")
    section.finish()
    return HomeAssistant(broker, name, prefix)
