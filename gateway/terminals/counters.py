"""What the terminals' door counts."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class Counters:
    """The door's metrics on one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.links = Gauge("gongche_links", "Open links of terminals", registry=registry)
        self.positions = Counter(
            "gongche_positions_acknowledged", "Positions acknowledged", registry=registry
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
        self.closed = Counter(
            "gongche_links_closed", "Links closed by us, by reason", ["reason"], registry=registry
        )
