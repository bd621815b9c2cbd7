"""Frames of real terminals go over TCP into a running system, and stand in its history.

Twice: by terminals that authenticate with a token, and by devices known by their number alone.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import pytest

from gateway.protocols.jt808.header import Edition
from gateway.protocols.jt808.session_messages import Result
from kit.servers import EmbeddedValkey
from tests.gateway.protocols.jt808.samples import (
    ALL_CAPTURED,
    Captured,
    damaged,
    needs_captured,
)
from tests.support.raw_link import RawLink
from tests.support.seeding import seed
from tests.support.servers import TemplateDatabases
from tests.support.system import Caller, RunningSystem, running_system
from tests.support.waiting import eventually
from tests.support.world import PASSWORD

pytestmark = [pytest.mark.flow, needs_captured]

CHINA = timezone(timedelta(hours=8))
ROLLOVER = timedelta(weeks=1024)
REGISTRATION, AUTHENTICATION, HEARTBEAT, TIME_QUERY = 0x0100, 0x0102, 0x0002, 0x0004
TERMINAL_ANSWER, POSITION, BATCH = 0x0001, 0x0200, 0x0704
ACCEPTED = {POSITION, BATCH, HEARTBEAT, REGISTRATION}


def message_id(one: Captured) -> int:
    return int(one.derived["msg_id"], 16)


def phone_of(one: Captured) -> str:
    return str(one.derived["terminal"]).lstrip("0") or "0"


def readable_time(digits: str) -> datetime | None:
    try:
        return datetime.strptime(f"20{digits}", "%Y%m%d%H%M%S").replace(tzinfo=CHINA)
    except ValueError:
        return None


def items_of(one: Captured) -> list[dict[str, int]]:
    items: list[dict[str, int]] = one.expected.get("items", [])
    return items


# Vendors' 0x5501 has a header of its own, whose bits only look like an encryption.
WHOLE = [one for one in ALL_CAPTURED if one.whole and not one.derived["encrypt_bits"]]
CHECKSUM_WRONG = [one for one in ALL_CAPTURED if not one.derived["bcc_ok"]]
# A lie of one more header: the codec's tests tell that it is read as what it is.
LENGTH_WRONG = [
    one for one in ALL_CAPTURED if not one.derived["length_ok"] and message_id(one) != 0x8104
]
WITH_POSITION = [one for one in WHOLE if "position" in one.derived]
WITH_ITEMS = [one for one in WHOLE if message_id(one) == BATCH and items_of(one)]


@dataclass
class Told:
    """What came of sending every whole frame: results by frame, ids of terminals by phone."""

    system: RunningSystem
    authentication: str
    manager: Caller
    supervisor: Caller
    terminal_ids: dict[str, str] = field(default_factory=dict)
    results: dict[str, int] = field(default_factory=dict)

    def history(self, one: Captured) -> list[dict[str, object]]:
        """Return all that the history API holds of the frame's terminal."""
        page = self.supervisor.get(
            "/positions",
            terminal_id=self.terminal_ids[phone_of(one)],
            start="1999-01-01T00:00:00Z",
            end="2101-01-01T00:00:00Z",
            limit=500,
        )
        items: list[dict[str, object]] = page["items"]  # type: ignore[assignment]
        assert page["next_cursor"] is None
        return items

    def quarantined(self) -> dict[str, int]:
        """Return how many frames are in quarantine, by reason."""
        counts: dict[str, int] = self.manager.get("/quarantine")["counts"]  # type: ignore[assignment]
        return counts


@pytest.fixture(scope="module", params=["token", "number"])
def told(
    request: pytest.FixtureRequest,
    template_databases: TemplateDatabases,
    valkey_server: EmbeddedValkey,
) -> Iterator[Told]:
    """Every whole captured frame, sent by a terminal that proves itself in this way."""
    url = template_databases.create()
    world = seed(url)
    with running_system(url, valkey_server.url()) as system:
        told = Told(
            system,
            request.param,
            Caller(system.base_url, "manager", PASSWORD),
            Caller(system.base_url, "supervisor", PASSWORD).sitting(),
        )
        add_terminals(told, str(world.organisations["a"].id))
        send_all(told)
        yield told
    template_databases.drop(url)


def add_terminals(told: Told, organisation_id: str) -> None:
    for phone in sorted({phone_of(one) for one in WHOLE}):
        added = told.manager.post(
            "/terminals",
            {
                "phone": phone,
                "authentication": told.authentication,
                "organisation_id": organisation_id,
            },
        )
        told.terminal_ids[phone] = str(added["id"])


def send_all(told: Told) -> None:
    by_link: dict[tuple[str, Edition], list[Captured]] = defaultdict(list)
    for one in WHOLE:
        edition = Edition.V2019 if one.derived["version_flag"] else Edition.V2013
        by_link[str(one.derived["terminal"]), edition].append(one)
    for (phone, edition), frames in by_link.items():
        with RawLink(told.system.jt808_port, phone, edition) as link:
            if told.authentication == "token":
                link.log_in()
            for one in frames:
                link.send(one.wire)
                if awaits_answer(one):
                    serial = one.derived["serial"]
                    told.results[one.name] = link.result_of(message_id(one), serial)


