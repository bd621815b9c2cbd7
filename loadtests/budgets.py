"""How long a bench lets a search run: by processor time, which recorded searches never ask."""

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Seconds:
    """So many seconds of this process from now on; `steps` tells how far the search came."""

    seconds: float
    steps: int = 0
    _begun_s: float = field(default_factory=time.process_time)

    def spent(self, steps: int) -> float:
        """Return the share of the time that is over."""
        self.steps = steps
        return (time.process_time() - self._begun_s) / self.seconds
