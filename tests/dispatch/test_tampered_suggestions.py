"""A record that was changed since is found out, and one that can't be read is said to be so."""

import hashlib
import json
import zlib
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.suggestions.record import unpack
from dispatch.suggestions.replay import replay
from dispatch.tables import Suggestion, SuggestionRecord
from kit.database import transaction
from tests.dispatch.office import Json, Office, ok, problem
from tests.dispatch.test_replaying import assigned_by, explained


def packed(told: Json) -> tuple[bytes, bytes]:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return zlib.compress(text), hashlib.sha256(text).digest()


async def write(office: Office, content: bytes, sha256: bytes) -> None:
    async with transaction(office.sessions) as session:
        record = (await session.scalars(select(SuggestionRecord))).one()
        record.content, record.sha256 = content, sha256


async def lines_of(office: Office, order: Json) -> tuple[bool | None, list[str]]:
    told = ok(await office.get("dispatcher", f"/orders/{order['id']}/explanation"))
    return told["replayed"], told["lines"]


async def test_consistent_change_of_a_record_is_told_by_the_journal_and_by_what_was_shown(
    office: Office, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, order = await assigned_by(office)
    async with office.sessions() as session:
        record = (await session.scalars(select(SuggestionRecord))).one()
    whole = record.content, record.sha256
    told: Any = json.loads(zlib.decompress(record.content))
    for way in told["ways"]:
        way[2:] = [(figure or 0) * 3 for figure in way[2:]]
    ranking = replay(unpack(*packed(told))).ranking
    told["candidates"] = [
        [c.vehicle.no, c.driver.no, c.arrival_s, c.empty_m, c.cost.total_s]
        for c in ranking.candidates
    ]
    await write(office, *packed(told))
    replayed, lines = await lines_of(office, order)
    assert replayed is False
    assert lines[-1] == "Replayed: same ranking as the record, which can't be relied on."
    assert any(line.startswith("The record was changed since") for line in lines)
    assert any(line.startswith("What was shown differs") for line in lines)

    for content, sha256, said in (
        (whole[0], bytes(32), "SHA-256"),
        (b"no record", whole[1], "can't be read"),
        (*packed({"format": 2}), "can't be read"),
        (*packed(told | {"format": 99}), "format 99"),
        (*packed(told | {"candidates": [[1, "x", None]]}), "can't be read"),
        (*packed(told | {"vehicles": []}), "can't be read"),
    ):
        await write(office, content, sha256)
        replayed, lines = await lines_of(office, order)
        assert replayed is False, said
        assert said in lines[-1]
        for path in ("", "/left-out"):
            answer = await office.get("dispatcher", f"/suggestions/{shown['id']}{path}")
            problem(answer, "record-unreadable", 409)

    monkeypatch.setenv("GONGCHE_DATABASE_URL", database_url)
    command = await explained(order["id"])
    assert command.exit_code == 0, command.output
    assert "can't be read" in command.output

    await write(office, *whole)
    async with transaction(office.sessions) as session:
        kept = (await session.scalars(select(Suggestion))).one()
        kept.candidates = list(reversed(kept.candidates))
    replayed, lines = await lines_of(office, order)
    assert replayed is False
    assert any(line.startswith("What was shown differs") for line in lines)
    assert not any(line.startswith("The record was changed since") for line in lines)
