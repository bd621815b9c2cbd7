"""One row of the fault table, and the table as text and as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass

from loadtests.faults.comparing import Comparison

_HEADINGS = (
    "fault", "how often", "sent", "acknowledged", "found", "counted", "lost", "doubled",
    "recovered in s", "trips", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """What came of a fault.

    recovered_s: after each time, how long until all was well again
    vehicles, followed: how many vehicles drove, and how many have the metres that they drove
    trouble: what went wrong beside the positions; skipped: why it could not be tried here
    """

    fault: str
    often: int = 0
    comparison: Comparison | None = None
    recovered_s: tuple[float, ...] = ()
    vehicles: int = 0
    followed: int = 0
    note: str = ""
    trouble: str = ""
    skipped: str = ""

    @property
    def holds(self) -> bool:
        """Whether every promise was kept, or could not be tried."""
        positions_hold = self.comparison is None or self.comparison.holds
        return not self.trouble and positions_hold and self.followed == self.vehicles

    def as_json(self) -> dict[str, object]:
        """Return the row with plain values."""
        kept = self.comparison
        return {
            "fault": self.fault,
            "often": self.often,
            "sent": kept and kept.sent,
            "acknowledged": kept and kept.acknowledged,
            "found": kept and kept.found,
            "identities": kept and kept.identities,
            "counted": kept and kept.counted,
            "lost": kept and kept.lost,
            "doubled": kept and kept.doubled,
            "invented": kept and kept.invented,
            "recovered_s": [round(one, 1) for one in self.recovered_s],
            "vehicles": self.vehicles,
            "followed": self.followed,
            "note": self.note,
            "trouble": self.trouble,
            "skipped": self.skipped,
            "holds": self.holds,
        }

    def cells(self) -> tuple[str, ...]:
        """Return the row as it is read by people."""
        kept = self.comparison
        counts = (
            ("",) * 6
            if kept is None
            else tuple(
                f"{one:,}"
                for one in (
                    kept.sent,
                    kept.acknowledged,
                    kept.found,
                    kept.counted,
                    kept.lost,
                    kept.doubled,
                )
            )
        )
        notes = (
            f"skipped: {self.skipped}" if self.skipped else "",
            self.note,
            f"{kept.invented} invented" if kept and kept.invented else "",
            f"FAILED: {self.trouble}" if self.trouble else "",
        )
        return (
            self.fault,
            f"{self.often:,}",
            *counts,
            _longest(self.recovered_s),
            f"{self.followed}/{self.vehicles}" if self.vehicles else "",
            "; ".join(note for note in notes if note),
        )


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table of Markdown."""
    lines = [_HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(_HEADINGS))]
    padded = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    ]
    padded.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(padded)


def _longest(recovered_s: Sequence[float]) -> str:
    if not recovered_s:
        return ""
    middle = sorted(recovered_s)[len(recovered_s) // 2]
    return f"{middle:.1f}, at most {max(recovered_s):.1f}"
