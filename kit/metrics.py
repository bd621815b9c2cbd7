"""Counters and gauges of one process, read at `/metrics` in the Prometheus text format.

Rooms declare their metrics on the registry that the edge hands them; nothing is global.
"""

from prometheus_client import CollectorRegistry, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def new_registry() -> CollectorRegistry:
    """Return an empty registry for one process."""
    return CollectorRegistry(auto_describe=True)


def exposition(registry: CollectorRegistry) -> bytes:
    """Return the registry's values in the text exposition format."""
    return generate_latest(registry)
