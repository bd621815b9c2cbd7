"""What a rule says in many organisations at once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import in_force
from fleet.organisations.tables import OrganisationParent
from fleet.rules.keys import RuleKey
from fleet.rules.known import KNOWN, KnownRule
from fleet.rules.resolving import Said, resolve
from fleet.rules.tables import RuleValue

_DEEPEST = 100  # a circle in the tree, should one ever stand there, ends here


async def effective_in(
    session: AsyncSession, key: RuleKey, organisation_nos: Collection[int], now: datetime
) -> dict[int, object]:
    """Return by organisation what the rule says there at `now`, by inheritance from above.

    Where nobody has ever said anything, as is usual, the tree isn't read.
    """
    rule = KNOWN[key]
    said = {
        row.organisation_no: Said(row.organisation_no, row.version, row.value, row.open_below)
        for row in await session.scalars(
            select(RuleValue).where(RuleValue.key == key, in_force(RuleValue.period, now))
        )
    }
    if not said:
        return dict.fromkeys(organisation_nos, rule.default)
    rows = await session.execute(
        select(OrganisationParent.organisation_no, OrganisationParent.parent_no).where(
            in_force(OrganisationParent.period, now)
        )
    )
    parent_of = {row.organisation_no: row.parent_no for row in rows}
    return {no: value_in(rule, no, said, parent_of) for no in set(organisation_nos)}


def value_in(
    rule: KnownRule[Any], no: int, said: Mapping[int, Said], parent_of: Mapping[int, int]
) -> object:
    """Return what the rule says in one organisation of a tree."""
    path = [no]
    while len(path) < _DEEPEST and (above := parent_of.get(path[-1])) is not None:
        path.append(above)
    return resolve(rule, [said.get(one) for one in reversed(path)]).value
