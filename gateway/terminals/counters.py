"""What the terminals' door counts: once a read or a batch, never once a position."""

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from kit.metrics import SHORT_S


class Counters:
    """The door's own metrics on one registry, in the order in which frames pass.

    acknowledgement_s: for each batch, how long its oldest frame waited from receipt to answer
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self.links = Gauge("gongche_links", "Open links of terminals", registry=registry)
        self.closed = Counter(
            "gongche_links_closed", "Links closed by us, by reason", ["reason"], registry=registry
        )
        self.frames = Counter(
            "gongche_frames_received", "Frames received from terminals", registry=registry
        )
        self.refused = Counter(
            "gongche_frames_refused", "Frames refused, by reason", ["reason"], registry=registry
        )
        self.quarantined = Counter(
            "gongche_frames_quarantined",
            "Whole messages quarantined, by reason",
            ["reason"],
            registry=registry,
        )
        self.positions = Counter(
            "gongche_positions_acknowledged", "Positions acknowledged", registry=registry
        )
        self.acknowledgement_s = Histogram(
            "gongche_acknowledgement_seconds",
            "From the receipt of a batch's oldest frame to its answer",
            buckets=SHORT_S,
            registry=registry,
        )

    def acknowledge(self, positions: int, received_us: int) -> None:
        """Count positions that were answered together just now; received_us: the oldest one's."""
        self.positions.inc(positions)
        self.acknowledgement_s.observe(max(time.time_ns() // 1000 - received_us, 0) / 1e6)
