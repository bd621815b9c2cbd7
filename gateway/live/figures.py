"""What Prometheus is told of the live feed."""

from gateway.live.counters import LiveCounters
from gateway.live.feed import LiveFeed
from kit.clock import utc_now
from kit.metrics import Figure, counter, gauge, histogram


def live_figures(feed: LiveFeed, counters: LiveCounters) -> tuple[Figure, ...]:
    """Return what the feed and its counters keep, named."""

    def behind_s() -> float | None:
        current = counters.current_at
        return None if current is None else max((utc_now() - current).total_seconds(), 0.0)

    return (
        gauge(
            "gongche_live_behind_seconds",
            "How long ago the live map had told everything that is stored",
            behind_s,
        ),
        gauge("gongche_live_vehicles", "Vehicles on the live map", lambda: len(feed.fleet.index)),
        gauge("gongche_live_clients", "Clients of the live feed", lambda: len(feed.clients)),
        histogram(
            "gongche_live_tick_seconds", "Catching up and telling once", lambda: counters.tick_s
        ),
        counter(
            "gongche_live_messages_total", "Messages sent to clients", lambda: counters.messages
        ),
        counter(
            "gongche_live_sent_bytes_total", "Bytes sent to clients", lambda: counters.sent_bytes
        ),
        counter(
            "gongche_live_overruns_total",
            "Times that a slow client lost what waited for it, and began anew",
            lambda: counters.overrun,
        ),
    )
