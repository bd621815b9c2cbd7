"""What can ail a running system, one sentence each, and since when it does.

The sentences are for anybody who can reach the port: they name kinds of trouble, and no vehicle,
person, address, host or path.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Ailment(StrEnum):
    """A kind of trouble; the code stays when its sentence is worded anew."""

    DATABASE_AWAY = "database_away"
    DATABASE_SLOW = "database_slow"
    BUS_AWAY = "bus_away"
    GATEWAY_UNSEEN = "gateway_unseen"
    INGEST_STALLED = "ingest_stalled"
    WORKER_BEHIND = "worker_behind"
    LIVE_BEHIND = "live_behind"
    SETTLING_BEHIND = "settling_behind"
    JOURNAL_UNSEALED = "journal_unsealed"
    HEADS_MISSING = "heads_missing"
    DISK_LOW = "disk_low"
    MAP_ABSENT = "map_absent"


SENTENCES: Mapping[Ailment, str] = {
    Ailment.DATABASE_AWAY: "The database is away: nothing can be read or stored.",
    Ailment.DATABASE_SLOW: "The database answers slowly: pages and acknowledgements take longer.",
    Ailment.BUS_AWAY: "The bus is away: trips follow the database, and the live map shows nothing.",
    Ailment.GATEWAY_UNSEEN: "No terminals' door gives a sign of life: no position can arrive.",
    Ailment.INGEST_STALLED: "A terminals' door can commit nothing: terminals keep their positions.",
    Ailment.WORKER_BEHIND: "Trips are behind: positions are stored, and trips and findings wait.",
    Ailment.LIVE_BEHIND: "The live map is behind what is stored.",
    Ailment.SETTLING_BEHIND: "Days that are over wait to be settled: history answers slowly.",
    Ailment.JOURNAL_UNSEALED: "Journal entries wait for their seal: no deletion could be proved.",
    Ailment.HEADS_MISSING: "The journal's heads are not kept outside the database.",
    Ailment.DISK_LOW: "The disk of the data folder is nearly full.",
    Ailment.MAP_ABSENT: "No map is imported: travel times are straight-line estimates.",
}


@dataclass(frozen=True, slots=True)
class HealthRules:
    """From when on something ails, and how long anybody waits to hear of it.

    answer_within_s: after so long without an answer a server counts as away
    kept_s: so long an answer serves whoever asks next: a stranger may ask as often as he likes
    look_every_s: how often it is looked unasked, so that `since` is true
    settling_after: a day is due so long before its settling counts as late
    """

    answer_within_s: float = 3.0
    kept_s: float = 1.0
    look_every_s: float = 5.0
    database_slow_s: float = 1.0
    worker_behind: timedelta = timedelta(seconds=60)
    live_behind: timedelta = timedelta(seconds=15)
    settling_after: timedelta = timedelta(hours=6)
    unsealed: timedelta = timedelta(seconds=60)
    heads_behind: timedelta = timedelta(seconds=60)

    def __post_init__(self) -> None:
        if min(self.answer_within_s, self.look_every_s, self.database_slow_s) <= 0:
            raise ValueError("nothing is known in no time")
        if self.database_slow_s >= self.answer_within_s:
            raise ValueError("a database is slow before it counts as away")


def began(
    before: Mapping[Ailment, datetime], found: Mapping[Ailment, datetime | None], now: datetime
) -> dict[Ailment, datetime]:
    """Return since when each of what was found ails, in the order of the code list.

    before: what ailed when it was looked last, and since when
    found: what ails now; since when, if that is known by itself
    """
    return {one: found[one] or before.get(one, now) for one in Ailment if one in found}


def longer_than(since: datetime | None, allowed: timedelta, now: datetime) -> bool:
    """Return whether something lasts longer than allowed; what has not begun does not."""
    return since is not None and now - since > allowed
