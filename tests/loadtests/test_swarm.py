"""The swarm tells what was acknowledged, refused, repeated and lost."""

from datetime import UTC, datetime

import pytest

from gateway.protocols.jt808.session import Jt808Session
from gateway.protocols.jt808.session_messages import Result
from kit.database import plain_url
from loadtests.peers import running
from loadtests.swarm.answers import Verdict, judge
from loadtests.swarm.frames import greeting, phone_of, reports
from loadtests.swarm.swarm import Load, greeted
from tests.support.servers import TemplateDatabases

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def answers(frames: list[bytes], result: Result = Result.OK) -> bytes:
    """What the platform's own codec answers to these frames."""
    session = Jt808Session()
    for event in session.receive(b"".join(frames), NOW):
        session.reply(event, result)  # type: ignore[arg-type]
    return session.data_to_send()


def test_every_answer_is_counted_once() -> None:
    frames = reports(7, 300, NOW)
    received = answers([greeting(7), *frames])
    assert judge(received, 300) == Verdict(300, 0, 0, 0)


@pytest.mark.parametrize(
    ("received", "verdict"),
    [
        (answers(reports(7, 3, NOW), Result.FAILED), Verdict(0, 3, 0, 0)),
        (answers(reports(7, 3, NOW)) * 2, Verdict(3, 0, 3, 0)),
        (answers(reports(7, 5, NOW)), Verdict(3, 2, 0, 0)),
        (answers(reports(7, 2, NOW)).replace(b"\x80\x01", b"\x80\x00"), Verdict(0, 0, 0, 2)),
        (answers(reports(7, 2, NOW))[:-3] + b"\x7e", Verdict(1, 0, 0, 1)),
        (b"", Verdict(0, 0, 0, 0)),
    ],
    ids=["failed", "twice", "never sent", "another message", "cut", "nothing"],
)
def test_an_answer_that_acknowledges_nothing_is_told_apart(
    received: bytes, verdict: Verdict
) -> None:
    assert judge(received, 3) == verdict


def test_the_swarm_s_terminals_have_numbers_of_their_own() -> None:
    assert len({phone_of(n) for n in range(10_000)}) == 10_000


def test_a_swarm_of_two_processes_counts_what_a_server_answers(
    template_databases: TemplateDatabases,
) -> None:
    url = plain_url(template_databases.create())
    load = Load(links=7, frames=6, frames_a_segment=2, since=NOW)
    with running.rows(url) as server, greeted(server.port, load) as swarm:
        outcome = swarm.run()
    assert outcome.whole, outcome
    assert outcome.acknowledged == load.positions == 42
    assert 0 < outcome.p50_ms <= outcome.p99_ms
