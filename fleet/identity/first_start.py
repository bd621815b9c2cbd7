"""The first start: no account is there by default, only a link to make the first one's password."""

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.identity.set_up import IssuedLink, issue_link
from fleet.identity.tables import ExternalIdentity
from fleet.people.accounts import RoleIn, create_person, ensure_first_organisation
from fleet.people.tables import Person
from fleet.words import Role
from kit.settings import Settings

FIRST_ADMINISTRATOR = "admin"


async def ensure_first_administrator(
    session: AsyncSession, now: datetime, settings: Settings
) -> IssuedLink | None:
    """Make the first account when nobody has one; return its set-up link, to be shown once.

    It is a security administrator (安全保密管理员) of a first organisation: it makes the other
    accounts, and neither sees a track nor approves a ride. While nobody has used the link, the
    next start brings another. Returns None when somebody can log in already.
    """
    act = Act(actor=None, now=now, reason="first start")
    if await session.scalar(select(Person.no).limit(1)) is None:
        organisation = await ensure_first_organisation(session, act)
        first = await create_person(
            session,
            act,
            username=FIRST_ADMINISTRATOR,
            name="安全保密管理员",
            roles=[RoleIn(Role.SECURITY_ADMINISTRATOR, organisation)],
        )
        return await issue_link(session, act, first, settings)
    if await _somebody_can_log_in(session):
        return None
    waiting = await session.scalar(select(Person).where(Person.username == FIRST_ADMINISTRATOR))
    return await issue_link(session, act, waiting, settings) if waiting is not None else None


async def _somebody_can_log_in(session: AsyncSession) -> bool:
    bound = exists().where(ExternalIdentity.person_no == Person.no)
    can = select(Person.no).where(or_(Person.password_hash.is_not(None), bound))
    return await session.scalar(can.limit(1)) is not None
