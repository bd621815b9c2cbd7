"""Mandates (职权): who may decide what, over whom, and for how long.

At any time one organisation at most holds a matter over another; further down the tree the nearest
mandate counts. The holder of `manage` over a vehicle's unit is the vehicle's one authority
(主管部门).
"""

from datetime import datetime

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.errors import flush_or_refuse
from fleet.organisations.dated import shown
from fleet.organisations.errors import MandateEnded, MandateHeld
from fleet.organisations.tables import Mandate, Organisation
from fleet.organisations.tree import must_exist
from fleet.words import Matter

_TAKEN = {
    "one_mandate_row_at_a_time": MandateHeld,
    "one_mandate_holder_at_a_time": MandateHeld,
}


async def give_mandate(
    session: AsyncSession,
    act: Act,
    *,
    holder: Organisation,
    over: Organisation,
    matter: Matter,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Mandate:
    """Give `holder` the power of `matter` over `over` and all that stands below it.

    Raises MandateHeld, EmptyPeriod, OrganisationEnded.
    """
    must_exist(holder)
    must_exist(over)
    mandate = Mandate(
        holder_no=holder.no,
        over_no=over.no,
        matter=matter,
        period=period(since or act.now, until),
    )
    session.add(mandate)
    await flush_or_refuse(session, _TAKEN)
    act.record(
        session,
        "mandate.give",
        "organisation",
        over.id,
        organisation_no=over.no,
        after={"holder": holder.name, "matter": matter, **shown(mandate.period)},
    )
    await session.flush()
    return mandate


async def end_mandate(
    session: AsyncSession,
    act: Act,
    *,
    mandate: Mandate,
    holder: Organisation,
    over: Organisation,
    until: datetime | None = None,
) -> None:
    """End a mandate at `until` (default: now), which lies within it.

    Raises MandateEnded, and EmptyPeriod for an end before its start.
    """
    stops = until or act.now
    before = mandate.period
    if before.upper is not None and before.upper <= stops:
        raise MandateEnded
    if before.lower is None:
        mandate.period = Range(None, stops, bounds="[)")
    else:
        mandate.period = period(before.lower, stops)
    facts = {"holder": holder.name, "matter": mandate.matter}
    act.record(
        session,
        "mandate.end",
        "organisation",
        over.id,
        organisation_no=over.no,
        before={**facts, **shown(before)},
        after={**facts, **shown(mandate.period)},
    )
    await session.flush()
