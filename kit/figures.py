"""Figures that processes of every kind have: the bus, the disk."""

from pathlib import Path

from kit.bus import Bus
from kit.disk import disk_of
from kit.metrics import Figure, gauge


def bus_figures(bus: Bus) -> tuple[Figure, ...]:
    """Return what a process knows of the bus."""
    return (gauge("gongche_bus_away", "1 while the bus does not answer", lambda: bus.behind),)


def disk_figures(folder: Path) -> tuple[Figure, ...]:
    """Return how full the disk of a folder is."""
    return (
        gauge(
            "gongche_disk_free_bytes",
            "Free bytes of the data folder's disk",
            lambda: disk_of(folder).free,
        ),
        gauge(
            "gongche_disk_size_bytes",
            "Size of the data folder's disk",
            lambda: disk_of(folder).size,
        ),
    )
