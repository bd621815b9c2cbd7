"""Routes of doubles: who looks like one, and merging two into one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.exchange.doubles import (
    MergeCheck,
    Twins,
    merge_organisations,
    merge_vehicles,
    organisation_twins,
    vehicle_twins,
)
from fleet.inputs import Input
from fleet.lists import Paging
from fleet.organisations.store import organisation_in
from fleet.permissions import Permission
from fleet.refs import Named
from fleet.vehicles.store import vehicle_row
from kit.paging import BadCursor, decode_cursor, encode_cursor
from kit.texts import Written
from kit.web import Address, DbSession, Now

P = Permission
VehicleWriter = Annotated[Actor, Allow(P.VEHICLE_WRITE)]
OrganisationWriter = Annotated[Actor, Allow(P.ORGANISATION_WRITE)]


class TwinsOut(BaseModel):
    """Objects that look like one: by what, and its value."""

    same: str
    value: str
    members: list[Named]


class TwinsPage(BaseModel):
    """A page of objects that look like one."""

    items: list[TwinsOut]
    next_cursor: str | None


class Merger(Input):
    """Which of two entries stays, which one leaves, and why."""

    keep_id: UUID
    drop_id: UUID
    reason: Annotated[str, Written(500)]


def doubles_router(check: MergeCheck) -> APIRouter:
    """Return the routes; `check` says what forbids the merger of two vehicles."""
    router = APIRouter(prefix="/duplicates", tags=["exchange"])

    @router.get("/vehicles")
    async def list_vehicle_doubles(
        actor: VehicleWriter, session: DbSession, now: Now, part: Paging
    ) -> TwinsPage:
        """List vehicles within scope that seem to be entered twice."""
        key = decode_cursor(part.cursor, 2)
        found = await vehicle_twins(
            session,
            actor.scope(P.VEHICLE_WRITE),
            actor.scope(P.VEHICLE_ASSET_READ),
            now,
            (str(key[0]), str(key[1])) if key else None,
            part.limit + 1,
        )
        more = len(found) > part.limit
        last = found[part.limit - 1] if more else None
        return _page(found[: part.limit], encode_cursor((last.same, last.value)) if last else None)

    @router.get("/organisations")
    async def list_organisation_doubles(
        actor: OrganisationWriter, session: DbSession, now: Now, part: Paging
    ) -> TwinsPage:
        """List organisations within scope that seem to be entered twice."""
        key = decode_cursor(part.cursor, 1)
        start = key[0] if key else 0
        if not isinstance(start, int) or start < 0:
            raise BadCursor
        found = await organisation_twins(session, actor.scope(P.ORGANISATION_WRITE), now)
        end = start + part.limit
        return _page(found[start:end], encode_cursor((end,)) if len(found) > end else None)

    @router.post("/vehicles/merge", status_code=204)
    async def merge_double_vehicles(
        body: Merger, actor: VehicleWriter, session: DbSession, now: Now, address: Address
    ) -> None:
        """Merge a vehicle that was entered twice; both lie within scope."""
        scope = actor.scope(P.VEHICLE_WRITE)
        keep = await vehicle_row(session, body.keep_id, scope, now)
        drop = await vehicle_row(session, body.drop_id, scope, now)
        act = Act(actor, now, address, body.reason)
        await merge_vehicles(session, act, keep=keep[0], drop=drop[0], check=check)

    @router.post("/organisations/merge", status_code=204)
    async def merge_double_organisations(
        body: Merger, actor: OrganisationWriter, session: DbSession, now: Now, address: Address
    ) -> None:
        """Merge an organisation that was entered twice; both lie within scope."""
        scope = actor.scope(P.ORGANISATION_WRITE)
        keep = await organisation_in(session, body.keep_id, scope)
        drop = await organisation_in(session, body.drop_id, scope)
        act = Act(actor, now, address, body.reason)
        await merge_organisations(session, act, keep=keep, drop=drop)

    return router


def _page(found: list[Twins], next_cursor: str | None) -> TwinsPage:
    items = [
        TwinsOut(
            same=one.same,
            value=one.value,
            members=[Named(id=id, name=name) for id, name in one.members],
        )
        for one in found
    ]
    return TwinsPage(items=items, next_cursor=next_cursor)
