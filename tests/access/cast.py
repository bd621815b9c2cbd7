"""Everybody who tries every route: each role in each place of the tree.

bureau 机关事务中心           top
├── unit A 甲局             inside: the objects of the matrix are A's
│   └── section A1 甲局一处  above: A's objects stand above its scope
└── unit B 乙局             beside
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import token_digest
from fleet.acts import Act
from fleet.identity.bearers import API_TOKEN_PREFIX
from fleet.organisations.tree import add_organisation
from fleet.permissions import Permission
from fleet.tables import (
    ApiToken,
    LogIn,
    Organisation,
    Person,
    PersonRole,
    Sitting,
    SupervisionGrant,
)
from fleet.words import OrganisationKind, Role
from kit.ids import new_id
from tests.support.world import World


class Where(StrEnum):
    """Where somebody's role is, seen from unit A, whose objects are asked for."""

    TOP = "top"
    INSIDE = "inside"
    BESIDE = "beside"
    ABOVE = "above"


ORGANISATION = {Where.TOP: "bureau", Where.INSIDE: "a", Where.BESIDE: "b", Where.ABOVE: "a1"}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with one role in one place, logged in, with a sitting for tracks."""

    role: Role
    where: Where
    person: Person
    token: str


Cast = dict[tuple[Role, Where], Member]


async def gather(session: AsyncSession, world: World) -> Cast:
    """Put everybody into the world's database; A's section is made here."""
    act = Act(actor=None, now=world.since)
    world.organisations["a1"] = await add_organisation(
        session,
        act,
        name="甲局一处",
        kind=OrganisationKind.UNIT,
        parent=world.organisations["a"],
    )
    cast: Cast = {}
    for where, key in ORGANISATION.items():
        for role in Role:
            cast[role, where] = await _member(session, world, role, where, key)
    return cast


async def _member(
    session: AsyncSession, world: World, role: Role, where: Where, key: str
) -> Member:
    name = f"{role.value}_at_{where.value}"
    person = Person(id=new_id(), username=name, name=name, sort_key=name)
    session.add(person)
    await session.flush()
    organisation = world.organisations[key]
    letter = None
    if role is Role.EXTERNAL_SUPERVISOR:
        letter = f"函〔2026〕{where.value}"
        session.add(_letter(world, person, organisation, letter))
        organisation = world.organisations["bureau"]
    session.add(
        PersonRole(
            person_no=person.no,
            organisation_no=organisation.no,
            role=role,
            period=Range(world.since, None, bounds="[)"),
        )
    )
    token = await log_in_as(session, person, world.now, letter)
    return Member(role, where, person, token)


async def log_in_as(
    session: AsyncSession, person: Person, now: datetime, letter: str | None = None
) -> str:
    """Return the token of a new session with a sitting; passwords are tested elsewhere."""
    token = secrets.token_urlsafe(32)
    log_in = LogIn(
        id=new_id(),
        token_digest=token_digest(token),
        person_no=person.no,
        began_at=now,
        proved_at=now,
        # Seen later than anybody asks: no request has to note it.
        last_seen_at=now + timedelta(hours=1),
        expires_at=now + timedelta(hours=10),
        idle_s=36_000,
        second_factor=True,
    )
    session.add(log_in)
    session.add(
        Sitting(
            person_no=person.no,
            bearer_id=log_in.id,
            purpose="case",
            reference="核〔2026〕1",
            letter_no=letter,
            began_at=now,
            expires_at=now + timedelta(hours=10),
        )
    )
    await session.flush()
    return token


# Whose programs ask for what is theirs: the applicant's and passenger's, the driver's, the clerk's.
OWNERS = ("applicant_a", "driver_a1", "clerk_a")


def narrow_token(username: str) -> str:
    """Return the text of this owner's API token, which was made for the calendar alone."""
    return f"{API_TOKEN_PREFIX}narrow-{username}"


def narrow_tokens(world: World) -> list[ApiToken]:
    """Return the rows of all owners' tokens."""
    return [
        ApiToken(
            token_digest=token_digest(narrow_token(owner)),
            person_no=world.people[owner].no,
            name="日历",
            permissions=[Permission.CALENDAR_READ],
            created_at=world.now,
            expires_at=world.now + timedelta(days=1),
        )
        for owner in OWNERS
    ]


def _letter(
    world: World, person: Person, organisation: Organisation, number: str
) -> SupervisionGrant:
    return SupervisionGrant(
        letter_no=number,
        issuer_kind="discipline",
        issuer_name="示例市纪委",
        person_no=person.no,
        organisation_no=organisation.no,
        by_vehicle=False,
        matter="公务用车专项检查",
        period=Range(world.since, world.now + timedelta(days=30), bounds="[)"),
    )
