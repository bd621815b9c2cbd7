"""What Prometheus is told of the door beside its own counters (`counters.py`)."""

from gateway.terminals.door import TerminalDoor
from kit.bus import Bus
from kit.metrics import Figure, counter, gauge, histogram


def door_figures(door: TerminalDoor, bus: Bus) -> tuple[Figure, ...]:
    """Return what sockets, path and bus keep, named: from the bytes to the hint that follows."""
    sockets, ingest, state = door.sockets, door.ingest, door.ingest.state
    return (
        counter(
            "gongche_reads_total",
            "Reads from terminals' connections that brought bytes, or their end",
            lambda: sockets.reads,
        ),
        counter(
            "gongche_received_bytes_total",
            "Bytes received from terminals",
            lambda: sockets.octets,
        ),
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
