"""Acknowledged means stored, once, and followed: whatever dies, and whenever."""

import logging
import os
import random
import signal
import socket
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import psycopg
import pytest
from redis import Redis

from gateway.protocols.jt808.header import Edition
from kit.bus import BATCHES
from kit.clock import utc_now
from tests.support.faulty import SERVERS, BreakableSystem, breakable_system
from tests.support.load import Key, Load
from tests.support.raw_link import RawLink
from tests.support.system import PROCESSES, Caller
from tests.support.terminals import drive
from tests.support.waiting import eventually
from tests.support.world import LATITUDE, LONGITUDE, PASSWORD

log = logging.getLogger(__name__)

pytestmark = [pytest.mark.flow, pytest.mark.timeout(600)]

KILLING_S = float(os.environ.get("GONGCHE_TEST_KILLING_S", "25"))
SEED = int(os.environ.get("GONGCHE_TEST_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
PATIENCE_S = 2
PLACE = (LATITUDE, LONGITUDE)
EXTRA_PHONES = [f"1380000{n:04d}" for n in range(13)]
STORING_PHONES = [f"1370000{n:04d}" for n in range(5)]


@pytest.fixture(scope="module")
def standing() -> Iterator[BreakableSystem]:
    """The system, with more terminals than the world has vehicles."""
    with breakable_system(PATIENCE_S) as standing:
        manager = Caller(standing.system.base_url, "manager", PASSWORD)
        unit = str(standing.world.organisations["a"].id)
        for phone in EXTRA_PHONES + STORING_PHONES:
            manager.post("/terminals", {"phone": phone, "organisation_id": unit})
        yield standing


@pytest.fixture
def broken(standing: BreakableSystem) -> Iterator[BreakableSystem]:
    """The same, whole again after each test."""
    yield standing
    standing.mend()


def hours_ago(hours: int) -> datetime:
    return utc_now().replace(microsecond=0) - timedelta(hours=hours)


def stored(broken: BreakableSystem, phones: list[str]) -> dict[Key, int]:
    """Return how often each position of these terminals counts."""
    with psycopg.connect(broken.postgres.plain_url()) as connection:
        rows = connection.execute(
            "SELECT t.phone, p.time_raw, p.digest, count(*) FROM positions_once p"
            " JOIN terminal t ON t.no = p.terminal_no WHERE t.phone = ANY(%s) GROUP BY 1, 2, 3",
            (phones,),
        )
        return {(str(phone), int(raw), int(digest)): int(n) for phone, raw, digest, n in rows}


def batches(broken: BreakableSystem) -> int:
    with psycopg.connect(broken.postgres.plain_url()) as connection:
        row = connection.execute("SELECT count(*) FROM position_batch WHERE positions > 0")
        return int(row.fetchone()[0])  # type: ignore[index]


def trip_metres(broken: BreakableSystem, vehicle: str) -> list[int]:
    """Return the length of each trip of a vehicle of the world."""
    supervisor = Caller(broken.system.base_url, "supervisor", PASSWORD).sitting()
    page = supervisor.get("/trips", vehicle_id=broken.world.vehicles[vehicle].id)
    items: list[dict[str, int]] = page["items"]  # type: ignore[assignment]
    return [trip["distance_m"] for trip in items]


def test_a_trip_appears_although_the_gateway_died_between_commit_and_publish(
    broken: BreakableSystem,
) -> None:
    positions = tuple(drive(hours_ago(5), *PLACE))
    before = batches(broken)
    broken.signal_server("valkey", signal.SIGSTOP)  # what is published now blocks
    try:
        phone = broken.world.terminals["a1"].phone
        with RawLink(broken.system.jt808_port, phone, Edition.V2013) as link:
            link.log_in()
            link.send_batch(positions)
            eventually(lambda: batches(broken) > before)
            broken.kill("gateway")
    finally:
        broken.signal_server("valkey", signal.SIGCONT)
    with Redis.from_url(broken.valkey.url()) as bus:
        assert bus.xlen(BATCHES) == 0
    eventually(lambda: len(trip_metres(broken, "a1")) == 1, within_s=60)
    (metres,) = trip_metres(broken, "a1")
    assert metres == pytest.approx(6_000, rel=0.01)


@pytest.mark.parametrize("how", ["stopped", "hung"])
def test_terminals_store_while_the_database_is_away_and_deliver_when_it_is_back(
    broken: BreakableSystem, how: str
) -> None:
    port = broken.system.jt808_port
    began = hours_ago(6 if how == "stopped" else 9)
    with Load(port, STORING_PHONES, began, PLACE, seed=SEED, every_s=0.2) as load:
        eventually(lambda: load.counts.acknowledged > 2 * len(STORING_PHONES), within_s=60)
        if how == "stopped":
            broken.postgres.stop()
        else:
            broken.signal_server("postgresql", signal.SIGSTOP)
        try:
            eventually(lambda: not listens(port), within_s=60)
            eventually(lambda: load.entered == 0)
            kept = load.waiting
            eventually(lambda: load.waiting > kept + 5 * len(STORING_PHONES), within_s=60)
        finally:
            if how == "hung":
                broken.signal_server("postgresql", signal.SIGCONT)
        broken.start("postgresql")
        eventually(lambda: load.entered == len(STORING_PHONES), within_s=60)
        load.rest()
        eventually(lambda: load.waiting == 0, within_s=60)
        assert load.counts.dropped == 0
        counted, wanted = stored(broken, STORING_PHONES), load.keys()
        assert {key: counted.get(key) for key in wanted} == dict.fromkeys(wanted, 1)


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except ConnectionRefusedError:
        return False
    return True


def test_everything_is_killed_at_random_and_what_was_acknowledged_is_stored_once(
    broken: BreakableSystem,
) -> None:
    chance = random.Random(SEED)
    vehicles = [name for name in broken.world.vehicles if name != "a1"]
    phones = EXTRA_PHONES + [broken.world.terminals[name].phone for name in vehicles]
    log.warning("repeat these kills with GONGCHE_TEST_SEED=%d", SEED)  # shown on failure
    with Load(broken.system.jt808_port, phones, hours_ago(12), PLACE, seed=SEED) as load:
        eventually(lambda: load.entered == len(phones), within_s=60)
        victims = list(PROCESSES + SERVERS)
        chance.shuffle(victims)
        ends_at = time.monotonic() + KILLING_S
        while victims or time.monotonic() < ends_at:
            dying = [victims.pop() if victims else chance.choice(PROCESSES + SERVERS)]
            if chance.random() < 0.3:
                dying.append(chance.choice([n for n in PROCESSES + SERVERS if n not in dying]))
            let_pass(chance.uniform(0.2, 2.0))
            for name in dying:
                broken.kill(name)
            broken.mend()
            eventually(partial(more_acknowledged, load, load.counts.acknowledged), within_s=60)
        load.rest()
        eventually(lambda: load.waiting == 0, within_s=90)
        assert load.counts.dropped == 0
        assert stored(broken, phones) == dict.fromkeys(load.keys(), 1)
    driven_m = 100 * sum(1 for report in load.offered[phones[-1]] if report.speed_tenths)
    for name in vehicles:
        eventually(partial(settled, broken, name, driven_m), within_s=90)


def settled(broken: BreakableSystem, vehicle: str, driven_m: int) -> bool:
    """Whether the vehicle's one trip has the whole way."""
    return [abs(metres - driven_m) <= 110 for metres in trip_metres(broken, vehicle)] == [True]


def more_acknowledged(load: Load, than: int) -> bool:
    return load.counts.acknowledged > than


def let_pass(seconds: float) -> None:
    """Let the load run: kills come at moments of chance, not when something happens."""
    time.sleep(seconds)
