"""SQL of a merger: dated rows are closed with one organisation and opened with another."""

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    DateTime,
    Insert,
    Update,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from fleet.custody.tables import Custody
from fleet.duty.tables import RosterEntry
from fleet.lists import in_force
from fleet.organisations.errors import LaterChange
from fleet.organisations.tables import Mandate, OrganisationParent
from fleet.people.tables import DriverUnit, PersonRole
from fleet.places.tables import Place
from fleet.quotas.tables import Quota
from fleet.terminals.tables import BindingChange, Terminal
from fleet.vehicles.tables import VehicleUnit

_Bound = (
    type[VehicleUnit]
    | type[DriverUnit]
    | type[PersonRole]
    | type[OrganisationParent]
    | type[Custody]
)
_OF_A_ROW = ("no", "id", "recorded_at", "period")  # what a new row gets for itself


async def hand_over_all(session: AsyncSession, old: int, new: int, at: datetime) -> dict[str, int]:
    """Move all that belongs to `old` to `new` from `at` on; return how many rows of each kind.

    What was planned of rosters for later is the new one's. Quotas of the old one end: which ones
    the new one gets is to be decided. Raises LaterChange if a row of the old one begins at `at` or
    later.
    """
    # The new row is written before the old one is closed; they are compared at the end.
    await session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    moved = {
        "vehicles": await _hand_over(
            session, VehicleUnit, VehicleUnit.organisation_no, old, new, at
        ),
        "drivers": await _hand_over(session, DriverUnit, DriverUnit.organisation_no, old, new, at),
        "roles": await _hand_over(
            session, PersonRole, PersonRole.organisation_no, old, new, at, _has_role(new, at)
        ),
        "organisations": await _hand_over(
            session, OrganisationParent, OrganisationParent.parent_no, old, new, at
        ),
        "mandates": await _hand_over_mandates(session, old, new, at),
        "custodies": await _hand_over(session, Custody, Custody.organisation_no, old, new, at),
        "rosters": await _hand_over_rosters(session, old, new, at),
        "quotas": await _end_quotas(session, old, at),
        "terminals": await _give(session, Terminal.organisation_no, old, new),
        "places": await _give(session, Place.organisation_no, old, new),
    }
    await session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    await _derive_again(session, new, at)
    return moved


async def _hand_over(
    session: AsyncSession,
    table: _Bound,
    owner: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    old: int,
    new: int,
    at: datetime,
    unless: ColumnElement[bool] | None = None,
) -> int:
    """Close the owner's rows at `at`, opening each with the new owner but where `unless` holds."""
    mine = owner == old
    await _must_precede(session, table.period, mine, at)
    kept = [c for c in table.__table__.columns if c.name not in (*_OF_A_ROW, owner.key)]
    opened = select(*kept, literal(new), func.tstzrange(_instant(at), func.upper(table.period)))
    opened = opened.where(mine, in_force(table.period, at))
    if unless is not None:
        opened = opened.where(~unless)
    columns = [*(c.name for c in kept), owner.key, "period"]
    await session.execute(insert(table).from_select(columns, opened, include_defaults=False))
    return await _rows(session, _closed(table, mine, at))


async def _hand_over_mandates(session: AsyncSession, old: int, new: int, at: datetime) -> int:
    mine = or_(Mandate.holder_no == old, Mandate.over_no == old)
    await _must_precede(session, Mandate.period, mine, at)
    over = case((Mandate.over_no == old, new), else_=Mandate.over_no)
    other = aliased(Mandate)
    held_already = exists().where(
        other.over_no == over,
        other.matter == Mandate.matter,
        other.period.op("&&", is_comparison=True)(func.tstzrange(_instant(at), None)),
        other.holder_no != old,
        other.over_no != old,
    )
    opened = (
        select(
            case((Mandate.holder_no == old, new), else_=Mandate.holder_no),
            over,
            Mandate.matter,
            func.tstzrange(_instant(at), func.upper(Mandate.period)),
        )
        .where(mine, in_force(Mandate.period, at), ~held_already)
        # Over the new one there may be the old one's and its own: its own is kept.
        .ext(distinct_on(over, Mandate.matter))
        .order_by(over, Mandate.matter, Mandate.over_no == old)
    )
    columns = ["holder_no", "over_no", "matter", "period"]
    await session.execute(insert(Mandate).from_select(columns, opened, include_defaults=False))
    return await _rows(session, _closed(Mandate, mine, at))


