"""Mergers (撤并): one organisation takes over everything of another, at an instant.

What belonged to the old one is closed at that instant and opened with the new one; nothing is
rewritten. The old one then stands below the new one, so that whoever may see the new one's affairs
still finds the old one's history under its own name.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.organisations import handing_over, merged_vehicles, store
from fleet.organisations.dated import close_at
from fleet.organisations.errors import NotYet, TreeCircle
from fleet.organisations.tables import (
    Organisation,
    OrganisationParent,
    OrganisationSuccession,
)
from fleet.organisations.tree import must_exist


async def merge(
    session: AsyncSession,
    act: Act,
    *,
    predecessor: Organisation,
    successor: Organisation,
    at: datetime | None = None,
) -> OrganisationSuccession:
    """Let `successor` take over `predecessor` at `at` (default: now), which has then ended.

    Raises NotYet for the future, LaterChange where something of the old one began after `at`,
    TreeCircle where the successor stands below, OrganisationEnded.
    """
    must_exist(predecessor)
    must_exist(successor)
    moment = at or act.now
    if moment > act.now:
        raise NotYet
    await store.lock_tree(session)
    await store.lock(session, [predecessor.no, successor.no])
    if await store.stands_under(session, successor.no, predecessor.no, moment):
        raise TreeCircle("The successor is the organisation itself, or stands below it.")
    vehicles = await merged_vehicles.lock_vehicles_of(session, predecessor.no, moment)
    moved = await handing_over.hand_over_all(session, predecessor.no, successor.no, moment)
    await merged_vehicles.tell_lives(
        session, act, vehicles, predecessor=predecessor, successor=successor, at=moment
    )
    close_at(await store.parents_of(session, predecessor.no), moment)
    await session.flush()
    session.add(
        OrganisationParent(
            organisation_no=predecessor.no, parent_no=successor.no, period=period(moment)
        )
    )
    predecessor.ended_at = moment
    succession = OrganisationSuccession(
        predecessor_no=predecessor.no, successor_no=successor.no, at=moment
    )
    session.add(succession)
    act.record(
        session,
        "organisation.merge",
        "organisation",
        predecessor.id,
        organisation_no=predecessor.no,
        before={"name": predecessor.name, "ended_at": None},
        after={
            "successor": successor.name,
            "successor_id": str(successor.id),
            "at": moment.isoformat(),
            "moved": moved,
        },
    )
    await session.flush()
    return succession
