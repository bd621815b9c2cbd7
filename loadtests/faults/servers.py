"""Servers that are away, hang or forget, and rows that one of them refuses."""

import signal
import time
from datetime import timedelta

import psycopg
from redis import Redis

from gateway.protocols.jt808.position import position_report
from loadtests.faults.fault import Fault
from loadtests.faults.scene import Scene
from loadtests.waiting import eventually

PATIENCE_S = 5
_AWAY_S = 60.0
_HUNG_S = 20.0
_SHUT_WITHIN_S = 60.0
_ROWS = 5_000
_POISON_M = 666


def _database_away(scene: Scene) -> None:
    """Stop PostgreSQL for a minute; the door must close, so that terminals store."""
    began = time.monotonic()
    scene.broken.postgres.stop()
    scene.await_shut(_SHUT_WITHIN_S)
    time.sleep(max(0.0, _AWAY_S - (time.monotonic() - began)))


def _database_hung(scene: Scene) -> None:
    """Freeze every process of PostgreSQL; connections stay open, and nothing answers."""
    scene.broken.signal_server("postgresql", signal.SIGSTOP)
    try:
        scene.await_shut(_SHUT_WITHIN_S)
        time.sleep(_HUNG_S)
    finally:
        scene.broken.signal_server("postgresql", signal.SIGCONT)


def _flush_bus(scene: Scene) -> None:
    with Redis.from_url(scene.broken.valkey.url()) as bus:
        bus.flushall()


def _poison(scene: Scene) -> None:
    """Deliver 5,000 positions of which the database refuses one."""
    with psycopg.connect(scene.url, autocommit=True) as connection:
        connection.execute(
            "ALTER TABLE position ADD CONSTRAINT no_poison"
            f" CHECK (altitude_m <> {_POISON_M}) NOT VALID".encode()
        )
    try:
        (phone,) = scene.load.quiet
        poisoned = scene.chance.randrange(_ROWS)
        start, place = scene.load.drive.start, scene.load.drive.place
        scene.load.give(
            phone,
            [
                position_report(
                    start + timedelta(seconds=n),
                    *place,
                    altitude_m=_POISON_M if n == poisoned else 0,
                )
                for n in range(_ROWS)
            ],
        )
        eventually(
            lambda: scene.load.waiting <= scene.load.terminals, _SHUT_WITHIN_S, "acknowledgement"
        )
    finally:
        with psycopg.connect(scene.url, autocommit=True) as connection:
            connection.execute("ALTER TABLE position DROP CONSTRAINT no_poison")


SERVERS = (
    Fault("database away", "PostgreSQL stopped for a minute, and started", _database_away, most=2),
    Fault(
        "database hung", "PostgreSQL frozen until doors close, and thawed", _database_hung, most=2
    ),
    Fault("bus flushed", "FLUSHALL", _flush_bus),
    Fault("poison row", "one row among 5,000 that the database refuses", _poison, most=1),
)
