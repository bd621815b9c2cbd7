"""A simulated terminal loses nothing, whatever the platform does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from demo.simulator.terminal_client import Identity, LinkTerms, TerminalClient
from gateway.protocols.jt808.position import PositionReport, position_report
from tests.demo.platform import TOKEN, SmallPlatform

IDENTITY = Identity("13912345678", "示A00001")
TERMS = LinkTerms(heartbeat_s=0.2, back_off_s=0.02, longest_back_off_s=0.05)
IMPATIENT = replace(TERMS, answer_s=0.3)
"""For answers that never come: a busy machine may be later than that with those that do."""


def report(second: int) -> PositionReport:
    at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=10 * second)
    return position_report(at, 43.3, 114.6, odometer_m=1000, satellites=9)


async def until(condition: Callable[[], bool], within_s: float = 10.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        await asyncio.sleep(0.01)


@pytest.fixture
async def platform() -> AsyncIterator[SmallPlatform]:
    one = SmallPlatform()
    await one.open()
    yield one
    one.shut()


@asynccontextmanager
async def running(
    platform: SmallPlatform, terms: LinkTerms = TERMS, token: str | None = None
) -> AsyncIterator[TerminalClient]:
    client = TerminalClient(
        IDENTITY, "127.0.0.1", platform.port, Random(1), terms=terms, token=token
    )
    task = asyncio.create_task(client.run())
    yield client
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_it_registers_once_and_then_authenticates_with_its_token(
    platform: SmallPlatform,
) -> None:
    async with running(platform) as client:
        await until(lambda: client.entered)
        assert client.token == TOKEN
        platform.drop()
        await until(lambda: platform.authentications == 2)
    assert platform.registrations == 1


async def test_a_refused_token_leads_to_a_new_registration(platform: SmallPlatform) -> None:
    async with running(platform, token="an old one") as client:
        await until(lambda: client.entered)
    assert platform.registrations == 1
    assert client.token == TOKEN


async def test_it_reports_each_position_and_knows_which_are_acknowledged(
    platform: SmallPlatform,
) -> None:
    async with running(platform) as client:
        await until(lambda: client.entered)
        for n in range(5):
            client.offer(report(n))
            await until(lambda: client.waiting == 0)
    assert platform.received == [report(n) for n in range(5)]
    assert platform.messages == [(False, 1)] * 5
    assert (client.counts.sent, client.counts.acknowledged) == (5, 5)
    assert (client.counts.resent, client.counts.stored) == (0, 0)


async def test_what_was_recorded_without_a_link_comes_later_in_blind_batches_oldest_first(
    platform: SmallPlatform,
) -> None:
    platform.shut()
    async with running(platform) as client:
        for n in range(60):
            client.offer(report(n))
        assert client.counts.stored == 60
        await platform.open()
        await until(lambda: client.waiting == 0)
        client.offer(report(60))
        await until(lambda: client.waiting == 0)
    assert platform.received == [report(n) for n in range(61)]
    assert platform.messages == [(True, 25), (True, 25), (True, 10), (False, 1)]


async def test_what_was_not_acknowledged_when_the_link_broke_is_sent_again_first(
    platform: SmallPlatform,
) -> None:
    platform.answering = False
    async with running(platform, LinkTerms(back_off_s=0.02, longest_back_off_s=0.05)) as client:
        await until(lambda: client.entered)
        client.offer(report(0))
        await until(lambda: len(platform.received) == 1)
        client.offer(report(1))
        await until(lambda: len(platform.received) == 2)
        platform.shut()
        await until(lambda: not client.entered)
        client.offer(report(2))
        assert client.waiting == 3
        platform.answering = True
        await platform.open()
        await until(lambda: client.waiting == 0)
    assert platform.received[2:] == [report(0), report(1), report(2)]
    assert platform.messages[2:] == [(True, 3)]
    assert client.counts.resent == 2
    assert client.counts.acknowledged == 3


async def test_a_withheld_answer_is_asked_for_by_repeating_the_message(
    platform: SmallPlatform,
) -> None:
    platform.answering = False
    async with running(platform, IMPATIENT) as client:
        await until(lambda: client.entered)
        client.offer(report(0))
        await until(lambda: len(platform.received) >= 2)
        platform.answering = True
        await until(lambda: client.waiting == 0)
    assert set(platform.received) == {report(0)}
    assert client.counts.acknowledged == 1
    assert client.counts.resent >= 1


async def test_a_platform_that_never_answers_is_left_and_nothing_is_lost(
    platform: SmallPlatform,
) -> None:
    platform.answering = False
    async with running(platform, IMPATIENT) as client:
        client.offer(report(0))
        await until(lambda: client.counts.links >= 2)
        assert client.waiting == 1
        platform.answering = True
        await until(lambda: client.waiting == 0)


async def test_a_full_store_gives_up_its_oldest(platform: SmallPlatform) -> None:
    platform.shut()
    async with running(platform, LinkTerms(back_off_s=0.02, store_positions=10)) as client:
        for n in range(15):
            client.offer(report(n))
        await platform.open()
        await until(lambda: client.waiting == 0)
    assert client.counts.dropped == 5
    assert platform.received == [report(n) for n in range(5, 15)]


async def test_an_idle_link_is_kept_by_heartbeats(platform: SmallPlatform) -> None:
    async with running(platform) as client:
        await until(lambda: platform.heartbeats >= 2)
        assert client.counts.links == 1


async def test_a_terminal_that_nobody_knows_tries_again(platform: SmallPlatform) -> None:
    platform.known = False
    async with running(platform) as client:
        await until(lambda: platform.registrations >= 2)
        assert not client.entered
        platform.known = True
        await until(lambda: client.entered)


@pytest.mark.parametrize("ticks", range(8))
async def test_a_client_that_is_ended_while_it_has_news_ends(
    platform: SmallPlatform, ticks: int
) -> None:
    client = TerminalClient(IDENTITY, "127.0.0.1", platform.port, Random(1), terms=TERMS)
    task = asyncio.create_task(client.run())
    await until(lambda: client.entered)
    client.offer(report(0))
    for _ in range(ticks):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=10)
    assert done == {task}
