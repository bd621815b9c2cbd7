"""A handover that is told later gives the trips since then to the unit of their time."""

from datetime import timedelta

from fleet.acts import Act
from fleet.tables import Vehicle
from fleet.vehicles.uses import transfer
from kit.database import Sessions, transaction
from tests.support.world import World
from tests.tracking.conftest import NOW
from tests.tracking.driven import commute, new_worker, sent_by, work_off
from tests.tracking.received import looking_at, store

START = NOW - timedelta(hours=3)

CURRENT = (
    "SELECT lower(period), organisation_no FROM trip WHERE superseded_at IS NULL ORDER BY period"
)


async def test_trips_since_a_handover_of_the_past_get_a_version_of_the_new_unit(
    database_url: str, sessions: Sessions, world: World
) -> None:
    vehicle, worker = world.vehicles["a1"], new_worker(sessions)
    a, b = (world.organisations[key] for key in ("a", "b"))
    async with looking_at(database_url) as looker:
        await store(database_url, sent_by(world.terminals["a1"].no, commute(START).rows, NOW))
        await work_off(worker)
        first, second = await looker.rows(CURRENT)
        assert (first[1], second[1]) == (a.no, a.no)
        await looker.rows("DELETE FROM changed_day RETURNING no")
        async with transaction(sessions) as session:
            await transfer(
                session,
                Act(actor=None, now=NOW),
                await session.get_one(Vehicle, vehicle.no),
                to=b,
                base=None,
                at=second[0] - timedelta(minutes=1),
            )
        await work_off(worker)
        assert await looker.rows(CURRENT) == [(first[0], a.no), (second[0], b.no)]
        told = await looker.value(
            "SELECT count(*) FROM trip t JOIN trip s ON s.id = t.superseded_by "
            "WHERE t.organisation_no <> s.organisation_no"
        )
        days = await looker.rows("SELECT DISTINCT vehicle_no, day FROM changed_day")
        left = await looker.value("SELECT count(*) FROM binding_change")
    assert told == 1
    assert (vehicle.no, NOW.date()) in days
    assert left == 0
