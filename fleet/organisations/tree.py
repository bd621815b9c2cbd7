"""Use cases of organisations (机构): how they come to be, are called, and where they stand."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.names import sort_key
from fleet.organisations import store
from fleet.organisations.dated import close_at
from fleet.organisations.errors import NotYet, OrganisationEnded, OrganisationInUse, TreeCircle
from fleet.organisations.tables import Organisation, OrganisationName, OrganisationParent
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
    Raises OrganisationEnded for the parent.
    """
    if parent is not None:
        must_exist(parent)
    begins = since or act.now
    organisation = Organisation(
        name=name, sort_key=sort_key(name), kind=kind, region_code=region_code, uscc=uscc
    )
    session.add(organisation)
    await session.flush()
    session.add(OrganisationName(organisation_no=organisation.no, name=name, period=period(begins)))
    if parent is not None:
        session.add(
            OrganisationParent(
                organisation_no=organisation.no, parent_no=parent.no, period=period(begins)
            )
        )
    act.record(
        session,
        "organisation.add",
        "organisation",
        organisation.id,
        organisation_no=organisation.no,
        after={
            "name": name,
            "kind": kind,
            "region_code": region_code,
            "uscc": uscc,
            "parent": parent.name if parent else None,
            "since": begins.isoformat(),
        },
    )
    await session.flush()
    return organisation


async def correct(
    session: AsyncSession, act: Act, organisation: Organisation, changes: dict[str, str | None]
) -> None:
    """Set what is not dated: `changes` holds any of kind, region_code and uscc."""
    must_exist(organisation)
    before = {field: getattr(organisation, field) for field in changes}
    if before == changes:
        return
    for field, value in changes.items():
        setattr(organisation, field, value)
    act.record(
        session,
        "organisation.change",
        "organisation",
        organisation.id,
        organisation_no=organisation.no,
        before=before,
        after=changes,
    )
    await session.flush()


async def rename(
    session: AsyncSession,
    act: Act,
    organisation: Organisation,
    name: str,
    since: datetime | None = None,
) -> None:
    """Call the organisation `name` from `since` (default: now) on; what it was called stays.

    Raises NotYet for the future, LaterChange, OrganisationEnded.
    """
    must_exist(organisation)
    begins = since or act.now
    if begins > act.now:
        raise NotYet
    await store.lock(session, [organisation.no])
    close_at(await store.names_of(session, organisation.no), begins)
    await session.flush()
    session.add(OrganisationName(organisation_no=organisation.no, name=name, period=period(begins)))
    before = organisation.name
    organisation.name, organisation.sort_key = name, sort_key(name)
    act.record(
        session,
        "organisation.rename",
        "organisation",
        organisation.id,
        organisation_no=organisation.no,
        before={"name": before},
        after={"name": name, "since": begins.isoformat()},
    )
    await session.flush()


async def move(
    session: AsyncSession,
    act: Act,
    organisation: Organisation,
    parent: Organisation,
    since: datetime | None = None,
) -> None:
    """Put the organisation and all below it under `parent` from `since` (default: now) on.

    The day may lie ahead. Raises TreeCircle, LaterChange, OrganisationEnded.
    """
    must_exist(organisation)
    must_exist(parent)
    begins = since or act.now
    await store.lock_tree(session)
    if await store.stands_under(session, parent.no, organisation.no, begins):
        raise TreeCircle
    left = close_at(await store.parents_of(session, organisation.no), begins)
    await session.flush()
    session.add(
        OrganisationParent(
            organisation_no=organisation.no, parent_no=parent.no, period=period(begins)
        )
    )
    former = await session.get_one(Organisation, left.parent_no) if left is not None else None
    act.record(
        session,
        "organisation.move",
        "organisation",
        organisation.id,
        organisation_no=organisation.no,
        before={"parent": former.name if former else None},
        after={"parent": parent.name, "since": begins.isoformat()},
    )
    await session.flush()


async def end(session: AsyncSession, act: Act, organisation: Organisation) -> None:
    """End an organisation now: nothing belongs to it any more, and its history stays.

    Raises OrganisationInUse while vehicles, drivers, people, terminals or other organisations
    belong to it, OrganisationEnded.
    """
    must_exist(organisation)
    await store.lock_tree(session)
    await store.lock(session, [organisation.no])
    held = await store.belongings(session, organisation.no, act.now)
    if any(held.values()):
        raise OrganisationInUse(
            "; ".join(f"{count} {what}" for what, count in held.items() if count)
        )
    organisation.ended_at = act.now
    act.record(
        session,
        "organisation.end",
        "organisation",
        organisation.id,
        organisation_no=organisation.no,
        before={"ended_at": None},
        after={"ended_at": act.now.isoformat()},
    )
    await session.flush()


def must_exist(organisation: Organisation) -> None:
    """Raise OrganisationEnded if nothing can be done with the organisation any more."""
    if organisation.ended_at is not None:
        raise OrganisationEnded
