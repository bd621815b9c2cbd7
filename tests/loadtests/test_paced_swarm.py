"""The paced swarm sends at its pace, checks every answer, and knows what became of positions."""

import time
from collections import Counter
from pathlib import Path

import numpy as np
import psycopg
import pytest

from fleet.words import Authentication
from gateway.protocols.jt808.events import Heartbeat, PositionsReceived, Received
from gateway.protocols.jt808.session import Jt808Session
from gateway.protocols.jt808.session_messages import Result
from kit.database import plain_url
from loadtests.peers.gateways import enrol
from loadtests.swarm.counts import Counts
from loadtests.swarm.pace import Pace
from loadtests.swarm.paced import PacedSwarm, PacedTask
from loadtests.swarm.pacing import entered
from loadtests.swarm.stored import Stored, look_up
from tests.loadtests.scripted import Answering, Platform, scripted
from tests.support.servers import TemplateDatabases
from tests.support.system import running_system

ONE_PROCESS = Pace(links=6, per_s=60, seconds=1, processes=1, alarm_every=4, drain_s=0.5)
POSITIONS = 60


def honest(session: Jt808Session, event: Received) -> None:
    session.reply(event)


def twice(session: Jt808Session, event: Received) -> None:
    session.reply(event)
    if not isinstance(event, Heartbeat):
        session.reply(event)


def unasked(session: Jt808Session, event: Received) -> None:
    session.reply(event)
    if not isinstance(event, Heartbeat):
        later = type(event.header)(0x0200, event.header.phone, 999, 0)
        session.reply(Received(later, (999,), b""))


def refusing(session: Jt808Session, event: Received) -> None:
    session.reply(event, Result.OK if isinstance(event, Heartbeat) else Result.FAILED)


def silent(session: Jt808Session, event: Received) -> None:
    if isinstance(event, Heartbeat):
        session.reply(event)


def outcome(pace: Pace, platform: Platform, folder: Path) -> Counts:
    """What one process of a swarm counts, run here."""
    swarm = PacedSwarm(PacedTask(platform.port, 0, "127.0.1", str(folder), pace))
    swarm.crowd.enter(pace.enter_s)
    swarm.prepare(time.time())
    counts = swarm.run(time.monotonic() + 0.2).counts
    swarm.crowd.close()
    return counts


def test_a_swarm_of_two_processes_sends_each_position_once_and_at_its_time() -> None:
    pace = Pace(links=6, per_s=60, seconds=1, processes=2, drain_s=5.0)
    with scripted(honest) as platform, entered(platform.port, pace) as swarm:
        seen = swarm.run()
    assert seen.counts == Counts(offered=POSITIONS, sent=POSITIONS, acknowledged=POSITIONS)
    assert len(np.unique(seen.acknowledged)) == POSITIONS
    reports = [one for one in platform.received if isinstance(one, PositionsReceived)]
    assert Counter(one.header.phone for one in reports).most_common()[-1][1] == pace.rounds == 10
    assert seen.wall_s >= 59 / 60, "an open loop keeps its pace"
    p50, p95, p99, most = seen.latencies
    assert 0 < p50 <= p95 <= p99 <= most


@pytest.mark.parametrize(
    ("answer", "counted"),
    [
        (twice, Counts(acknowledged=POSITIONS, repeated=POSITIONS)),
        (unasked, Counts(acknowledged=POSITIONS, unknown=POSITIONS)),
        (refusing, Counts(refused=POSITIONS, waiting=POSITIONS)),
        (silent, Counts(waiting=POSITIONS)),
    ],
    ids=["twice", "what was never sent", "refused", "not at all"],
)
def test_a_platform_that_answers_wrongly_is_found_out(
    answer: Answering, counted: Counts, tmp_path: Path
) -> None:
    with scripted(answer) as platform:
        counts = outcome(ONE_PROCESS, platform, tmp_path)
    assert counts == counted + Counts(offered=POSITIONS, sent=POSITIONS)
    assert len(np.load(tmp_path / "acknowledged-0.npy")) == counted.acknowledged


def test_a_terminal_comes_back_from_a_tunnel_with_what_it_stored(tmp_path: Path) -> None:
    pace = Pace(
        links=4, per_s=40, seconds=2, processes=1, alarm_storing_every=2, alarm_every=5,
        tunnel_every=1, tunnel_s=0.5, drain_s=10.0,
    )  # fmt: skip
    with scripted(honest) as platform:
        counts = outcome(pace, platform, tmp_path)
    assert counts.tunnels == 4
    assert counts.batches >= 2, "from each terminal that stores while the link is down"
    assert counts.dropped >= 4, "by each terminal that stores only alarms"
    assert counts.acknowledged + counts.dropped == counts.offered == 80
    assert (counts.waiting, counts.wrong_answers, counts.links_lost) == (0, 0, 0)
    blind = [one for one in platform.received if isinstance(one, PositionsReceived) and one.blind]
    assert len(blind) == counts.batches


def test_heartbeats_are_counted_apart(tmp_path: Path) -> None:
    pace = Pace(links=5, per_s=10, seconds=1, processes=1, beating=True, drain_s=5.0)
    with scripted(honest) as platform:
        assert outcome(pace, platform, tmp_path) == Counts(beats=10, beats_answered=10)


def test_links_that_are_not_let_in_in_time_end_the_run(tmp_path: Path) -> None:
    pace = Pace(links=5, per_s=10, seconds=1, processes=1, enter_s=0.3)
    with (
        scripted(lambda session, event: None) as platform,
        pytest.raises(RuntimeError, match="0 of 5"),
    ):
        outcome(pace, platform, tmp_path)


def test_what_a_gateway_acknowledged_is_in_its_database_once(
    template_databases: TemplateDatabases, redis_url: str
) -> None:
    url = template_databases.create()
    enrol(plain_url(url), 12)
    pace = Pace(links=12, per_s=120, seconds=2, tunnel_every=5, tunnel_s=0.5, alarm_every=3)
    settings = {"GONGCHE_LOG_LEVEL": "WARNING"}
    with (
        running_system(url, redis_url, processes=("gateway",), settings=settings) as system,
        entered(system.jt808_port, pace) as swarm,
    ):
        seen = swarm.run()
    assert seen.counts.tunnels == 3
    assert (seen.counts.wrong_answers, seen.counts.waiting) == (0, 0)
    acknowledged = seen.counts.acknowledged
    assert look_up(plain_url(url), seen.acknowledged) == Stored(acknowledged, 0, 0)
    never = seen.acknowledged.copy()
    never["digest"] += 1
    assert look_up(plain_url(url), never) == Stored(acknowledged, acknowledged, 0)
    with psycopg.connect(plain_url(url)) as connection:
        row = connection.execute("SELECT DISTINCT authentication FROM terminal").fetchone()
    assert row == (Authentication.NUMBER,)
