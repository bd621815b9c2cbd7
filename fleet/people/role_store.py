"""SQL of the roles that people hold, by themselves or by delegation."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import BigInteger, DateTime

from fleet.organisations.store import Scope
from fleet.people.tables import PersonRole
from fleet.refs import Named


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role of a person, with the giver when it is held by delegation."""

    role: str
    organisation_no: int
    organisation_id: UUID
    organisation_name: str
    period: Range[datetime]
    giver_id: UUID | None
    giver_name: str | None


_HELD = text("""
    SELECT h.role, h.organisation_no, o.id AS organisation_id, o.name AS organisation_name,
           h.period, g.id AS giver_id, g.name AS giver_name
    FROM held_role h
    JOIN organisation o ON o.no = h.organisation_no
    LEFT JOIN delegation d ON d.no = h.delegation_no
    LEFT JOIN person g ON g.no = d.giver_no
    WHERE h.person_no = :person_no AND h.organisation_no = ANY(:scope)
      AND (upper_inf(h.period) OR upper(h.period) > :now)
    ORDER BY o.sort_key, h.role, lower(h.period)
""").bindparams(
    bindparam("scope", type_=ARRAY(BigInteger)),
    bindparam("now", type_=DateTime(timezone=True)),
)

# What somebody also is by themselves needs no giver.
_GIVERS = text("""
    SELECT h.role, h.organisation_no, g.id, g.name
    FROM held_role h
    JOIN delegation d ON d.no = h.delegation_no
    JOIN person g ON g.no = d.giver_no
    WHERE h.person_no = :person_no AND h.period @> :now AND NOT EXISTS (
        SELECT FROM person_role own
        WHERE own.person_no = h.person_no AND own.organisation_no = h.organisation_no
          AND own.role = h.role AND own.period @> :now)
    ORDER BY d.no
""").bindparams(bindparam("now", type_=DateTime(timezone=True)))


async def held_roles(
    session: AsyncSession, person_no: int, scope: Scope, now: datetime
) -> list[HeldRole]:
    """Return the roles of a person that have not ended, as far as they lie in `scope`."""
    rows = await session.execute(
        _HELD, {"person_no": person_no, "scope": sorted(scope), "now": now}
    )
    return [HeldRole(*row) for row in rows]


async def givers_of(
    session: AsyncSession, person_no: int, now: datetime
) -> dict[tuple[str, int], Named]:
    """Return who lent the person a role now, by role and number of the organisation."""
    rows = await session.execute(_GIVERS, {"person_no": person_no, "now": now})
    return {(row.role, row.organisation_no): Named(id=row.id, name=row.name) for row in rows}


async def unended_roles(
    session: AsyncSession, person_nos: Collection[int], now: datetime
) -> Sequence[PersonRole]:
    """Return the roles of these people that have not ended, those to come included."""
    rows = await session.scalars(
        select(PersonRole)
        .where(
            PersonRole.person_no.in_(person_nos),
            PersonRole.period.op("&&", is_comparison=True)(Range(now, None, bounds="[)")),
        )
        .order_by(PersonRole.no)
    )
    return rows.all()


async def role_at(
    session: AsyncSession, person_no: int, organisation_no: int, role: str, at: datetime
) -> PersonRole | None:
    """Return the row by which somebody has a role in an organisation at an instant, locked."""
    return (
        await session.scalars(
            select(PersonRole)
            .where(
                PersonRole.person_no == person_no,
                PersonRole.organisation_no == organisation_no,
                PersonRole.role == role,
                PersonRole.period.contains(at),
            )
            .with_for_update()
        )
    ).one_or_none()
