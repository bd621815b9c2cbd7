"""Finer kinds of use (用途细类) below a category, from the list that holds for the unit."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.rules import RuleKey, effective
from fleet.vehicles.errors import UnknownUseType
from fleet.words import Category


async def check_use_types(
    session: AsyncSession, uses: Iterable[tuple[int, Category, str | None]], now: datetime
) -> None:
    """Refuse a use_type that is not in the list of its unit below its category.

    uses: (organisation's number, category, use_type or None)
    Raises UnknownUseType.
    """
    known: dict[int, frozenset[tuple[Category, str]]] = {}
    for organisation_no, category, use_type in uses:
        if use_type is None:
            continue
        if organisation_no not in known:
            said = await effective(session, RuleKey.USE_TYPES, organisation_no, now)
            known[organisation_no] = frozenset((one.category, one.code) for one in said.value)
        if (category, use_type) not in known[organisation_no]:
            raise UnknownUseType
