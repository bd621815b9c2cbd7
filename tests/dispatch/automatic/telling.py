"""What an organisation says about auto-dispatch, and what came of a request."""

from sqlalchemy import select

from dispatch.tables import AutoDispatchNote
from fleet.acts import Act
from fleet.rules.keys import RuleKey
from fleet.rules.saying import say
from fleet.tables import Organisation
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.office import Json, Office, ok


async def said(office: Office, mode: str, unit: str = "bureau", **limits: object) -> None:
    """Let an organisation say its mode, and its limits where some are given."""
    async with transaction(office.sessions) as session:
        for key, value in (
            (RuleKey.AUTO_DISPATCH, mode),
            (RuleKey.AUTO_DISPATCH_LIMITS, limits or None),
        ):
            if value is not None:
                await say(
                    session,
                    Act(None, utc_now()),
                    organisation=await session.get_one(
                        Organisation, office.world.organisations[unit].no
                    ),
                    key=key,
                    value=value,
                    open_below=True,
                )


async def notes_of(office: Office, request: Json) -> list[tuple[str, str | None]]:
    """Return outcome and stop of each note on a request, oldest first."""
    async with office.sessions() as session:
        rows = await session.execute(
            select(AutoDispatchNote.outcome, AutoDispatchNote.stop)
            .where(AutoDispatchNote.request_id == request["id"])
            .order_by(AutoDispatchNote.no)
        )
        return [(row.outcome, row.stop) for row in rows]


async def state_of(office: Office, request: Json) -> str:
    shown = ok(await office.get("dispatcher", f"/requests/{request['id']}"))
    return str(shown["state"])


async def order_of(office: Office, request: Json) -> Json:
    """Return the order that serves a request."""
    shown = ok(await office.get("dispatcher", f"/requests/{request['id']}"))
    return ok(await office.get("dispatcher", f"/orders/{shown['order']['id']}"))
