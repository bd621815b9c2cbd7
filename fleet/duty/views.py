"""From the store's rows of duty to what the API shows their reader."""

from collections.abc import Collection, Sequence

from fleet.duty import schemas
from fleet.duty.clashes import Planned
from fleet.duty.words import LeaveKind, RosterKind, ShiftKind
from fleet.lists import AnyRow
from fleet.promises import Promised
from fleet.refs import Named, VehicleRef, named


def shift(row: AnyRow) -> schemas.ShiftOut:
    """Show a shift."""
    one = row[0]
    return schemas.ShiftOut(
        id=one.id,
        kind=ShiftKind(one.kind),
        start=one.period.lower,
        end=one.period.upper,
        withdrawn_at=one.withdrawn_at,
        on_leave=row.on_leave,
    )


def leave(row: AnyRow, unit_no: int, keeps: Collection[int]) -> schemas.LeaveOut:
    """Show leave; its kind and reason only where the reader keeps the unit's drivers."""
    one = row[0]
    told = unit_no in keeps
    return schemas.LeaveOut(
        id=one.id,
        start=one.period.lower,
        end=one.period.upper,
        withdrawn_at=one.withdrawn_at,
        approved_by=Named(id=row.approver_id, name=row.approver_name),
        kind=LeaveKind(one.kind) if told else None,
        reason=one.reason if told else None,
    )


def granted(
    leave: schemas.LeaveOut, promised: Sequence[Promised], planned: Sequence[Planned]
) -> schemas.LeaveGranted:
    """Show leave with the orders and duties that the driver was given before."""
    orders = [
        schemas.PromisedOrder(id=one.order_id, start=one.start, end=one.end) for one in promised
    ]
    duties = [
        schemas.PlannedDuty(kind=one.kind, id=one.id, start=one.start, end=one.end)
        for one in planned
        if one.kind != "leave"
    ]
    return schemas.LeaveGranted(**dict(leave), orders=orders, duties=duties)


def roster_entry(row: AnyRow) -> schemas.RosterEntryOut:
    """Show who is on duty."""
    one = row[0]
    return schemas.RosterEntryOut(
        id=one.id,
        organisation=Named(id=row.organisation_id, name=row.organisation_name),
        kind=RosterKind(one.kind),
        person=named(row.person_id, row.person_name),
        vehicle=VehicleRef(id=row.vehicle_id, plate=row.plate) if row.vehicle_id else None,
        start=one.period.lower,
        end=one.period.upper,
        note=one.note,
        withdrawn_at=one.withdrawn_at,
        on_leave=row.on_leave,
    )
