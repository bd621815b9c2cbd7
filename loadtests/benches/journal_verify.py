"""How fast a long journal is sealed and verified, with every head kept outside compared."""

import asyncio
import os
import time
from datetime import UTC, datetime, timedelta

from fleet.journal.canonical import Header, Payload
from fleet.journal.heads import HeadsFile
from fleet.journal.sealing import seal_pending
from fleet.journal.verify_store import open_chain
from fleet.journal.verifying import verify
from fleet.journal.words import Algorithm
from kit.database import open_engine, open_sessions, transaction
from kit.ids import new_id
from loadtests.measuring import Figure, Place, connect

ENTRIES = 300_000
VERIFIED_PER_S = 100_000
_BEGIN = datetime(2026, 1, 5, tzinfo=UTC)

_COPY = """
    COPY journal (id, at, actor_no, actor_name, organisation_no, action, object_kind, object_id,
                  reason, address, header, salt, payload) FROM STDIN
"""


def run(place: Place) -> list[Figure]:
    """Write, seal and verify a journal as long as a busy month's."""
    url = place.fresh_database()
    heads = HeadsFile(place.folder / "heads")
    _write(url)
    begin = time.perf_counter()
    asyncio.run(_seal(url, heads))
    sealed, cpu_s = time.perf_counter(), time.process_time()
    with open_chain(url) as chain:
        verdict = verify(chain, heads.heads())
    verified, cpu_s = time.perf_counter(), time.process_time() - cpu_s
    assert verdict.finding is None
    assert verdict.entries == ENTRIES
    return [
        Figure("entries", ENTRIES, "entries"),
        Figure("sealing", ENTRIES / (sealed - begin), "entries/s"),
        Figure("verification", ENTRIES / (verified - sealed), "entries/s", at_least=VERIFIED_PER_S),
    ]


def _write(url: str) -> None:
    with connect(url) as connection:
        with connection.cursor() as cursor, cursor.copy(_COPY.encode()) as copy:
            for n in range(ENTRIES):
                copy.write_row(_entry(n))
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM (ANALYZE) journal")


def _entry(n: int) -> tuple[object, ...]:
    at, vehicle = _BEGIN + timedelta(seconds=n), new_id()
    header = Header(
        new_id(), at, n % 300, ["fleet_manager"], n % 50, None, "vehicle.change", "vehicle", vehicle
    )
    payload = Payload(
        f"manager{n % 300}",
        "10.0.0.7",
        {"model": "轿车", "norm_ml_per_100km": 8000},
        {"model": f"轿车 {n}", "norm_ml_per_100km": 8100},
        "资料更新",
    )
    return (
        *(header.id, at, header.actor_no, payload.actor_name, header.organisation_no),
        *(header.action, header.object_kind, vehicle, payload.reason, payload.address),
        *(header.to_bytes(), os.urandom(16), payload.to_bytes()),
    )


async def _seal(url: str, heads: HeadsFile) -> None:
    engine = open_engine(url)
    sessions = open_sessions(engine)
    while True:
        async with transaction(sessions) as session:
            sealed = await seal_pending(session, Algorithm.SHA256, datetime.now(UTC))
        if sealed is None:
            break
        heads.append(sealed.root)
    await engine.dispose()
