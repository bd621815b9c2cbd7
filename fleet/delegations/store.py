"""SQL of delegations, for the people whom they concern."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from fleet.delegations.tables import Delegation
from fleet.lists import AnyRow, Slice
from fleet.organisations.tables import Organisation
from fleet.pages import read_newest
from fleet.people.tables import Person
from kit.errors import NotFound
from kit.paging import Page


def _of(person_no: int) -> Select[*tuple[Any, ...]]:
    giver, deputy = aliased(Person), aliased(Person)
    return (
        select(
            Delegation,
            giver.id.label("giver_id"),
            giver.name.label("giver_name"),
            deputy.id.label("deputy_id"),
            deputy.name.label("deputy_name"),
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation_name"),
        )
        .join(giver, giver.no == Delegation.giver_no)
        .join(deputy, deputy.no == Delegation.deputy_no)
        .join(Organisation, Organisation.no == Delegation.organisation_no)
        .where(or_(Delegation.giver_no == person_no, Delegation.deputy_no == person_no))
    )


async def delegations_of(
    session: AsyncSession, person_no: int, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return what a person lent and was lent, newest first, as (Delegation, names and ids)."""
    return await read_newest(session, _of(person_no), Delegation.id, part)


async def delegation_row(session: AsyncSession, id: UUID, person_no: int) -> AnyRow:
    """Return one delegation as `delegations_of` does, locked. Raises NotFound for others'."""
    row = (
        await session.execute(
            _of(person_no).where(Delegation.id == id).with_for_update(of=Delegation)
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such delegation of yours.")
    return row
