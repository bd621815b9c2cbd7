"""Who answers for automatic assignments: the duty dispatcher (值班调度员) of a unit at an instant.

Whoever stands on the duty roster comes first, then whoever is appointed; each from the unit
upwards, and at each level those of the organisation that dispatches for it. Only somebody counts
who may dispatch for the unit at that instant.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor, load_stand_in
from fleet.permissions import Permission
from fleet.words import Matter, Role

# The unit and all above it, and at each level whoever holds the mandate to dispatch for it.
_AROUND = """
    WITH RECURSIVE above AS (
        SELECT CAST(:unit_no AS bigint) AS no, 0 AS height
        UNION
        SELECT p.parent_no, above.height + 1 FROM above JOIN organisation_parent p
          ON p.organisation_no = above.no AND p.period @> CAST(:now AS timestamptz)
        WHERE above.height < 100
    ), around AS (
        SELECT no, height FROM above
        UNION
        SELECT m.holder_no, above.height FROM above JOIN mandate m
          ON m.over_no = above.no AND m.matter = :dispatch
         AND m.period @> CAST(:now AS timestamptz)
    )
"""

_ON_DUTY = text(f"""
    {_AROUND}
    SELECT person_no FROM (
        SELECT r.person_no, 1 AS source, around.height, r.no
        FROM around JOIN roster_entry r ON r.organisation_no = around.no
        WHERE r.person_no IS NOT NULL AND r.withdrawn_at IS NULL
          AND r.period @> CAST(:now AS timestamptz)
        UNION ALL
        SELECT d.person_no, 2, around.height, d.no
        FROM around JOIN duty_dispatcher d ON d.organisation_no = around.no
        WHERE d.withdrawn_at IS NULL AND d.period @> CAST(:now AS timestamptz)
    ) named
    ORDER BY source, height, no
""")  # noqa: S608 - a constant of ours

_DISPATCHERS = text(f"""
    {_AROUND}
    SELECT h.person_no FROM around JOIN held_role h ON h.organisation_no = around.no
    WHERE h.role = :dispatcher AND h.period @> CAST(:now AS timestamptz)
    ORDER BY around.height, h.person_no
""")  # noqa: S608


async def duty_dispatcher(session: AsyncSession, unit_no: int, now: datetime) -> Actor | None:
    """Return the actor in whose name the system may assign for a unit, None while nobody is."""
    asked = {"unit_no": unit_no, "now": now, "dispatch": Matter.DISPATCH}
    return await _first_able(session, (await session.scalars(_ON_DUTY, asked)).all(), unit_no, now)


async def any_dispatcher(session: AsyncSession, unit_no: int, now: datetime) -> Actor | None:
    """Return somebody who dispatches for a unit: from their vehicles it is suggested."""
    asked = {
        "unit_no": unit_no,
        "now": now,
        "dispatch": Matter.DISPATCH,
        "dispatcher": Role.DISPATCHER,
    }
    found = (await session.scalars(_DISPATCHERS, asked)).all()
    return await _first_able(session, found, unit_no, now)


async def may_dispatch(
    session: AsyncSession, person_no: int, unit_no: int, now: datetime
) -> Actor | None:
    """Return the actor for a person who may dispatch for a unit now, None for somebody else."""
    actor = await load_stand_in(session, person_no, now)
    if actor is None or unit_no not in actor.scope(Permission.ORDER_ASSIGN):
        return None
    return actor


async def _first_able(
    session: AsyncSession, person_nos: Sequence[int], unit_no: int, now: datetime
) -> Actor | None:
    for person_no in dict.fromkeys(person_nos):
        actor = await may_dispatch(session, person_no, unit_no, now)
        if actor is not None:
            return actor
    return None
