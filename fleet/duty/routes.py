"""Routes of shifts and leave."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.duty import schemas, store, views
from fleet.duty.clashes import beside
from fleet.duty.planning import end_planned, grant_leave, plan_shift
from fleet.lists import Paging
from fleet.people.driver_store import driver_row, lock_driver
from fleet.permissions import Permission
from fleet.promises import promised_of_driver
from kit.web import Address, DbSession, Now

router = APIRouter(tags=["duty"])

Planner = Annotated[Actor, Allow(Permission.ROSTER_WRITE)]
Keeper = Annotated[Actor, Allow(Permission.DRIVER_WRITE)]


@router.get("/drivers/{id}/shifts")
async def list_shifts(
    id: UUID,
    actor: Annotated[Actor, Allow(Permission.ROSTER_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
) -> schemas.ShiftPage:
    """List a driver's shifts, the last planned first."""
    row = await driver_row(session, id, actor.scope(Permission.ROSTER_READ), now)
    page = await store.shifts_of(session, row[0].no, part)
    return schemas.ShiftPage(
        items=[views.shift(one) for one in page.items], next_cursor=page.next_cursor
    )


@router.post("/drivers/{id}/shifts", status_code=201)
async def add_shift(
    id: UUID,
    body: schemas.NewShift,
    actor: Planner,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.ShiftOut:
    """Plan a shift of a driver within scope."""
    row = await driver_row(session, id, actor.scope(Permission.ROSTER_WRITE), now)
    made = await plan_shift(
        session,
        Act(actor, now, address),
        driver=row[0],
        organisation_no=row.unit_no,
        kind=body.kind,
        start=body.start,
        end=body.end,
    )
    return views.shift(await store.shift_row(session, made.id))


@router.post("/shifts/{id}/end")
async def end_shift(
    id: UUID, actor: Planner, session: DbSession, now: Now, address: Address
) -> schemas.ShiftOut:
    """End a shift now, or withdraw it before it begins."""
    scope = actor.scope(Permission.ROSTER_WRITE)
    shift, driver, unit_no = await store.shift_in(session, id, scope, now)
    await end_planned(
        session,
        Act(actor, now, address),
        shift,
        action="shift.end",
        object_kind="driver",
        object_id=driver.id,
        organisation_no=unit_no,
    )
    return views.shift(await store.shift_row(session, id))


@router.get("/drivers/{id}/leaves")
async def list_leaves(
    id: UUID,
    actor: Annotated[Actor, Allow(Permission.DRIVER_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
) -> schemas.LeavePage:
    """List when a driver is and was away, the last granted first."""
    row = await driver_row(session, id, actor.scope(Permission.DRIVER_READ), now)
    keeps = actor.scope(Permission.DRIVER_WRITE)
    page = await store.leaves_of(session, row[0].no, part)
    return schemas.LeavePage(
        items=[views.leave(one, row.unit_no, keeps) for one in page.items],
        next_cursor=page.next_cursor,
    )


@router.post("/drivers/{id}/leaves", status_code=201)
async def add_leave(
    id: UUID,
    body: schemas.NewLeave,
    actor: Keeper,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.LeaveGranted:
    """Approve leave of a driver within scope, never one's own; name what needs somebody else."""
    scope = actor.scope(Permission.DRIVER_WRITE)
    row = await lock_driver(session, id, scope, now)
    made = await grant_leave(
        session,
        Act(actor, now, address),
        driver=row[0],
        organisation_no=row.unit_no,
        approver_no=actor.person_no,
        kind=body.kind,
        start=body.start,
        end=body.end,
        reason=body.reason,
    )
    shown = views.leave(await store.leave_row(session, made.id), row.unit_no, scope)
    promised = await promised_of_driver(session, actor, row[0].no, made.period)
    planned = beside(await store.duties_beside(session, row[0], made.period), made.period)
    return views.granted(shown, promised, planned)


@router.post("/leaves/{id}/end")
async def end_leave(
    id: UUID, actor: Keeper, session: DbSession, now: Now, address: Address
) -> schemas.LeaveOut:
    """Let a driver be back now, or withdraw leave before it begins."""
    scope = actor.scope(Permission.DRIVER_WRITE)
    leave, driver, unit_no = await store.leave_in(session, id, scope, now)
    await end_planned(
        session,
        Act(actor, now, address),
        leave,
        action="leave.end",
        object_kind="driver",
        object_id=driver.id,
        organisation_no=unit_no,
    )
    return views.leave(await store.leave_row(session, id), unit_no, scope)
