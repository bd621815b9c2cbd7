"""SQL of inherited rules."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import in_force
from fleet.rules.keys import RuleKey
from fleet.rules.resolving import Said
from fleet.rules.tables import RuleValue

# UNION, not UNION ALL: a circle, should one ever stand in the tree, ends the search.
_LEVELS = text("""
    WITH RECURSIVE above AS (
        SELECT CAST(:no AS bigint) AS no, 0 AS height
        UNION
        SELECT p.parent_no, above.height + 1 FROM above JOIN organisation_parent p
          ON p.organisation_no = above.no AND p.period @> CAST(:now AS timestamptz)
        WHERE above.height < 100
    )
    SELECT above.no, v.key, v.version, v.value, v.open_below
    FROM above LEFT JOIN rule_value v
      ON v.organisation_no = above.no AND v.period @> CAST(:now AS timestamptz)
     AND v.key = ANY(:keys)
    ORDER BY above.height DESC
""")


async def levels(
    session: AsyncSession, keys: Sequence[RuleKey], organisation_no: int, now: datetime
) -> dict[RuleKey, list[Said | None]]:
    """Return, for each key, what each level said, from the root down to the organisation."""
    rows = (
        await session.execute(_LEVELS, {"no": organisation_no, "now": now, "keys": list(keys)})
    ).all()
    said = {
        (row.no, row.key): Said(row.no, row.version, row.value, row.open_below)
        for row in rows
        if row.key is not None
    }
    path = list(dict.fromkeys(row.no for row in rows))
    return {key: [said.get((no, key)) for no in path] for key in keys}


async def value_in_force(
    session: AsyncSession, organisation_no: int, key: RuleKey, at: datetime
) -> RuleValue | None:
    """Return what the organisation itself says at that instant."""
    row: RuleValue | None = await session.scalar(
        select(RuleValue).where(
            RuleValue.organisation_no == organisation_no,
            RuleValue.key == key,
            in_force(RuleValue.period, at),
        )
    )
    return row


async def last_version(session: AsyncSession, organisation_no: int, key: RuleKey) -> int:
    """Return the number of the organisation's newest value of this rule, 0 without one."""
    newest = await session.scalar(
        select(func.max(RuleValue.version)).where(
            RuleValue.organisation_no == organisation_no, RuleValue.key == key
        )
    )
    return newest or 0
