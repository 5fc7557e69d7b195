"""The receivers of the sink tests serve the conformance suite as well."""

from sinks.conftest import broker, catcher, new_broker

__all__ = ["broker", "catcher", "new_broker"]
