"""SQL of the fleet's counts: one statement, whatever the size of the tree."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.organisations.store import Scope
from fleet.summary.totals import Totals

# `branch` is the child of the top through which an organisation belongs to it, the top its own.
# Only organisations within scope are walked through. Everything is as it was in force at :at: what
# an event changed later was before it what that event says, so the few vehicles of which that is
# known are taken from their present codes to their earlier ones. An event counts from when it was
# recorded, and where that was on a later day than its own, from the end of its day.
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
    ), later AS (
        SELECT e.vehicle_no, e.no, e.facts -> 'before' AS before,
               least(e.recorded_at, (e.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') AS since
        FROM vehicle_event e
        WHERE e.kind = 'changed'
          AND e.day >= (CAST(:at AS timestamptz) AT TIME ZONE 'Asia/Shanghai')::date
          AND jsonb_exists_any(e.facts -> 'before', ARRAY['category', 'holding', 'energy'])
    ), earlier AS MATERIALIZED (
        SELECT vehicle_no,
               (array_agg(before ->> 'category' ORDER BY since, no)
                FILTER (WHERE jsonb_exists(before, 'category')))[1] AS category,
               (array_agg(before ->> 'holding' ORDER BY since, no)
                FILTER (WHERE jsonb_exists(before, 'holding')))[1] AS holding,
               (array_agg(before ->> 'energy' ORDER BY since, no)
                FILTER (WHERE jsonb_exists(before, 'energy')))[1] AS energy
        FROM later WHERE since > CAST(:at AS timestamptz)
        GROUP BY vehicle_no
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
    SELECT branch, 'vehicle', moved.category, moved.holding, moved.energy, sum(moved.n)
    FROM earlier e
    JOIN used ON used.vehicle_no = e.vehicle_no
    JOIN vehicle v ON v.no = e.vehicle_no
    CROSS JOIN LATERAL (VALUES
        (v.category, v.holding, v.energy, -1),
        (coalesce(e.category, v.category), coalesce(e.holding, v.holding),
         coalesce(e.energy, v.energy), 1)
    ) AS moved(category, holding, energy, n)
    WHERE v.withdrawn_at IS NULL OR v.withdrawn_at > :at
    GROUP BY branch, moved.category, moved.holding, moved.energy
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
    found: dict[int, _Counted] = {}
    for row in rows:
        counted = found.setdefault(row.branch, _Counted())
        match row.what:
            case "unit":
                counted.units = row.n
            case "driver":
                counted.drivers = row.n
            case "terminal":
                counted.terminals = row.n
            case _:
                counted.add(int(row.n), row.category, row.holding, row.energy)
    return {branch: counted.totals() for branch, counted in found.items()}


class _Counted:
    """The rows of one branch, being added up."""

    def __init__(self) -> None:
        self.units = self.drivers = self.terminals = self.vehicles = 0
        self._maps = (Counter[str](), Counter[str](), Counter[str]())

    def add(self, vehicles: int, *codes: str) -> None:
        """Take in so many vehicles of one category, holding and energy; less than 0 takes off."""
        self.vehicles += vehicles
        for counted, code in zip(self._maps, codes, strict=True):
            counted[code] += vehicles

    def totals(self) -> Totals:
        """Return the counts, maps in the order of their codes."""
        by_category, by_holding, by_energy = (_met(one) for one in self._maps)
        return Totals(
            units=self.units,
            drivers=self.drivers,
            terminals=self.terminals,
            vehicles=self.vehicles,
            by_category=by_category,
            by_holding=by_holding,
            by_energy=by_energy,
        )


def _met(counted: Counter[str]) -> dict[str, int]:
    return {code: n for code, n in sorted(counted.items()) if n}
