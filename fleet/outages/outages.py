"""Use cases of outages: a vehicle is taken out of use for a period, and put back.

What was promised before stands: `promised_of_vehicle` says which orders need another vehicle.
"""

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.endings import end_early, spelled
from fleet.errors import flush_or_refuse
from fleet.outages import store
from fleet.outages.errors import OutageOverlap, OutageTooLong
from fleet.outages.tables import Outage
from fleet.outages.words import OutageKind
from fleet.vehicles.tables import Vehicle

LONGEST = timedelta(days=366)


async def open_outage(
    session: AsyncSession,
    act: Act,
    *,
    vehicle: Vehicle,
    organisation_no: int,
    kind: OutageKind,
    start: datetime | None,
    end: datetime | None,
    reason: str,
) -> Outage:
    """Take a vehicle out of use. Raises EmptyPeriod, OutageTooLong, OutageOverlap."""
    held = period(start or act.now, end)
    if end is not None and end - (start or act.now) > LONGEST:
        raise OutageTooLong
    await store.lock_vehicle(session, vehicle.no)
    return await _open(session, act, vehicle, organisation_no, kind, held, reason)


async def report_defect(
    session: AsyncSession, act: Act, *, vehicle: Vehicle, organisation_no: int, reason: str
) -> Outage:
    """Take a vehicle out of use for a defect from now on, until somebody says that it is mended.

    A defect that stands open already is returned as it is; one that would end, or was to begin
    later, gives way.
    """
    await store.lock_vehicle(session, vehicle.no)
    held = period(act.now)
    while standing := await store.outage_during(session, vehicle.no, OutageKind.DEFECT, held):
        begins, ends = standing.period.lower, standing.period.upper
        if ends is None and begins is not None and begins <= act.now:
            return standing
        await _end(session, act, standing, organisation_no)
    return await _open(session, act, vehicle, organisation_no, OutageKind.DEFECT, held, reason)


async def end_outage(
    session: AsyncSession, act: Act, outage: Outage, *, organisation_no: int
) -> None:
    """Put a vehicle back in use now, or withdraw an outage that has not begun; the row is locked.

    Raises AlreadyEnded.
    """
    await _end(session, act, outage, organisation_no)


async def _open(
    session: AsyncSession,
    act: Act,
    vehicle: Vehicle,
    organisation_no: int,
    kind: OutageKind,
    held: Range[datetime],
    reason: str,
) -> Outage:
    made = Outage(
        vehicle_no=vehicle.no,
        kind=kind,
        period=held,
        reason=reason,
        recorded_by_no=act.actor.person_no if act.actor else None,
    )
    session.add(made)
    await flush_or_refuse(session, {"one_outage_of_a_kind_at_a_time": OutageOverlap})
    act.record(
        session,
        "outage.open",
        "vehicle",
        vehicle.id,
        organisation_no=organisation_no,
        after={
            "outage": str(made.id),
            "plate": vehicle.plate,
            "kind": kind,
            "reason": reason,
            **spelled(held),
        },
    )
    await session.flush()
    return made


async def _end(session: AsyncSession, act: Act, outage: Outage, organisation_no: int) -> None:
    before = spelled(outage.period)
    end_early(outage, act.now)
    vehicle = await session.get_one(Vehicle, outage.vehicle_no)
    act.record(
        session,
        "outage.end",
        "vehicle",
        vehicle.id,
        organisation_no=organisation_no,
        before={"outage": str(outage.id), "plate": vehicle.plate, **before},
        after={**spelled(outage.period), "withdrawn": outage.withdrawn_at is not None},
    )
    await session.flush()
