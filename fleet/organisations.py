"""Use cases of organisations (机构): the tree, and the mandates over its parts."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.names import sort_key
from fleet.tables import Mandate, Organisation, OrganisationParent
from fleet.words import Matter, OrganisationKind


async def add_organisation(
    session: AsyncSession,
    act: Act,
    *,
    name: str,
    kind: OrganisationKind,
    parent: Organisation | None = None,
    region_code: str | None = None,
    uscc: str | None = None,
    since: datetime | None = None,
) -> Organisation:
    """Add an organisation, under `parent` from `since` (default: now) on.

    region_code: six digits of GB/T 2260; uscc: the code of GB 32100
    """
    organisation = Organisation(
        name=name, sort_key=sort_key(name), kind=kind, region_code=region_code, uscc=uscc
    )
    session.add(organisation)
    await session.flush()
    if parent is not None:
        session.add(
            OrganisationParent(
                organisation_no=organisation.no,
                parent_no=parent.no,
                period=period(since or act.now),
            )
        )
    act.record(
        session,
        "organisation.add",
        "organisation",
        organisation.id,
        organisation_no=organisation.no,
        after={"name": name, "kind": kind, "parent": parent.name if parent else None},
    )
    await session.flush()
    return organisation


async def give_mandate(
    session: AsyncSession,
    act: Act,
    *,
    holder: Organisation,
    over: Organisation,
    matter: Matter,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Give `holder` the power of `matter` over `over` and all that stands below it."""
    session.add(
        Mandate(
            holder_no=holder.no,
            over_no=over.no,
            matter=matter,
            period=period(since or act.now, until),
        )
    )
    act.record(
        session,
        "mandate.give",
        "organisation",
        over.id,
        organisation_no=over.no,
        after={"holder": holder.name, "matter": matter},
    )
    await session.flush()
