"""Who holds a token, and what they are now: read anew for every request.

Nothing is remembered between two requests, so that a role that ends, a person who is disabled or
a mandate that is withdrawn is obeyed by the very next one.
"""

import json
from dataclasses import replace
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access.actors import Actor, Grant, Limits
from fleet.identity.bearers import Bearer, BearerKind, bearer_of
from fleet.permissions import ROLE_MATTER
from fleet.words import Role

_SUBTREE = text("""
    WITH RECURSIVE below AS (
        SELECT CAST(:no AS bigint) AS no
        UNION
        SELECT p.organisation_no FROM below JOIN organisation_parent p
          ON p.parent_no = below.no AND p.period @> CAST(:now AS timestamptz)
    )
    SELECT no FROM below
""")

# A role without a matter works in the subtree of its organisation; one with a matter works in
# its own organisation and in the subtrees over which that organisation holds the mandate. An
# external supervisor's role by itself works nowhere: only in the subtrees of letters in force.
# A role held twice, as one's own and by delegation, grants twice: who lent it matters.
_GRANTS = text("""
    WITH RECURSIVE held AS (
        SELECT DISTINCT h.role, h.organisation_no, d.giver_no
        FROM held_role h LEFT JOIN delegation d ON d.no = h.delegation_no
        WHERE h.person_no = :person_no AND h.period @> CAST(:now AS timestamptz)
    ), granted AS (
        SELECT role, organisation_no, giver_no, organisation_no AS root,
               NOT (role = ANY(:mandated)) AS whole, CAST(NULL AS bigint) AS supervision_no
        FROM held WHERE role <> :external
        UNION ALL
        SELECT held.role, held.organisation_no, held.giver_no, m.over_no, true, NULL
        FROM held
        JOIN mandate m ON m.holder_no = held.organisation_no
                      AND m.period @> CAST(:now AS timestamptz)
        WHERE (CAST(:matters AS jsonb) ->> held.role) = m.matter
        UNION ALL
        SELECT held.role, held.organisation_no, held.giver_no, s.organisation_no, true, s.no
        FROM held
        JOIN supervision_grant s ON s.person_no = :person_no
                                AND s.period @> CAST(:now AS timestamptz)
                                AND (s.ended_at IS NULL OR s.ended_at > :now)
        WHERE held.role = :external
    ), reach AS (
        SELECT role, organisation_no, giver_no, root AS no, whole, supervision_no FROM granted
        UNION
        SELECT reach.role, reach.organisation_no, reach.giver_no, p.organisation_no, true,
               reach.supervision_no
        FROM reach JOIN organisation_parent p
          ON reach.whole AND p.parent_no = reach.no AND p.period @> CAST(:now AS timestamptz)
    )
    SELECT reach.role, reach.organisation_no, reach.giver_no, array_agg(reach.no) AS scope,
           s.letter_no, s.by_vehicle,
           (SELECT array_agg(v.vehicle_no) FROM supervision_vehicle v
            WHERE v.grant_no = s.no) AS vehicles
    FROM reach LEFT JOIN supervision_grant s ON s.no = reach.supervision_no
    GROUP BY reach.role, reach.organisation_no, reach.giver_no, s.no
    ORDER BY reach.organisation_no, reach.role, reach.giver_no NULLS FIRST, s.no
""")


_PERSON = text("""
    SELECT id, username, name FROM person WHERE no = :person_no AND disabled_at IS NULL
""")


async def load_actor(
    session: AsyncSession, token: str, now: datetime, *, touch: bool = False
) -> Actor | None:
    """Return who bears this token now, with no more than the token allows; None if nobody does.

    touch: whether their person is at work now, which keeps the session from being idle
    """
    bearer = await bearer_of(session, token, now, touch=touch)
    if bearer is None:
        return None
    below = await _below(session, bearer, now)
    grants = await _grants(session, bearer.person_no, now)
    return Actor(
        person_no=bearer.person_no,
        person_id=bearer.person_id,
        username=bearer.username,
        name=bearer.name,
        grants=_narrowed(grants, bearer, below),
        bearer_id=bearer.id,
        limits=Limits(below) if bearer.kind is BearerKind.API_TOKEN else None,
    )


async def load_stand_in(session: AsyncSession, person_no: int, now: datetime) -> Actor | None:
    """Return the actor as whom the system acts in a person's name; None for a disabled account.

    It may do what the person may at this instant, and what it does is told apart from their acts.
    """
    row = (await session.execute(_PERSON, {"person_no": person_no})).one_or_none()
    if row is None:
        return None
    return Actor(
        person_no=person_no,
        person_id=row.id,
        username=row.username,
        name=row.name,
        grants=await _grants(session, person_no, now),
        automatic=True,
    )


async def _grants(session: AsyncSession, person_no: int, now: datetime) -> tuple[Grant, ...]:
    rows = await session.execute(
        _GRANTS,
        {
            "person_no": person_no,
            "now": now,
            "external": Role.EXTERNAL_SUPERVISOR.value,
            "mandated": [r.value for r in ROLE_MATTER],
            "matters": json.dumps({r.value: m.value for r, m in ROLE_MATTER.items()}),
        },
    )
    return tuple(
        Grant(
            Role(row.role),
            row.organisation_no,
            frozenset(row.scope),
            giver_no=row.giver_no,
            letter=row.letter_no,
            vehicles=frozenset(row.vehicles or ()) if row.by_vehicle else None,
        )
        for row in rows
    )


async def _below(session: AsyncSession, bearer: Bearer, now: datetime) -> frozenset[int] | None:
    """Return the organisations that a bearer may reach, None for all."""
    if bearer.organisation_no is None:
        return None
    asked = {"no": bearer.organisation_no, "now": now}
    return frozenset((await session.scalars(_SUBTREE, asked)).all())


def _narrowed(
    grants: tuple[Grant, ...], bearer: Bearer, below: frozenset[int] | None
) -> tuple[Grant, ...]:
    """Return what is left of `grants` for a bearer that may do less than its person."""
    grants = tuple(replace(grant, within=bearer.permissions) for grant in grants)
    top = bearer.organisation_no
    if top is None or below is None:
        return grants
    return tuple(
        replace(
            grant,
            scope=grant.scope & below,
            organisation_no=grant.organisation_no if grant.organisation_no in below else top,
        )
        for grant in grants
        # A token for an organisation works in it by the grants that reach it.
        if grant.scope & below and (top in grant.scope or grant.organisation_no in below)
    )