async def _hand_over_rosters(session: AsyncSession, old: int, new: int, at: datetime) -> int:
    """Split what is on duty at `at`, and give what begins later to the new one."""
    mine = RosterEntry.organisation_no == old
    kept = (RosterEntry.kind, RosterEntry.person_no, RosterEntry.vehicle_no, RosterEntry.note)
    opened = select(
        func.gen_random_uuid(),
        literal(new),
        *kept,
        func.tstzrange(_instant(at), func.upper(RosterEntry.period)),
    ).where(
        mine,
        in_force(RosterEntry.period, at),
        func.lower(RosterEntry.period) < _instant(at),
        RosterEntry.withdrawn_at.is_(None),
    )
    columns = ["id", "organisation_no", *(c.key for c in kept), "period"]
    await session.execute(insert(RosterEntry).from_select(columns, opened, include_defaults=False))
    split = await _rows(
        session, _closed(RosterEntry, mine & RosterEntry.withdrawn_at.is_(None), at)
    )
    later = func.lower(RosterEntry.period) >= _instant(at)
    moved = update(RosterEntry).where(mine, later).values(organisation_no=new)
    return split + await _rows(session, moved)


async def _end_quotas(session: AsyncSession, old: int, at: datetime) -> int:
    mine = Quota.organisation_no == old
    await _must_precede(session, Quota.period, mine, at)
    return await _rows(session, _closed(Quota, mine, at))


def _closed(
    table: _Bound | type[Mandate] | type[RosterEntry] | type[Quota],
    mine: ColumnElement[bool],
    at: datetime,
) -> Update:
    span = func.tstzrange(func.lower(table.period), _instant(at))
    before = or_(func.lower_inf(table.period), func.lower(table.period) < _instant(at))
    condition = (mine, in_force(table.period, at), before)
    return update(table).where(*condition).values(period=span)


async def _must_precede(
    session: AsyncSession,
    period: InstrumentedAttribute[object],
    mine: ColumnElement[bool],
    at: datetime,
) -> None:
    if await session.scalar(select(exists().where(mine, func.lower(period) >= _instant(at)))):
        raise LaterChange("Something that belongs to the organisation begins after that instant.")


def _has_role(new: int, at: datetime) -> ColumnElement[bool]:
    other = aliased(PersonRole)
    return exists().where(
        other.person_no == PersonRole.person_no,
        other.role == PersonRole.role,
        other.organisation_no == new,
        other.period.op("&&", is_comparison=True)(func.tstzrange(_instant(at), None)),
    )


async def _give(
    session: AsyncSession,
    owner: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    old: int,
    new: int,
) -> int:
    """Change the owner where it is no dated fact."""
    statement = update(owner.class_).where(owner == old).values({owner.key: new})
    return await _rows(session, statement)


async def _derive_again(session: AsyncSession, new: int, at: datetime) -> None:
    """Have the trips since then derived again, so that they carry the new unit."""
    since = select(VehicleUnit.vehicle_no, _instant(at)).where(
        VehicleUnit.organisation_no == new, func.lower(VehicleUnit.period) == _instant(at)
    )
    await session.execute(insert(BindingChange).from_select(["vehicle_no", "since"], since))


async def _rows(session: AsyncSession, statement: Update | Insert) -> int:
    result = await session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return result.rowcount


def _instant(at: datetime) -> ColumnElement[datetime]:
    return literal(at, DateTime(timezone=True))
