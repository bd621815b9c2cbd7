"""Holding vehicles that come to a unit against its quota and its standards.

What exceeds is refused, or let pass with a flag, as the unit's rules say. A unit and category
without a quota is not judged: what nobody has approved yet is unknown, not none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.quotas import store
from fleet.quotas.errors import OverQuota, OverStandard
from fleet.quotas.standards import Breach, Judged, breaches
from fleet.rules import Excess, RuleKey, effective
from fleet.words import Category


async def over_quota(
    session: AsyncSession, coming: Iterable[tuple[int, Category]], now: datetime
) -> frozenset[store.Key]:
    """Return the units and categories that have fewer free places than vehicles coming.

    coming: one (organisation's number, category) for each vehicle that is to be added
    Raises OverQuota where the unit's rule refuses. The quotas stay locked to the end of the
    transaction, so that of many additions at once only as many pass as there are places.
    """
    wanted = Counter((no, category.value) for no, category in coming)
    if not wanted:
        return frozenset()
    quotas = await store.lock_quotas(session, wanted.keys(), now)
    if not quotas:
        return frozenset()
    used = await store.used(session, quotas.keys(), now)
    over = frozenset(
        key for key, quota in quotas.items() if used.get(key, 0) + wanted[key] > quota.count
    )
    for organisation_no, category in sorted(over):
        rule = await effective(session, RuleKey.OVER_QUOTA, organisation_no, now)
        if rule.value is Excess.REFUSE:
            key = (organisation_no, category)
            raise OverQuota(category=category, count=quotas[key].count, used=used.get(key, 0))
    return over


async def over_standard(
    session: AsyncSession, coming: Iterable[tuple[int, Judged]], now: datetime
) -> Mapping[tuple[int, Judged], list[Breach]]:
    """Return the bounds that vehicles coming to units exceed; those that keep all are left out.

    coming: (organisation's number, what is known of the vehicle)
    Raises OverStandard where the unit's rule refuses.
    """
    found: dict[tuple[int, Judged], list[Breach]] = {}
    by_unit: dict[int, set[Judged]] = {}
    for organisation_no, vehicle in coming:
        by_unit.setdefault(organisation_no, set()).add(vehicle)
    caps = await store.caps(session, by_unit.keys(), now)
    for organisation_no, vehicles in by_unit.items():
        exceeding = {v: b for v in vehicles if (b := breaches(v, caps[organisation_no]))}
        if not exceeding:
            continue
        rule = await effective(session, RuleKey.OVER_STANDARD, organisation_no, now)
        if rule.value is Excess.REFUSE:
            # The price itself is an asset field: only the bound is told.
            worst = next(iter(exceeding.values()))
            raise OverStandard(bounds={one.field: one.most for one in worst})
        found.update({(organisation_no, v): b for v, b in exceeding.items()})
    return found
