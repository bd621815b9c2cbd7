"""Use cases of delegations (代理): lending a role to a deputy, and taking it back.

A deputy acts with the giver's role at the giver's place, and with their own name in the journal.
What nobody may do with a role of their own, such as approving their own request, a deputy may not
do with a borrowed one.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor
from fleet.acts import Act, period
from fleet.delegations.errors import (
    AlreadyDelegated,
    BadDelegationPeriod,
    NotDelegable,
    NotYoursToDelegate,
    OwnDeputy,
)
from fleet.delegations.rules import DELEGABLE, is_delegation_period
from fleet.delegations.tables import Delegation
from fleet.endings import end_early, spelled
from fleet.errors import flush_or_refuse
from fleet.organisations.tables import Organisation
from fleet.people.role_store import role_at
from fleet.people.tables import Person
from fleet.words import Role


async def delegate(
    session: AsyncSession,
    act: Act,
    giver: Actor,
    *,
    deputy: Person,
    role: Role,
    organisation: Organisation,
    start: datetime | None,
    end: datetime,
    reason: str,
) -> Delegation:
    """Lend the giver's role in an organisation to a deputy for a period.

    Raises OwnDeputy, NotDelegable, BadDelegationPeriod, NotYoursToDelegate, AlreadyDelegated.
    """
    if deputy.no == giver.person_no:
        raise OwnDeputy
    if role not in DELEGABLE:
        raise NotDelegable
    start = start or act.now
    if not is_delegation_period(start, end, act.now):
        raise BadDelegationPeriod
    await _check_own(session, giver, role, organisation, start)
    made = Delegation(
        giver_no=giver.person_no,
        deputy_no=deputy.no,
        organisation_no=organisation.no,
        role=role,
        period=period(start, end),
        reason=reason,
    )
    session.add(made)
    await flush_or_refuse(session, {"one_delegation_at_a_time": AlreadyDelegated})
    act.record(
        session,
        "delegation.give",
        "delegation",
        made.id,
        organisation_no=organisation.no,
        after={
            "giver": giver.username,
            "deputy": deputy.username,
            "role": role,
            "organisation": organisation.name,
            **spelled(made.period),
        },
    )
    await session.flush()
    return made


async def end_delegation(session: AsyncSession, act: Act, row: Delegation) -> None:
    """Take a locked delegation back, or let the deputy lay it down. Raises AlreadyEnded."""
    before = spelled(row.period)
    end_early(row, act.now)
    act.record(
        session,
        "delegation.end",
        "delegation",
        row.id,
        organisation_no=row.organisation_no,
        before=before,
        after={**spelled(row.period), "withdrawn": row.withdrawn_at is not None},
    )
    await session.flush()


async def _check_own(
    session: AsyncSession, giver: Actor, role: Role, organisation: Organisation, at: datetime
) -> None:
    # A token that may do less than its person lends nothing: it would lend more than it has.
    whole = any(
        grant.role == role
        and grant.organisation_no == organisation.no
        and grant.letter is None
        and grant.within is None
        for grant in giver.grants
    )
    own = await role_at(session, giver.person_no, organisation.no, role, at)
    if not whole or own is None:
        raise NotYoursToDelegate
