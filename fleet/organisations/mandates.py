"""Mandates (职权): who may decide what, over whom, and for how long."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.organisations.tables import Mandate, Organisation
from fleet.words import Matter


async def give_mandate(
    session: AsyncSession,
    act: Act,
    *,
    holder: Organisation,
    over: Organisation,
    matter: Matter,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Give `holder` the power of `matter` over `over` and all that stands below it."""
    session.add(
        Mandate(
            holder_no=holder.no,
            over_no=over.no,
            matter=matter,
            period=period(since or act.now, until),
        )
    )
    act.record(
        session,
        "mandate.give",
        "organisation",
        over.id,
        organisation_no=over.no,
        after={"holder": holder.name, "matter": matter},
    )
    await session.flush()
