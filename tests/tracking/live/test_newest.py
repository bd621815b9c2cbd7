"""Where each vehicle was last, read at the start and batch by batch."""

from datetime import datetime, timedelta

from kit.clock import utc_now
from kit.database import Sessions, transaction
from tests.support.world import World
from tests.tracking.received import position, received, store
from tracking.live.fleet import LiveFleet, touched_times
from tracking.tables import PositionBatch

AGES = {
    "a1": timedelta(minutes=1),
    "a2": timedelta(hours=1),
    "a3": timedelta(hours=11),
    "b1": timedelta(days=2),
    "b2": timedelta(days=4),
    "b3": timedelta(minutes=-5),
}


async def _caught_up(fleet: LiveFleet, sessions: Sessions, now: datetime) -> dict[int, float]:
    async with transaction(sessions) as session:
        await fleet.catch_up(session, now)
    return {position.vehicle_no: position.lat for position in fleet.index}


async def test_a_fleet_is_found_where_it_was_last_however_long_ago_and_follows_what_comes(
    database_url: str, sessions: Sessions, world: World
) -> None:
    now = utc_now().replace(microsecond=0)
    rows = [
        received(position(now - age - earlier, world.terminals[key].no, lat=lat), now)
        for key, age in AGES.items()
        for earlier, lat in ((timedelta(hours=3), 40.01), (timedelta(0), 40.02))
    ]
    await store(database_url, rows)
    fleet = LiveFleet()
    vehicle = {key: one.no for key, one in world.vehicles.items()}
    remembered = {vehicle[key]: 40.02 for key in AGES if key != "b2"}
    assert await _caught_up(fleet, sessions, now) == remembered
    # One that comes late moves nobody back; one batch brings what another has overtaken.
    sent = {"a1": (-90, 40.03), "a2": (0, 40.04), "b2": (0, 40.05), "b3": (-600, 40.06)}
    for name, shift_s in (("second", 0), ("third", -1800)):
        rows = [
            received(
                position(
                    now + timedelta(seconds=late_s + shift_s), world.terminals[key].no, lat=lat
                ),
                now,
            )
            for key, (late_s, lat) in sent.items()
        ]
        await store(database_url, rows, name)
    expected = remembered | {vehicle["a2"]: 40.04, vehicle["b2"]: 40.05}
    assert await _caught_up(fleet, sessions, now) == expected


def test_batches_together_touch_a_terminal_from_their_first_to_their_last_time() -> None:
    batches = [
        PositionBatch(terminal_nos=[1, 2], first_times=[5.0, 7.0], last_times=[6.0, 7.0]),
        PositionBatch(terminal_nos=[2, 3], first_times=[9.0, 1.0], last_times=[9.5, 1.0]),
        PositionBatch(terminal_nos=[2], first_times=[2.0], last_times=[2.0]),
    ]
    assert touched_times(batches) == {1: (5.0, 6.0), 2: (2.0, 9.5), 3: (1.0, 1.0)}
