"""Real receivers, as the sinks' tests have them."""

from sinks.conftest import broker, new_broker

__all__ = ["broker", "new_broker"]
