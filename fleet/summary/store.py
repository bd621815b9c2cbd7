"""SQL of the fleet's counts: one statement, whatever the size of the tree."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.organisations.store import Scope
from fleet.summary.totals import Totals, total

# `branch` is the child of the top through which an organisation belongs to it, the top its own.
# Only organisations within scope are walked through. Everything is as it was in force at :at.
_COUNTS = text("""
    WITH RECURSIVE tree AS MATERIALIZED (
        SELECT no, no AS branch, CAST(:depth AS integer) AS depth
        FROM unnest(CAST(:tops AS bigint[])) AS no
        UNION ALL
        SELECT p.organisation_no,
               CASE WHEN tree.depth = 0 THEN p.organisation_no ELSE tree.branch END,
               tree.depth + 1
        FROM tree JOIN organisation_parent p
          ON p.parent_no = tree.no AND p.period @> CAST(:at AS timestamptz)
        WHERE tree.depth < 100 AND p.organisation_no = ANY(CAST(:scope AS bigint[]))
    ), used AS MATERIALIZED (
        SELECT tree.branch, u.vehicle_no
        FROM tree JOIN vehicle_unit u
          ON u.organisation_no = tree.no AND u.period @> CAST(:at AS timestamptz)
    )
    SELECT branch, 'unit' AS what, NULL AS category, NULL AS holding, NULL AS energy, count(*) AS n
    FROM tree JOIN organisation o ON o.no = tree.no
    WHERE o.kind = 'unit' AND (o.ended_at IS NULL OR o.ended_at > :at)
    GROUP BY branch
    UNION ALL
    SELECT branch, 'vehicle', v.category, v.holding, v.energy, count(*)
    FROM used JOIN vehicle v ON v.no = used.vehicle_no
    WHERE v.withdrawn_at IS NULL OR v.withdrawn_at > :at
    GROUP BY branch, v.category, v.holding, v.energy
    UNION ALL
    SELECT branch, 'terminal', NULL, NULL, NULL, count(*)
    FROM used JOIN vehicle_terminal t
      ON t.vehicle_no = used.vehicle_no AND t.period @> CAST(:at AS timestamptz)
    GROUP BY branch
    UNION ALL
    SELECT branch, 'driver', NULL, NULL, NULL, count(*)
    FROM tree JOIN driver_unit d
      ON d.organisation_no = tree.no AND d.period @> CAST(:at AS timestamptz)
    GROUP BY branch
""")

_CHILDREN = text("""
    SELECT p.organisation_no FROM organisation_parent p
    WHERE p.parent_no = :no AND p.period @> CAST(:at AS timestamptz)
      AND p.organisation_no = ANY(CAST(:scope AS bigint[]))
""")

_TOPS = text("""
    SELECT held.no FROM unnest(CAST(:scope AS bigint[])) AS held(no)
    WHERE NOT EXISTS (
        SELECT FROM organisation_parent p
        WHERE p.organisation_no = held.no AND p.period @> CAST(:at AS timestamptz)
          AND p.parent_no = ANY(CAST(:scope AS bigint[])))
    ORDER BY held.no
""")


async def tops_of(session: AsyncSession, scope: Scope, at: datetime) -> Sequence[int]:
    """Return the organisations within scope that stand under none of it at `at`."""
    return (await session.scalars(_TOPS, {"scope": sorted(scope), "at": at})).all()


async def children_of(session: AsyncSession, no: int, scope: Scope, at: datetime) -> Sequence[int]:
    """Return the organisations within scope that stand right below another at `at`."""
    found = await session.scalars(_CHILDREN, {"no": no, "scope": sorted(scope), "at": at})
    return found.all()


async def counts(
    session: AsyncSession, tops: Sequence[int], scope: Scope, at: datetime, *, split: bool
) -> dict[int, Totals]:
    """Return the counts at `at` of what lies within scope, by branch.

    split: the one top by itself, and each of its children with all below it; otherwise each top
    with all below it
    """
    rows = await session.execute(
        _COUNTS,
        {"tops": list(tops), "depth": 0 if split else 1, "scope": sorted(scope), "at": at},
    )
    found: dict[int, list[Totals]] = {}
    for row in rows:
        found.setdefault(row.branch, []).append(
            _totals(row.what, row.category, row.holding, row.energy, row.n)
        )
    return {branch: total(parts) for branch, parts in found.items()}


def _totals(what: str, category: str, holding: str, energy: str, n: int) -> Totals:
    match what:
        case "unit":
            return Totals(units=n)
        case "driver":
            return Totals(drivers=n)
        case "terminal":
            return Totals(terminals=n)
    return Totals(
        vehicles=n, by_category={category: n}, by_holding={holding: n}, by_energy={energy: n}
    )
