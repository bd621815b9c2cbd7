"""What the terminals' door counts: once a read or a batch, never once a position."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from kit.bus import Bus
from kit.metrics import SHORT_S, Figure, counter, gauge, histogram
from tracking.path.ingest import Ingest


class Counters:
    """The door's own metrics on one registry, in the order in which frames pass.

    acknowledgement_s: for each batch, how long its oldest frame waited from receipt to answer
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self.links = Gauge("gongche_links", "Open links of terminals", registry=registry)
        self.closed = Counter(
            "gongche_links_closed", "Links closed by us, by reason", ["reason"], registry=registry
        )
        self.received_bytes = Counter(
            "gongche_received_bytes", "Bytes received from terminals", registry=registry
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


def path_figures(ingest: Ingest, bus: Bus) -> tuple[Figure, ...]:
    """Return what the path and the bus keep, named: from waiting to the hint that follows."""
    state = ingest.state
    return (
        gauge(
            "gongche_positions_waiting",
            "Positions received that wait for their commit",
            lambda: ingest.waiting,
        ),
        histogram(
            "gongche_batch_reading_seconds",
            "Decoding and judging of a batch",
            lambda: state.reading_s,
        ),
        histogram(
            "gongche_batch_positions", "Positions in a commit", lambda: state.batch_positions
        ),
        histogram("gongche_commit_seconds", "A commit that succeeded", lambda: state.commit_s),
        counter(
            "gongche_commit_failures_total",
            "Commits that failed and are repeated",
            lambda: state.failures,
        ),
        gauge(
            "gongche_commits_stalled",
            "1 while links and listener are closed because nothing can be committed",
            lambda: state.stalled,
        ),
        counter("gongche_positions_stored_total", "Positions committed", lambda: state.positions),
        counter(
            "gongche_positions_refused_total",
            "Positions that the database refused, kept in quarantine",
            lambda: state.refused,
        ),
        counter("gongche_hints_total", "Hints given to the bus", lambda: bus.hinted),
        counter(
            "gongche_hints_failed_total", "Hints that the bus did not take", lambda: bus.unheard
        ),
    )
