"""All faults that are tried, in this order."""

from collections.abc import Callable
from dataclasses import dataclass

from loadtests.faults import ambiguous, disk, fuzz
from loadtests.faults.fault import Fault, suffer
from loadtests.faults.hall import Hall
from loadtests.faults.hostile import HOSTILE
from loadtests.faults.kills import KILLS
from loadtests.faults.row import Row
from loadtests.faults.servers import SERVERS


@dataclass(frozen=True, slots=True)
class Trial:
    """A fault by its name, and how it is tried for some seconds, or once if that takes longer."""

    name: str
    sentence: str
    run: Callable[[Hall, float], Row]


def _under_load(fault: Fault) -> Trial:
    def run(hall: Hall, seconds: float) -> Row:
        with hall.scene() as scene:
            return suffer(fault, scene, seconds)

    return Trial(fault.name, fault.sentence, run)


TRIALS = (
    *map(_under_load, (*KILLS, *SERVERS)),
    Trial(ambiguous.NAME, ambiguous.SENTENCE, ambiguous.run),
    Trial(disk.NAME, disk.SENTENCE, disk.run),
    *map(_under_load, HOSTILE),
    Trial(fuzz.NAME, fuzz.SENTENCE, fuzz.run),
)
