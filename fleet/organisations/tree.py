"""Use cases of organisations (机构) and their tree."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.names import sort_key
from fleet.organisations.tables import Organisation, OrganisationParent
from fleet.words import OrganisationKind


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
