"""Any permutation and repetition of a day's frames ends in the same history, trips and mileage.

Through the real door, as bytes: two terminals of one vehicle, equal times, wrong clocks, two
gateways at once, each of them and the worker started anew in between. One vehicle's frames come in
order and once, the others' in any order and a tenth of them twice: once all over the day, once only
among neighbours, at the live edge. What everybody is told of the three is the same, before and
after settling, and after late rows have settled the days anew.

GONGCHE_TEST_PERMUTATIONS: how many such days (1); GONGCHE_TEST_SEED: of which chance.
"""

import csv
import io
import os
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from audit.worker import settle_changes
from fleet.acts import Act
from fleet.tables import Vehicle
from fleet.terminals.bindings import add_terminal, bind_terminal
from fleet.vehicles.plates import PlateColour
from fleet.vehicles.register import add_vehicle
from fleet.words import Category, Energy, Holding
from kit.bus import Bus
from kit.clock import day_start, shanghai_day, utc_now
from kit.database import Sessions, transaction
from kit.settings import Settings
from tests.flows.permuted import Frame, Gateways, day_of_frames, disordered, in_chunks
from tests.support.apps import app_over
from tests.support.world import World, begin_sitting, build_world, client_of, log_in
from tests.tracking.driven import new_worker, standing, work_off
from tests.tracking.received import Looker, looking_at
from tracking.quality.counting import count_step
from tracking.settling.settler import settle_day
from tracking.worker import TrackingWorker

pytestmark = [pytest.mark.flow, pytest.mark.timeout(600)]

