"""A desk at which people do what they like: each command is one transaction, refused or committed.

The desk has a clock of its own, which only goes forward, so that the days of an example take no
time. What the domain refuses is rolled back; every other error ends the test.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.tables import Order, Request
from fleet.access import Actor, load_actor
from fleet.acts import Act
from fleet.delegations.delegating import delegate
from fleet.words import Role
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.errors import DomainError
from tests.dispatch.conftest import open_session_of
from tests.support.world import World

PEOPLE = ("applicant_a", "approver_a", "deputy", "applicant_b", "approver_b", "dispatcher",
          "driver_a1", "driver_a2")  # fmt: skip
# Whoever stands in for the approver of unit A, beside a role of their own.
DEPUTY = "clerk_a"
AUTOMATIC = "automatic"

Newest = TypeVar("Newest", Request, Order)
Unit = Callable[[AsyncSession], Awaitable[object]]


@dataclass
class Desk:
    """A world whose people are loaded, and the newest requests and orders to act upon.

    refused: how often each problem was the answer
    """

    world: World
    sessions: Sessions
    actors: dict[str, Actor]
    now: datetime
    refused: Counter[str] = field(default_factory=Counter)

    async def attempt(self, unit: Unit) -> bool:
        """Run one transaction; return whether the domain took it."""
        try:
            async with transaction(self.sessions) as session:
                await unit(session)
        except DomainError as error:
            self.refused[error.problem_type()] += 1
            return False
        return True

    def pass_time(self, until: datetime) -> None:
        """Let the clock go on, and never back."""
        self.now = max(self.now + timedelta(seconds=1), until)

    def person(self, username: str) -> UUID:
        return self.world.people[DEPUTY if username == "deputy" else username].id

    async def newest(self, table: type[Newest], which: int = 0) -> Newest | None:
        """Return one of the newest, the `which`-th from the last."""
        async with self.sessions() as session:
            rows = await session.scalars(
                select(table).order_by(table.id.desc()).limit(1).offset(which)
            )
            return rows.one_or_none()

    async def driver_of(self, order: Order) -> str | None:
        """Return the name of the driver's account."""
        keys = {one.no: key for key, one in self.world.drivers.items()}
        return f"driver_{keys[order.driver_no]}" if order.driver_no is not None else None


class Command(Protocol):
    """Something that somebody does; how it ends is the domain's matter."""

    async def run(self, desk: Desk) -> None: ...


async def open_desk(sessions: Sessions, world: World) -> Desk:
    """Log everybody in; the approver of unit A has lent the role to a deputy."""
    now = utc_now()
    actors = {name: await _actor(sessions, world, name) for name in PEOPLE if name != "deputy"}
    async with transaction(sessions) as session:
        await delegate(
            session,
            Act(actors["approver_a"], now, reason="出差"),
            actors["approver_a"],
            deputy=world.people[DEPUTY],
            role=Role.UNIT_APPROVER,
            organisation=world.organisations["a"],
            start=now,
            end=now + timedelta(days=100),
            reason="出差",
        )
    actors["deputy"] = await _actor(sessions, world, DEPUTY)
    actors["manager"] = await _actor(sessions, world, "manager")
    actors[AUTOMATIC] = replace(actors["dispatcher"], automatic=True)
    return Desk(world, sessions, actors, now)


async def _actor(sessions: Sessions, world: World, username: str) -> Actor:
    token = await open_session_of(sessions, world.people[username])
    async with sessions() as session:
        actor = await load_actor(session, token, utc_now())
    assert actor is not None
    return actor
