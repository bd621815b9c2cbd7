"""Who falls silent when: found without looking at everybody.

Each vehicle stands once in a heap, by the instant at which it would be silent if nothing came.
When that has passed and something did come, it goes back with its new instant: a vehicle is looked
at once in SILENT_AFTER_S at most, however often it reports.
"""

from heapq import heappop, heappush

from tracking.live.index import LiveIndex
from tracking.live.state import SILENT_AFTER_S


class Silences:
    """The vehicles that may fall silent, the soonest first."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int]] = []
        self._waiting: set[int] = set()

    def heard(self, vehicle_no: int, time_s: int) -> None:
        """Take in that a vehicle has reported, of the instant `time_s` in seconds."""
        if vehicle_no not in self._waiting:
            self._waiting.add(vehicle_no)
            heappush(self._heap, (time_s + SILENT_AFTER_S, vehicle_no))

    def fallen(self, index: LiveIndex, now_s: float) -> set[int]:
        """Return the vehicles that have fallen silent by `now_s`, each once in a silence."""
        silent: set[int] = set()
        while self._heap and self._heap[0][0] < now_s:
            _, vehicle_no = heappop(self._heap)
            self._waiting.discard(vehicle_no)
            newest = index.get(vehicle_no)
            if newest is None:
                continue
            if newest.time_s + SILENT_AFTER_S < now_s:
                silent.add(vehicle_no)
            else:
                self.heard(vehicle_no, newest.time_s)
        return silent
