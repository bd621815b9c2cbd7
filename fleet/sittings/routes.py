"""Routes of sittings: why somebody looks at tracks."""

from typing import Annotated

from fastapi import APIRouter

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.permissions import Permission
from fleet.sittings import schemas
from fleet.sittings.sitting import begin_sitting, current_sitting, end_sitting
from fleet.sittings.tables import Sitting
from fleet.sittings.words import LookingPurpose
from kit.web import Address, DbSession, Now

router = APIRouter(tags=["sittings"])


@router.post("/sittings", status_code=201)
async def open_sitting(
    body: schemas.NewSitting,
    actor: Annotated[Actor, Allow(Permission.TRACK_READ)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.SittingOut:
    """Say why tracks are looked at; every query until the end is journalled with it."""
    return _out(await begin_sitting(session, Act(actor, now, address), body))


@router.get("/sittings/current")
async def read_sitting(
    actor: Annotated[Actor, Allow(Permission.TRACK_READ)], session: DbSession, now: Now
) -> schemas.CurrentSitting:
    """Say in which sitting this log-in is."""
    sitting = await current_sitting(session, actor, now)
    return schemas.CurrentSitting(sitting=_out(sitting) if sitting else None)


@router.delete("/sittings/current", status_code=204)
async def close_sitting(
    actor: Annotated[Actor, Allow(Permission.TRACK_READ)],
    session: DbSession,
    now: Now,
    address: Address,
) -> None:
    """End the sitting of this log-in; nothing happens when there is none."""
    await end_sitting(session, Act(actor, now, address))


def _out(sitting: Sitting) -> schemas.SittingOut:
    return schemas.SittingOut(
        id=sitting.id,
        purpose=LookingPurpose(sitting.purpose),
        reference=sitting.reference,
        letter_no=sitting.letter_no,
        text=sitting.text,
        began_at=sitting.began_at,
        expires_at=sitting.expires_at,
    )