def awaits_answer(one: Captured) -> bool:
    """An answer is not answered, and of a split message only the last package ends the wait."""
    split = one.derived["subpackage"]
    last = not split or one.derived["package_no"] == one.derived["package_total"]
    return last and message_id(one) != TERMINAL_ANSWER


def test_every_position_is_acknowledged(told: Told) -> None:
    carrying = [one.name for one in WHOLE if message_id(one) in (POSITION, BATCH)]
    assert len(carrying) > 50
    assert {told.results[name] for name in carrying} == {Result.OK}


def test_messages_that_nobody_handles_get_their_answer(told: Told) -> None:
    known = {POSITION, BATCH, HEARTBEAT, REGISTRATION, AUTHENTICATION, TIME_QUERY}
    others = [one.name for one in WHOLE if message_id(one) not in known and awaits_answer(one)]
    assert len(others) > 150
    assert {told.results[name] for name in others} == {Result.UNSUPPORTED}


@pytest.mark.parametrize("one", WITH_POSITION, ids=lambda one: one.name)
def test_a_captured_position_stands_in_the_history(told: Told, one: Captured) -> None:
    expected = one.derived["position"]
    time = readable_time(expected["time_gmt8_bcd"])
    assert time is not None
    # Two frames may state the same in other items: then the history has both.
    matching = [
        item
        for item in told.history(one)
        if moment(item) == repaired(time, item)
        and item["alarm"] == int(expected["alarm"], 16)
        and item["status"] == int(expected["status"], 16)
        and item["latitude"] == pytest.approx(expected["lat"], abs=1e-9)
        and item["longitude"] == pytest.approx(expected["lon"], abs=1e-9)
        and item["course_deg"] == expected["course"]
        and item["altitude_m"] == expected["alt_m"]
        and item["speed_kmh"] == pytest.approx(expected["speed_kmh"], abs=0.05)
    ]
    assert matching
    for item in matching:
        assert item["acc"] == expected["acc"]
        assert ("no_fix" in str(item["reasons"])) == (not expected["fixed"])


def moment(item: dict[str, object]) -> datetime:
    return datetime.fromisoformat(str(item["time"]))


def repaired(time: datetime, item: dict[str, object]) -> datetime:
    """A receiver that missed a roll-over of the GPS weeks is read 1,024 weeks later."""
    return time + ROLLOVER if "rollover_repaired" in str(item["reasons"]) else time


@pytest.mark.parametrize("one", WITH_ITEMS, ids=lambda one: one.name)
def test_every_position_of_a_captured_batch_stands_in_the_history(
    told: Told, one: Captured
) -> None:
    history = told.history(one)
    for expected in items_of(one):
        assert any(
            item["alarm"] == expected["warnBit"]
            and item["status"] == expected["statusBit"]
            and item["latitude"] == pytest.approx(expected["latitude"] / 1e6, abs=1e-9)
            and item["longitude"] == pytest.approx(expected["longitude"] / 1e6, abs=1e-9)
            and item["speed_kmh"] == pytest.approx(expected["speed"] / 10, abs=0.05)
            and item["course_deg"] == expected["direction"]
            for item in history
        ), expected


def test_captured_positions_sent_again_are_acknowledged_and_counted_once(told: Told) -> None:
    one = next(one for one in WITH_POSITION if message_id(one) == POSITION)
    before = told.history(one)
    with RawLink(told.system.jt808_port, str(one.derived["terminal"]), Edition.V2013) as link:
        if told.authentication == "token":
            link.log_in()
        link.send(one.wire + one.wire)
        assert [link.result_of(POSITION, one.derived["serial"]) for _ in range(2)] == [0, 0]
    assert told.history(one) == before


@pytest.mark.parametrize(
    ("frames", "reason"),
    [
        ([one.shown for one in CHECKSUM_WRONG], "checksum"),
        ([damaged(one.payload) for one in WITH_POSITION[:20]], "checksum"),
        ([one.wire for one in LENGTH_WRONG], "length"),
    ],
    ids=["captured checksum", "damaged checksum", "length"],
)
def test_a_defective_frame_is_counted_and_not_acknowledged(
    told: Told, frames: list[bytes], reason: str
) -> None:
    assert frames
    one = WITH_POSITION[0]
    history, before = told.history(one), told.quarantined().get(reason, 0)
    with RawLink(told.system.jt808_port, str(one.derived["terminal"]), Edition.V2013) as link:
        if told.authentication == "token":
            link.log_in()
        link.send(b"".join(frames))
        # What is quarantined is committed: had it been acknowledged, then before this heartbeat.
        eventually(lambda: told.quarantined().get(reason, 0) >= before + len(frames), 30)
        assert link.heartbeat() == Result.OK
        assert link.answers == []
    # A frame quoted unescaped may fall into several pieces, each of which is counted.
    assert told.quarantined()[reason] >= before + len(frames)
    assert told.history(one) == history
