"""Use cases of roles: giving and ending them, by date.

A change takes effect with the very next request of the person: nothing about roles is remembered
between two requests.
"""

from datetime import datetime

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.endings import spelled
from fleet.errors import flush_or_refuse
from fleet.identity.separation import refuse_two_administrators
from fleet.organisations.tables import Organisation
from fleet.people import role_store
from fleet.people.errors import BackdatedRole, NoSuchRole, OwnAccount, RoleOverlap
from fleet.people.tables import Person, PersonRole
from fleet.words import Role


async def give_role(
    session: AsyncSession,
    act: Act,
    *,
    person: Person,
    role: Role,
    organisation: Organisation,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Let a person be `role` in an organisation for a period; the person's row is locked.

    Raises OwnAccount, BackdatedRole, RoleOverlap, TwoAdministrators.
    """
    _check_other(act, person)
    if since is not None and since < act.now:
        raise BackdatedRole
    held = period(since or act.now, until)
    others = await role_store.unended_roles(session, [person.no], act.now)
    at_once = [Role(one.role) for one in others if one.period.overlaps(held)]
    refuse_two_administrators([role, *at_once])
    session.add(
        PersonRole(person_no=person.no, organisation_no=organisation.no, role=role, period=held)
    )
    await flush_or_refuse(session, {"one_role_row_at_a_time": RoleOverlap})
    act.record(
        session,
        "role.give",
        "person",
        person.id,
        organisation_no=organisation.no,
        after=_told(person, role, organisation, held),
    )
    await session.flush()


async def end_role(
    session: AsyncSession,
    act: Act,
    *,
    person: Person,
    role: Role,
    organisation: Organisation,
    at: datetime | None = None,
) -> None:
    """Let a role end at an instant, now or later; the person's row is locked.

    At its very beginning it is taken back whole. Raises OwnAccount, BackdatedRole, NoSuchRole.
    """
    _check_other(act, person)
    at = at or act.now
    if at < act.now:
        raise BackdatedRole
    row = await role_store.role_at(session, person.no, organisation.no, role, at)
    if row is None or row.period.lower is None:
        raise NoSuchRole
    before = _told(person, role, organisation, row.period)
    after: dict[str, object] | None = None
    if row.period.lower == at:
        await session.delete(row)
    else:
        row.period = Range(row.period.lower, at, bounds="[)")
        after = _told(person, role, organisation, row.period)
    act.record(
        session,
        "role.end",
        "person",
        person.id,
        organisation_no=organisation.no,
        before=before,
        after=after,
    )
    await session.flush()


def _check_other(act: Act, person: Person) -> None:
    if act.actor is not None and act.actor.person_no == person.no:
        raise OwnAccount


def _told(
    person: Person, role: Role, organisation: Organisation, held: Range[datetime]
) -> dict[str, object]:
    return {
        "username": person.username,
        "role": role,
        "organisation": organisation.name,
        **spelled(held),
    }