ROUNDS = int(os.environ.get("GONGCHE_TEST_PERMUTATIONS", "1"))
SEED = int(os.environ.get("GONGCHE_TEST_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
API = "/api/v1"
# All that a position says; its receipt alone differs.
_HISTORY = """
    SELECT array_position(%s::bigint[], terminal_no), time, own_time, time_raw, digest, latitude,
           longitude, altitude_m, speed_kmh, course_deg, odometer_m, acc, fixed, alarm, status,
           reasons, backfilled, cell, raw
    FROM positions_once WHERE terminal_no = ANY(%s) ORDER BY 1, own_time, time, digest
"""
_MILEAGE = "SELECT day, driven_m FROM explained_day WHERE vehicle_no = %s ORDER BY day"
# Receipts differ, and so do the repeats.
_QUALITY = """
    SELECT array_position(%s::bigint[], terminal_no), day, positions, doubtful, backfilled, no_fix,
           future, stale, rollover_repaired, online_s, moving, missing, parked, drifting, jumps,
           interval_s
    FROM terminal_day WHERE terminal_no = ANY(%s) ORDER BY 1, 2
"""
_REPEATS = "SELECT coalesce(sum(repeats), 0) FROM terminal_day WHERE terminal_no = ANY(%s)"
_ROWS = "SELECT count(*) FROM positions_seen WHERE terminal_no = ANY(%s)"
_ONCE = """
    SELECT count(*) FROM positions_once
    WHERE terminal_no = ANY(%s) AND time IS NOT NULL AND cell IS NOT NULL
"""
_DAYS = """
    SELECT DISTINCT (time AT TIME ZONE 'Asia/Shanghai')::date FROM positions_once
    WHERE terminal_no = ANY(%s) AND time IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Sender:
    """A vehicle with two terminals, of which the second takes over in the middle."""

    vehicle: Vehicle
    phones: tuple[str, str]
    terminal_nos: list[int]


class Permuted:
    """The system that the frames come to, and all who ask it."""

    def __init__(
        self,
        world: World,
        sessions: Sessions,
        gateways: Gateways,
        looker: Looker,
        client: httpx.AsyncClient,
        chance: random.Random,
    ) -> None:
        self.world, self.sessions, self.gateways = world, sessions, gateways
        self.looker, self.client, self.chance = looker, client, chance
        self.worker: TrackingWorker = new_worker(sessions)

    async def in_order(self, frames: list[Frame], sender: Sender) -> None:
        """Each frame once, in the order of the truth, through one gateway."""
        await self.gateways.deliver(frames, sender.phones, (0, 0))

    async def anyhow(self, frames: list[Frame], sender: Sender) -> None:
        """In any order, a tenth of them twice, through both, with restarts between."""
        chance = self.chance
        reach = chance.choice((50, len(frames)))
        for chunk in in_chunks(disordered(frames, chance, reach), chance, (1, 30, 150, 400)):
            first = chance.randrange(2)
            through = (first, chance.choice((first, 1 - first)))
            await self.gateways.deliver(chunk, sender.phones, through)
            if chance.random() < 0.5:
                await work_off(self.worker)
            if chance.random() < 0.3:
                self.worker = new_worker(self.sessions)
            if chance.random() < 0.25:
                await self.gateways.restart(chance.randrange(2))
            if chance.random() < 0.2:
                await settle_changes(self.sessions, self.world.now)

    async def almost_in_order(self, frames: list[Frame], sender: Sender) -> None:
        """As from a bad link: neighbours overtake each other while the worker keeps up."""
        for chunk in in_chunks(disordered(frames, self.chance, 4), self.chance, (9, 60)):
            await self.gateways.deliver(chunk, sender.phones, (0, 1))
            await work_off(self.worker)

    async def follow(self) -> None:
        """Let all that waits be worked off, days of data quality too."""
        await work_off(self.worker)
        while await settle_changes(self.sessions, self.world.now):
            pass
        while await count_step(self.sessions, self.world.now):
            pass

    async def settle(self, sender: Sender) -> None:
        """Settle the vehicle's days; nothing lies twice in them then."""
        for (day,) in await self.looker.rows(_DAYS, sender.terminal_nos):
            assert await settle_day(self.sessions, day, self.world.now)
        assert await self.rows(sender) == await self.looker.value(_ONCE, sender.terminal_nos)

    async def rows(self, sender: Sender) -> int:
        """How many rows of plausible time lie there, repeats counted each time."""
        return int(await self.looker.value(_ROWS, sender.terminal_nos))

    async def told(self, sender: Sender, begin: datetime) -> dict[str, Any]:
        """What is kept and told of a vehicle, by whom one may ask."""
        nos, no = sender.terminal_nos, sender.vehicle.no
        trips, stops = await standing(self.looker, no)
        mileage = await self.looker.rows(_MILEAGE, no)
        assert sum(metres for _, metres in mileage) == sum(trip[3] for trip in trips)
        return {
            "history": await self.looker.rows(_HISTORY, nos, nos),
            "trips": trips,
            "stops": stops,
            "mileage": mileage,
            "quality": await self.looker.rows(_QUALITY, nos, nos),
            "files": await self._files(sender.vehicle, begin),
            "positions": await self._pages("/positions", sender.vehicle, begin),
            "trips told": await self._pages("/trips", sender.vehicle, begin),
        }

    async def _files(self, vehicle: Vehicle, begin: datetime) -> dict[str, object]:
        """GPX as it is but for who took it out; CSV without the column of receipts."""
        gpx = await self._file(vehicle, begin, "gpx")
        rows = csv.reader(io.StringIO(await self._file(vehicle, begin, "csv")))
        return {"gpx": gpx, "csv": [[*row[:1], *row[2:]] for row in rows]}

    async def _file(self, vehicle: Vehicle, begin: datetime, form: str) -> str:
        query = {**_period(vehicle, begin), "form": form}
        answer = await self.client.get(f"{API}/positions/export", params=query)
        assert answer.status_code == 200, answer.text
        shown = (line for line in answer.text.splitlines() if "内部资料" not in line)
        return "\n".join(shown).replace(vehicle.plate, "")

    async def _pages(self, path: str, vehicle: Vehicle, begin: datetime) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        query = _period(vehicle, begin)
        while True:
            answer = await self.client.get(f"{API}{path}", params=query)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            items += [{k: v for k, v in item.items() if k not in _OWN} for item in page["items"]]
            if page["next_cursor"] is None:
                return items
            query["cursor"] = page["next_cursor"]


_OWN = {"id", "vehicle", "vehicle_id", "terminal_id", "received_at", "plate"}


def _period(vehicle: Vehicle, begin: datetime) -> dict[str, str]:
    start, end = begin - timedelta(days=1), begin + timedelta(days=1)
    return {"vehicle_id": str(vehicle.id), "start": start.isoformat(), "end": end.isoformat()}


@pytest.fixture
async def permuted(
    database_url: str, redis_url: str, sessions: Sessions, tmp_path: Path
) -> AsyncIterator[Permuted]:
    print(f"GONGCHE_TEST_SEED={SEED}")
    settings = Settings(
        database_url=database_url,
        redis_url=redis_url,
        jt808_port=0,
        data_dir=tmp_path,
        demo=True,
        position_future_s=900,
    )
    async with transaction(sessions) as session:
        world = await build_world(session, utc_now().replace(microsecond=0))
    bus = Bus(redis_url)
    async with (
        Gateways(settings, sessions, bus) as gateways,
        looking_at(database_url) as looker,
        client_of(app_over(settings, sessions)) as client,
    ):
        await log_in(client, "supervisor")
        await begin_sitting(client)
        yield Permuted(world, sessions, gateways, looker, client, random.Random(SEED))
    await bus.close()


async def test_two_gateways_any_order_and_repeats_tell_what_order_tells(
    permuted: Permuted,
) -> None:
    numbers = count(1)
    for n in range(ROUNDS):
        chance = permuted.chance
        day = shanghai_day(permuted.world.now) - timedelta(days=3 + n % 20)
        begin = day_start(day) + timedelta(hours=10)
        frames = day_of_frames(begin, seed=chance.randrange(2**31))
        assert len(frames) >= 500
        ordered, *others = [
            await _sender(permuted, next(numbers), begin + timedelta(hours=1)) for _ in range(3)
        ]
        is_late = [chance.random() < 0.05 for _ in frames]
        early = [frame for frame, late in zip(frames, is_late, strict=True) if not late]
        late = [frame for frame, late in zip(frames, is_late, strict=True) if late]
        await permuted.in_order(early, ordered)
        await permuted.anyhow(early, others[0])
        await permuted.almost_in_order(early, others[1])
        await _assert_same(permuted, ordered, others, begin, len(early))
        # Late rows, and repeats of what was settled long since.
        await permuted.in_order(late, ordered)
        for sender in others:
            await permuted.anyhow([*late, *chance.sample(early, len(early) // 10)], sender)
        await _assert_same(permuted, ordered, others, begin, len(frames))
    assert permuted.gateways.restarts


async def _assert_same(
    permuted: Permuted, ordered: Sender, others: list[Sender], begin: datetime, sent: int
) -> None:
    """What is told of all is the same, before and after settling."""
    await permuted.follow()
    expected = await permuted.told(ordered, begin)
    assert len(expected["history"]) == sent
    assert len(expected["trips"]) >= 2
    assert sum(t["distance_m"] for t in expected["trips told"]) == sum(
        metres for _, metres in expected["mileage"]
    )
    looker = permuted.looker
    assert await looker.value(_REPEATS, ordered.terminal_nos) == 0
    for other in others:
        extra = await permuted.rows(other) - await permuted.rows(ordered)
        assert await looker.value(_REPEATS, other.terminal_nos) >= extra >= sent // 12
        _assert_equal(await permuted.told(other, begin), expected)
    for sender in (ordered, *others):
        await permuted.settle(sender)
    await permuted.follow()
    for sender in (ordered, *others):
        _assert_equal(await permuted.told(sender, begin), expected)


def _assert_equal(told: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, value in expected.items():
        assert told[name] == value, f"{name} (GONGCHE_TEST_SEED={SEED})"


async def _sender(permuted: Permuted, n: int, middle: datetime) -> Sender:
    act = Act(actor=None, now=permuted.world.since)
    unit = permuted.world.organisations["a"]
    phones = (f"1366{n:06d}1", f"1366{n:06d}2")
    async with transaction(permuted.sessions) as session:
        vehicle = await add_vehicle(
            session,
            act,
            plate=f"示C{20_000 + n}",
            plate_colour=PlateColour.BLUE,
            model="轿车",
            category=Category.OTHER_PRESCRIBED,
            seats=5,
            energy=Energy.PETROL,
            holding=Holding.RETAINED,
            organisation=unit,
            demo=True,
        )
        first, second = [
            await add_terminal(session, act, phone=phone, organisation=unit) for phone in phones
        ]
        await bind_terminal(session, act, terminal=first, vehicle=vehicle, end=middle)
        await bind_terminal(session, act, terminal=second, vehicle=vehicle, start=middle)
        return Sender(vehicle, phones, [first.no, second.no])
