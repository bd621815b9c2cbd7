"""Who falls silent is found without looking at everybody, and is the same."""

from random import Random

from tracking.live.index import LiveIndex, LivePosition
from tracking.live.silence import Silences
from tracking.live.state import SILENT_AFTER_S


def test_whoever_falls_silent_is_told_once_in_a_silence() -> None:
    random = Random(808)
    index, silences = LiveIndex(), Silences()
    newest: dict[int, int] = {}
    told: set[int] = set()
    for now_s in range(0, 6 * SILENT_AFTER_S, 7):
        for vehicle_no in random.sample(range(50), 2):
            time_s = now_s - random.choice((0, 0, 3, SILENT_AFTER_S + 50))
            if index.put(LivePosition(vehicle_no, time_s, now_s, 40.0, 110.0)):
                silences.heard(vehicle_no, time_s)
                newest[vehicle_no] = time_s
                told.discard(vehicle_no)
        silent = {no for no, time_s in newest.items() if now_s - time_s > SILENT_AFTER_S}
        fallen = silences.fallen(index, now_s)
        assert not fallen & told
        told |= fallen
        assert told == silent
    assert told
