"""Any sequence of commands by many actors leaves the books in order.

One database serves all examples, so that each begins in the mess that the others left.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from dispatch.orders.states import OrderAction
from dispatch.requests.states import RequestAction
from dispatch.tables import OrderStep, RequestStep
from kit.database import open_engine, open_sessions
from tests.dispatch.commands.books import check_books
from tests.dispatch.commands.day import A_DAY, REFUSED
from tests.dispatch.commands.desk import Command, Desk, open_desk
from tests.dispatch.commands.drawn import COMMANDS
from tests.support.world import World


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """A loop that lives through all examples of one test."""
    with asyncio.Runner() as one:
        yield one


@pytest.fixture
def desk(database_url: str, world: World, runner: asyncio.Runner) -> Iterator[Desk]:
    engine = open_engine(database_url)
    yield runner.run(open_desk(open_sessions(engine), world))
    runner.run(engine.dispose())


async def obey(desk: Desk, commands: Sequence[Command]) -> None:
    """Let people do all this, and look at the books after it."""
    for command in commands:
        await command.run(desk)
        desk.pass_time(desk.now + timedelta(minutes=1))
    async with desk.sessions() as session:
        await check_books(session, desk.world)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(COMMANDS, min_size=5, max_size=30))
def test_no_sequence_of_commands_breaks_a_promise(
    runner: asyncio.Runner, desk: Desk, commands: list[Command]
) -> None:
    runner.run(obey(desk, commands))


def test_a_day_that_takes_every_step_and_meets_every_refusal_leaves_the_books_in_order(
    runner: asyncio.Runner, desk: Desk
) -> None:
    runner.run(obey(desk, A_DAY))
    assert set(desk.refused) == REFUSED

    async def taken() -> set[str]:
        async with desk.sessions() as session:
            orders = set(await session.scalars(select(OrderStep.action)))
            return orders | set(await session.scalars(select(RequestStep.action)))

    assert runner.run(taken()) == {*map(str, OrderAction), *map(str, RequestAction)}
