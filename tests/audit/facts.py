"""What happened, written straight into the tables as tracking and dispatch would leave it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.tables import Filing, Order, OrderRequest, OrderRun, Request
from fleet.tables import Place, Vehicle
from kit.clock import SHANGHAI, days_between
from kit.ids import new_id
from tests.support.world import World
from tracking.path import store as position_store
from tracking.path.columns import columns_of
from tracking.path.judgement import JudgementRules
from tracking.path.positions import Position, judged
from tracking.store import mark_changed
from tracking.tables import Stop, Trip


def beijing(day: int, hour: int, minute: int = 0, second: int = 0, month: int = 10) -> datetime:
    """An instant of autumn 2026 by Beijing's clock."""
    return datetime(2026, month, day, hour, minute, second, tzinfo=SHANGHAI)


def near(base: Place, north_m: float = 0.0) -> tuple[float, float]:
    """The place so many metres north of a base."""
    return base.latitude + north_m / 111_195.0, base.longitude


def add_trip(
    session: AsyncSession,
    vehicle: Vehicle,
    start: datetime,
    pair_m: Sequence[int],
    every_s: int = 60,
) -> UUID:
    """Add a trip with a position every `every_s` seconds, and tell audit of its days."""
    end = start + timedelta(seconds=every_s * len(pair_m))
    trip = Trip(
        id=new_id(),
        vehicle_no=vehicle.no,
        organisation_no=None,
        period=Range(start, end, bounds="[)"),
        start_latitude=0.0,
        start_longitude=0.0,
        end_latitude=0.0,
        end_longitude=0.0,
        distance_m=sum(pair_m),
        odometer_m=None,
        max_speed_kmh=60.0,
        gaps=0,
        offsets_s=[every_s * n for n in range(len(pair_m) + 1)],
        pair_m=list(pair_m),
    )
    session.add(trip)
    mark_changed(session, vehicle.no, days_between(start, end), "trip")
    return trip.id


def add_stop(
    session: AsyncSession,
    vehicle: Vehicle,
    start: datetime,
    end: datetime | None,
    place: tuple[float, float],
) -> None:
    """Add a stop; None is a vehicle that still stands there."""
    session.add(
        Stop(
            id=new_id(),
            vehicle_no=vehicle.no,
            period=Range(start, end, bounds="[)"),
            latitude=place[0],
            longitude=place[1],
        )
    )


async def add_order(
    session: AsyncSession,
    world: World,
    vehicle: str,
    departed_at: datetime,
    returned_at: datetime,
    *,
    service_kind: str | None = None,
    destination: str = "市政务中心",
    state: str = "archived",
) -> UUID:
    """Add an order of unit A that was driven, and the request that it served."""
    a = world.organisations["a"].no
    dispatcher = world.people["dispatcher"].no
    order = Order(
        id=new_id(),
        kind="service" if service_kind else "ride",
        organisation_no=a,
        issuer_no=world.organisations["bureau"].no,
        vehicle_no=world.vehicles[vehicle].no,
        driver_no=world.drivers["a1"].no,
        dispatcher_no=dispatcher,
        cross_unit=False,
        service_kind=service_kind,
        period=Range(departed_at, returned_at, bounds="[)"),
        state=state,
        departed_at=departed_at,
        returned_at=returned_at,
    )
    session.add(order)
    await session.flush()
    if service_kind is None:
        await _serve_request(session, world, order, destination)
    days = days_between(departed_at, returned_at)
    mark_changed(session, world.vehicles[vehicle].no, days, "order")
    return order.id


async def add_run(
    session: AsyncSession,
    world: World,
    order_id: UUID,
    vehicle: str,
    start: datetime,
    end: datetime,
) -> None:
    """Add what another vehicle drove of an order before it was swapped."""
    session.add(
        OrderRun(
            order_id=order_id,
            vehicle_no=world.vehicles[vehicle].no,
            driver_no=world.drivers["a1"].no,
            period=Range(start, end, bounds="[)"),
        )
    )
    mark_changed(session, world.vehicles[vehicle].no, days_between(start, end), "order")
    await session.flush()


async def _serve_request(
    session: AsyncSession, world: World, order: Order, destination: str
) -> None:
    applicant = world.people["applicant_a"].no
    request = Request(
        id=new_id(),
        organisation_no=order.organisation_no,
        applicant_no=applicant,
        passenger_no=applicant,
        passengers=1,
        purpose="meeting",
        purpose_text="年度会议",
        period=order.period,
        origin_name="甲局",
        origin_latitude=40.0,
        origin_longitude=110.0,
        destination_name=destination,
        destination_latitude=40.1,
        destination_longitude=110.1,
        round_trip=True,
        may_share=False,
        state="archived",
    )
    session.add(request)
    await session.flush()
    session.add(OrderRequest(order_id=order.id, request_id=request.id))


async def add_filing(
    session: AsyncSession, world: World, vehicle: str, start: datetime, end: datetime
) -> UUID:
    """Add an accepted filing, and tell audit of its days."""
    filing = Filing(
        id=new_id(),
        vehicle_no=world.vehicles[vehicle].no,
        organisation_no=world.organisations["a"].no,
        kind="night_away",
        period=Range(start, end, bounds="[)"),
        reason="跨夜出差",
        filed_by_no=world.people["clerk_a"].no,
        accepted_by_no=world.people["approver_a"].no,
        accepted_at=start,
    )
    session.add(filing)
    await session.flush()
    mark_changed(session, world.vehicles[vehicle].no, days_between(start, end), "filing")
    return filing.id


async def store_positions(
    database_url: str, terminal_no: int, points: Sequence[tuple[datetime, tuple[float, float]]]
) -> None:
    """Commit positions of a terminal as the ingest does, received when they were taken."""
    connection = await position_store.connect(database_url.replace("+psycopg", ""))
    try:
        for day in {day for time, _ in points for day in days_between(time, time)}:
            await position_store.ensure_day(connection, day)
        writer_no = await position_store.enrol_writer(connection, "test")
        rows, unfit = columns_of(
            judged(_position(terminal_no, n, time, place), time, JudgementRules())
            for n, (time, place) in enumerate(points)
        )
        assert not unfit
        await position_store.commit_batch(connection, writer_no, 1, rows, [])
    finally:
        await connection.close()


def _position(terminal_no: int, n: int, time: datetime, place: tuple[float, float]) -> Position:
    return Position(
        terminal_no=terminal_no,
        own_time=time,
        time_raw=int(time.timestamp()),
        digest=n,
        latitude=place[0],
        longitude=place[1],
        altitude_m=0,
        speed_kmh=40.0,
        course_deg=0,
        odometer_m=None,
        acc=True,
        fixed=True,
        encrypted=False,
        alarm=0,
        status=0,
        backfilled=False,
        raw=b"",
    )
