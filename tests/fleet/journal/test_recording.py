"""An entry keeps exact bytes, what the actor was, and what a look-up was for."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from fleet.access import Actor, Grant
from fleet.acts import Act
from fleet.journal import record, record_look_up
from fleet.journal.canonical import Payload, instant_text
from fleet.journal.errors import NotRecordable
from fleet.tables import JournalEntry
from fleet.words import Role
from kit.clock import utc_now
from kit.database import transaction
from tests.fleet.journal.conftest import Archive

WATCHER = Actor(
    person_no=4,
    person_id=uuid4(),
    username="jiwei",
    name="纪检",
    grants=(
        Grant(Role.EXTERNAL_SUPERVISOR, 9, frozenset({1})),
        Grant(Role.APPLICANT, 2, frozenset({2})),
    ),
)

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), _JSON))
def test_the_bytes_of_a_payload_say_what_was_recorded(after: dict[str, object]) -> None:
    payload = Payload("wang", None, None, after, None).to_bytes()
    assert json.loads(payload)["after"] == after
    assert rfc8785.dumps(json.loads(payload)) == payload


@pytest.mark.parametrize("value", [uuid4(), utc_now(), Decimal(1), b"x", {1: 2}, {"x"}])
def test_what_is_no_json_fails_where_it_is_recorded(value: object) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        Payload("wang", None, None, {"value": value}, None).to_bytes()


@pytest.mark.parametrize("value", [2**53, float("nan"), float("inf")])
def test_a_number_that_json_cannot_hold_is_refused(value: float) -> None:
    with pytest.raises(NotRecordable):
        Payload("wang", None, {"value": value}, None, None).to_bytes()


def test_an_instants_text_is_in_utc_and_always_of_one_length() -> None:
    at = datetime(2026, 1, 31, 17, 30, tzinfo=UTC).astimezone()
    assert instant_text(at) == "2026-01-31T17:30:00.000000Z"
    assert len(instant_text(at + timedelta(microseconds=1))) == len(instant_text(at))


async def test_a_look_up_says_by_which_roles_what_for_and_for_whom(archive: Archive) -> None:
    vehicle, sitting = uuid4(), UUID(int=5)
    async with transaction(archive.sessions) as session:
        look = record_look_up(
            session,
            actor=WATCHER,
            action="track.read",
            object_kind="track",
            object_id=vehicle,
            now=utc_now(),
            purpose="supervision",
            sitting_id=sitting,
            asked={"start": "2026-01-01"},
            address="10.0.0.1",
        )
        record(
            session,
            actor=WATCHER,
            action="request.submit",
            object_kind="request",
            object_id=None,
            now=utc_now(),
        )
    async with archive.sessions() as session:
        first, second = await session.scalars(select(JournalEntry).order_by(JournalEntry.no))
    assert (first.id, first.supervisor_no, second.supervisor_no) == (look, 9, None)
    assert first.roles == ["applicant", "external_supervisor"]
    assert first.content["purpose"] == "supervision"
    assert first.content["sitting_id"] == str(sitting)
    await archive.seal()
    assert archive.verify().finding is None


async def test_what_is_no_look_up_is_not_recorded_as_one(archive: Archive) -> None:
    async with archive.sessions() as session:
        with pytest.raises(ValueError, match="no look-up"):
            record_look_up(
                session,
                actor=WATCHER,
                action="track.delete",
                object_kind="track",
                object_id=None,
                now=utc_now(),
                purpose=None,
            )


async def test_entries_stand_and_fall_with_their_savepoint_in_the_order_of_their_acts(
    archive: Archive,
) -> None:
    async with transaction(archive.sessions) as session:
        act = Act(None, utc_now())
        act.record(session, "a.first", "a", None)
        savepoint = await session.begin_nested()
        act.record(session, "a.undone", "a", None)
        await session.flush()
        await savepoint.rollback()
        for action in ("a.second", "a.third"):
            act.record(session, action, "a", None)
        seen = await session.scalars(select(JournalEntry.action).order_by(JournalEntry.no))
        assert list(seen) == ["a.first", "a.second", "a.third"]
    rows = archive.rows("SELECT action FROM journal ORDER BY no")
    assert rows == [("a.first",), ("a.second",), ("a.third",)]
