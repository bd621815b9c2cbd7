"""Published limits: read from limits.toml, compared with what a run has seen."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

LIMITS = Path(__file__).with_name("limits.toml")


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """What requests may cost: how many may fail, and how long the slowest twentieth may take."""

    failures: int
    p95_ms: float

    def __post_init__(self) -> None:
        if self.failures < 0 or self.p95_ms <= 0:
            raise ValueError("limits can't be negative")

    def broken_by(self, failures: int, p95_ms: float) -> list[str]:
        """Return one sentence for each limit that a run has broken."""
        sentences = []
        if failures > self.failures:
            sentences.append(f"{failures} requests failed; {self.failures} may.")
        if p95_ms > self.p95_ms:
            sentences.append(f"The 95th percentile was {p95_ms:.0f} ms; {self.p95_ms:.0f} may be.")
        return sentences


def read_limits(path: Path = LIMITS) -> RequestLimits:
    """Return the limits of a file."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))["requests"]
    return RequestLimits(int(table["failures"]), float(table["p95_ms"]))
