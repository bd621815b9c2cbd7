"""Use cases of reports: explained kilometres, and the monthly publicity inside a unit."""

import asyncio
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from audit.errors import BadMonth, PeriodTooLong
from audit.kilometres import Kilometres, UnitSum, by_unit, total
from audit.publicity import Month, Publicity, month_period, publicity_rows, watermark
from audit.publicity_xlsx import publicity_xlsx
from audit.report_store import (
    find_organisation,
    posted_orders,
    subtree,
    unsettled_days,
    vehicle_sums,
)
from audit.schemas import ExplainedReport, KilometresOut, UnitKilometres, VehicleKilometres
from audit.store import metres_by_source
from dispatch.refs import Refs, load_refs
from dispatch.schemas import PeriodOut
from fleet.access import Actor
from fleet.errors import EmptyPeriod
from fleet.journal.recording import record
from fleet.permissions import Permission
from fleet.tables import Organisation
from kit.clock import day_start, days_between, shanghai_day
from kit.errors import NotFound
from kit.web import EARLIEST, LATEST

_MOST_DAYS = 366


async def explained_report(
    session: AsyncSession,
    actor: Actor,
    start: datetime,
    end: datetime,
    organisation_id: UUID | None,
    now: datetime,
) -> ExplainedReport:
    """Return explained kilometres of the Shanghai days that [start, end) touches.

    Raises EmptyPeriod, PeriodTooLong.
    """
    days = _days(start, end)
    scope = actor.scope(Permission.REPORT_READ)
    if organisation_id is not None:
        scope &= await subtree(session, organisation_id, now)
    sums = await vehicle_sums(session, scope, days[0], days[-1])
    refs = await load_refs(
        session,
        organisations={s.organisation_no for s in sums},
        vehicles={s.vehicle_no for s in sums},
    )
    units = by_unit(sums)
    unsettled = await unsettled_days(session, scope, days[0], days[-1])
    return ExplainedReport(
        period=PeriodOut(start=day_start(days[0]), end=day_start(days[-1] + timedelta(days=1))),
        units=[_unit(unit, refs) for unit in units],
        total=_out(total(unit.kilometres for unit in units)),
        provisional_days=[d for d in days if d in unsettled or d >= shanghai_day(now)],
    )


async def publicity_report(
    session: AsyncSession, actor: Actor, month: str, organisation_id: UUID | None, now: datetime
) -> tuple[Organisation, Publicity]:
    """Return a unit's publicity of a month (YYYY-MM); without a unit, the actor's own.

    Raises BadMonth, NotFound.
    """
    start, end = _month(month)
    unit = await _unit_of_report(session, actor, organisation_id)
    orders = await posted_orders(session, unit.no, start, end)
    # An order stands here with all its metres, also those driven after the month's last midnight.
    last = max((o.end or now for o in orders), default=end)
    metres = await metres_by_source(
        session,
        (o.vehicle_no for o in orders),
        (o.order_id for o in orders),
        shanghai_day(start) - timedelta(days=1),
        shanghai_day(last) + timedelta(days=1),
    )
    mark = watermark(actor.name, unit.name, now)
    return unit, Publicity(unit.name, month, publicity_rows(orders, metres), mark)


async def publicity_export(
    session: AsyncSession,
    actor: Actor,
    month: str,
    organisation_id: UUID | None,
    now: datetime,
    address: str | None,
) -> bytes:
    """Return the same report as XLSX, and journal that it was taken out. Raises as above."""
    unit, report = await publicity_report(session, actor, month, organisation_id, now)
    record(
        session,
        actor=actor,
        action="report.export",
        object_kind="organisation",
        object_id=unit.id,
        organisation_no=unit.no,
        now=now,
        after={"report": "publicity", "month": month, "rows": len(report.rows)},
        address=address,
    )
    return await asyncio.to_thread(publicity_xlsx, report)


def _month(month: str) -> Month:
    try:
        start, end = month_period(month)
    except (ValueError, OverflowError) as error:
        raise BadMonth from error
    if not EARLIEST <= start < end <= LATEST:
        raise BadMonth(f"Ask for a month between {EARLIEST.year} and {LATEST.year}.")
    return start, end


def _days(start: datetime, end: datetime) -> list[date]:
    if start >= end:
        raise EmptyPeriod
    days = days_between(start, end - timedelta(microseconds=1))
    if len(days) > _MOST_DAYS:
        raise PeriodTooLong
    return days


async def _unit_of_report(
    session: AsyncSession, actor: Actor, organisation_id: UUID | None
) -> Organisation:
    if organisation_id is None:
        unit = await find_organisation(session, no=actor.home(Permission.REPORT_READ))
    else:
        unit = await find_organisation(session, organisation_id=organisation_id)
    if unit is None:
        raise NotFound
    actor.require(Permission.REPORT_READ, unit.no)
    return unit


def _unit(unit: UnitSum, refs: Refs) -> UnitKilometres:
    return UnitKilometres(
        unit=refs.organisations[unit.organisation_no],
        vehicles=[
            VehicleKilometres(
                vehicle=refs.vehicles[v.vehicle_no], **_out(v.kilometres).model_dump()
            )
            for v in unit.vehicles
        ],
        **_out(unit.kilometres).model_dump(),
    )


def _out(kilometres: Kilometres) -> KilometresOut:
    return KilometresOut(
        driven_m=kilometres.driven_m,
        ordered_m=kilometres.ordered_m,
        service_m=kilometres.service_m,
        filed_m=kilometres.filed_m,
        unexplained_m=kilometres.unexplained_m,
    )
