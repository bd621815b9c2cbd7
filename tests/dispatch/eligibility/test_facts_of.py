"""The facts that few vehicles have, as the database tells them."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.duty_hours import week_of
from dispatch.eligibility.facts_of import Asked, Facts, facts_of
from dispatch.eligibility.ride_length import ride_m
from dispatch.eligibility.weeks import hours_of_drivers
from fleet.acts import Act
from fleet.documents.documents import add_document
from fleet.documents.words import DocumentKind
from fleet.outages.outages import open_outage
from fleet.outages.words import OutageKind
from fleet.rules.dispatching import CrossUnitRule
from fleet.rules.keys import RuleKey
from fleet.rules.lookup import effective
from fleet.rules.many import effective_in
from fleet.rules.saying import say
from fleet.tables import Vehicle
from kit.clock import day_period, day_start, shanghai_day, utc_now
from kit.database import Sessions, transaction
from tests.dispatch.office import Office, instant, ok
from tests.support.world import World

HOUR = timedelta(hours=1)


async def read(session: AsyncSession, world: World, start: datetime, end: datetime) -> Facts:
    units = {one.no: world.organisations[_unit(key)].no for key, one in world.vehicles.items()}
    day = Range(*day_period(shanghai_day(start)), bounds="[)")
    asked = Asked(world.organisations["a"].no, Range(start, end, bounds="[)"), day, world.now)
    return await facts_of(session, units, asked)


def _unit(vehicle: str) -> str:
    return "bureau" if vehicle.startswith("pool") else vehicle[0]


async def test_outages_are_told_in_the_period_and_a_defect_before_maintenance(
    world: World, sessions: Sessions
) -> None:
    a1, a2, a3 = (world.vehicles[key] for key in ("a1", "a2", "a3"))
    start, end = world.now + 5 * HOUR, world.now + 8 * HOUR
    async with transaction(sessions) as session:
        for vehicle, kind, first, last in (
            (a1, OutageKind.MAINTENANCE, world.now, end),
            (a1, OutageKind.DEFECT, end - HOUR, None),
            (a2, OutageKind.MAINTENANCE, world.now, start + HOUR),
            (a3, OutageKind.DEFECT, world.now, start),
            (a3, OutageKind.MAINTENANCE, end, end + HOUR),
        ):
            await open_outage(
                session,
                Act(None, world.now),
                vehicle=vehicle,
                organisation_no=world.organisations["a"].no,
                kind=kind,
                start=first,
                end=last,
                reason="检修",
            )
    async with sessions() as session:
        facts = await read(session, world, start, end)
    assert facts["out_of_use"] == {a1.no: OutageKind.DEFECT, a2.no: OutageKind.MAINTENANCE}
    assert facts["out_of_use_until"] == {a1.no: None, a2.no: start + HOUR}


async def test_the_last_known_validity_of_a_document_counts(
    world: World, sessions: Sessions
) -> None:
    a1, a2, a3 = (world.vehicles[key] for key in ("a1", "a2", "a3"))
    today = shanghai_day(world.now)
    yesterday = today - timedelta(days=1)
    insurance, inspection = DocumentKind.COMPULSORY_INSURANCE, DocumentKind.ANNUAL_INSPECTION
    async with transaction(sessions) as session:
        for vehicle, kind, last in (
            (a1, insurance, yesterday - timedelta(days=365)),
            (a1, insurance, yesterday),
            (a1, inspection, today),
            (a2, insurance, yesterday),
            (a2, insurance, today + timedelta(days=300)),
            (a2, inspection, yesterday),
            (a3, insurance, None),
            (a3, DocumentKind.INSURANCE, yesterday),
        ):
            await document(session, world, vehicle, kind, last)
    async with sessions() as session:
        start = day_start(today) + 12 * HOUR
        facts = await read(session, world, start, start + HOUR)
    assert facts["insurance_ended"] == {a1.no: day_start(today)}
    assert facts["inspection_ended"] == {a2.no: day_start(today)}


async def document(
    session: AsyncSession, world: World, vehicle: Vehicle, kind: DocumentKind, last: date | None
) -> None:
    await add_document(
        session,
        Act(None, world.now),
        vehicle,
        world.organisations["a"].no,
        kind=kind,
        title="证件",
        number=None,
        issued_on=None,
        expires_on=last,
    )


async def test_a_unit_keeps_its_vehicles_to_itself_as_the_rule_above_it_lets_it(
    world: World, sessions: Sessions
) -> None:
    nos = [one.no for one in world.organisations.values()]
    b = [one.no for key, one in world.vehicles.items() if key.startswith("b")]
    async with sessions() as session:
        assert (await read(session, world, world.now, world.now + HOUR))["closed_to_others"] == {}
        told = await effective_in(session, RuleKey.CROSS_UNIT, nos, world.now)
        assert told == dict.fromkeys(nos, CrossUnitRule.OPEN)
    async with transaction(sessions) as session:
        for key, value, open_below in (("bureau", "open", True), ("b", "closed", False)):
            await say(
                session,
                Act(None, world.now),
                organisation=world.organisations[key],
                key=RuleKey.CROSS_UNIT,
                value=value,
                open_below=open_below,
            )
    async with sessions() as session:
        facts = await read(session, world, world.now, world.now + HOUR)
        told = await effective_in(session, RuleKey.CROSS_UNIT, nos, world.now)
        for no in nos:
            one = await effective(session, RuleKey.CROSS_UNIT, no, world.now)
            assert told[no] is one.value
    assert facts["closed_to_others"] == dict.fromkeys(b, True)


async def test_the_range_left_is_what_the_battery_gives_without_the_days_other_rides(
    office: Office,
) -> None:
    world = office.world
    order = await office.assigned("a1", "a1", start_in=timedelta(days=2))
    (served,) = order["requests"]
    start = instant(order["period"]["start"])
    async with transaction(office.sessions) as session:
        for key, kwh, norm in (("a1", 50, 16_000), ("a2", 50, 16_000), ("a3", 50, None)):
            vehicle = await session.get_one(Vehicle, world.vehicles[key].no)
            vehicle.energy, vehicle.battery_kwh, vehicle.norm_wh_per_100km = "electric", kwh, norm
    async with office.sessions() as session:
        facts = await read(session, world, start, start + HOUR)
    ride = ride_m(
        (served["origin"]["latitude"], served["origin"]["longitude"]),
        (served["destination"]["latitude"], served["destination"]["longitude"]),
        round_trip=True,
    )
    full_m = 50_000 * 80 // 100 * 100_000 // 16_000  # 50 kWh, four fifths of it, 16 kWh/100 km
    a1, a2 = world.vehicles["a1"].no, world.vehicles["a2"].no
    assert ride > 5_000
    assert facts["range_m"] == {a1: full_m - ride, a2: full_m}


async def test_day_and_week_of_a_driver_count_what_was_not_cancelled(office: Office) -> None:
    driver_no = office.world.drivers["a1"].no
    wednesday = week_of(utc_now())[1] + timedelta(days=2, hours=8) - utc_now()
    kept = await office.assigned("a1", "a1", start_in=wednesday, hours=2)
    gone = await office.assigned("a2", "a1", start_in=wednesday + 4 * HOUR, hours=2)
    ok(await office.step("dispatcher", gone, "cancel", reason="会议取消"))
    start = instant(kept["period"]["start"])
    async with office.sessions() as session:
        hours = await hours_of_drivers(session, start, [driver_no])
        assert (hours.days, hours.weeks) == ({driver_no: 7200}, {driver_no: 7200})
        assert (await hours_of_drivers(session, start)).weeks[driver_no] == 7200
        another_day = await hours_of_drivers(session, start + 24 * HOUR, [driver_no])
        assert (another_day.days, another_day.weeks) == ({driver_no: 0}, {driver_no: 7200})
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        assert (await hours_of_drivers(session, long_ago, [driver_no])).weeks == {}
