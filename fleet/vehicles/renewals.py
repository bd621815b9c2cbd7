"""Renewal (更新): an old vehicle leaves its place to a new one.

Source: 党政机关公务用车管理办法: a vehicle may be renewed after more than eight years of use. The
number is known from secondary sources only; it is the default of a rule. An earlier one is
recorded as early; who approves it is the matter of an application.
"""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.rules import RuleKey, effective
from fleet.rules.known import KNOWN
from fleet.vehicles.events import add_event
from fleet.vehicles.life_store import life, lock_vehicle, unit_no_at
from fleet.vehicles.tables import Vehicle
from fleet.vehicles.words import EventKind, LifeState
from kit.clock import shanghai_day

_DEFAULT: int = KNOWN[RuleKey.RENEWAL_YEARS].default


def is_early(started: date, day: date, renewal_years: int = _DEFAULT) -> bool:
    """Return whether `day` comes before more than `renewal_years` have passed since `started`."""
    years = day.year - started.year - ((day.month, day.day) <= (started.month, started.day))
    return years < renewal_years


async def renew(
    session: AsyncSession, act: Act, old: Vehicle, *, day: date, document_no: int | None = None
) -> bool:
    """Record that `old` is renewed on `day`, and return whether that is early.

    Its place in the quota is free from then on; it stays in the register until it is disposed of.
    A renewal that is recorded already is left as it is. Raises IllegalStep, NotYet.
    """
    await lock_vehicle(session, old)
    unit_no = await unit_no_at(session, old.no, act.now)
    years, version = _DEFAULT, 0
    if unit_no is not None:
        rule = await effective(session, RuleKey.RENEWAL_YEARS, unit_no, act.now)
        years, version = rule.value, rule.version
    early = is_early(await _started(session, old), day, years)
    if old.state == LifeState.RENEWED:
        return early
    before = old.state
    await add_event(
        session,
        act,
        old,
        EventKind.RENEWED,
        day,
        organisation_no=unit_no,
        facts={"early": early, "renewal_years": years, "rule_version": version},
        document_no=document_no,
    )
    act.record(
        session,
        "vehicle.renew",
        "vehicle",
        old.id,
        organisation_no=unit_no,
        before={"state": before},
        after={"state": old.state, "day": day.isoformat(), "early": early},
    )
    return early


async def replaced_by(session: AsyncSession, act: Act, old: Vehicle, new: Vehicle) -> None:
    """Link the old vehicle and the new one by a remark in both lives."""
    for one, facts in (
        (old, {"replaced_by": {"id": str(new.id), "plate": new.plate}}),
        (new, {"replaces": {"id": str(old.id), "plate": old.plate}}),
    ):
        latest = (await life(session, one))[-1][1]
        unit_no = await unit_no_at(session, one.no, act.now)
        await add_event(
            session, act, one, EventKind.CHANGED, latest, organisation_no=unit_no, facts=facts
        )
        act.record(session, "vehicle.link", "vehicle", one.id, organisation_no=unit_no, after=facts)
    await session.flush()


async def _started(session: AsyncSession, vehicle: Vehicle) -> date:
    """Return the day of purchase, or else the first known day of the vehicle's life."""
    if vehicle.purchase_date is not None:
        return vehicle.purchase_date
    days = [day for _, day in await life(session, vehicle)]
    return days[0] if days else shanghai_day(vehicle.recorded_at)
