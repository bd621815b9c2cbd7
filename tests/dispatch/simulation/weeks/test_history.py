"""One's own history run again: what was really asked, through the API, and by the command."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from typer.testing import CliRunner

from dispatch.simulation.weeks import store
from dispatch.simulation.weeks.history import NoHistory, history_of
from dispatch.simulation.weeks.placing import place
from fleet.journal.tables import JournalEntry
from gateway.cli.commands import app
from kit.clock import day_start, shanghai_day, utc_now
from kit.database import transaction
from tests.dispatch.office import Office, ok
from tests.support.world import LATITUDE, LONGITUDE


async def test_an_empty_register_is_told_as_what_it_is(
    sessions: async_sessionmaker[AsyncSession],
) -> None:
    since = day_start(shanghai_day(utc_now()))
    async with transaction(sessions) as session:
        with pytest.raises(NoHistory, match="Nothing is registered yet"):
            await history_of(session, since, since + timedelta(days=1), None)


async def test_a_history_is_what_was_asked_and_the_command_runs_it_again(
    office: Office, database_url: str, tmp_path: Path
) -> None:
    world, now = office.world, utc_now()
    day = shanghai_day(now + timedelta(days=2))
    nine = day_start(day) + timedelta(hours=9)
    asked = {"start": nine.isoformat(), "end": (nine + timedelta(hours=2)).isoformat()}
    shared = await office.approved(**asked, passengers=3, may_share=True, round_trip=False)
    await office.approved(**asked, round_trip=True)
    withdrawn = await office.ask(**asked)
    body = {"revision": withdrawn["revision"]}
    ok(await office.post("applicant_a", f"/requests/{withdrawn['id']}/withdraw", body))
    await office.approved()  # another day
    since, until = day_start(day), day_start(day + timedelta(days=1))
    unit_a, unit_b = (world.organisations[key].id for key in "ab")
    async with transaction(office.sessions) as session:
        told = await history_of(session, since, until, unit_a)
        everybody = await history_of(session, since, until, None)
        with pytest.raises(NoHistory, match="There is no organisation"):
            await history_of(session, since, until, uuid4())
        with pytest.raises(NoHistory, match="Nothing was asked"):
            await history_of(session, since, until, unit_b)
        assert await store.asked_rides(session, [], since, until, 10) == []
    assert len(told.asked) == 2
    assert {one.may_share for one in told.asked} == {False, True}
    first = next(one for one in told.asked if one.may_share)
    assert (first.start, first.passengers, first.round_trip) == (nine, 3, False)
    assert first.origin == (LATITUDE, LONGITUDE)
    assert now <= first.asked_at <= utc_now()
    # The unit's three vehicles of its own; of everybody also the pool's.
    assert len(told.vehicles) == 3
    assert len(everybody.vehicles) == 8
    fleet, demand = told.numbered(place(told.points)[1])
    assert fleet.seats.tolist() == [4, 4, 4]
    assert (demand.start_s % 86_400 == 9 * 3_600).all()
    stay_s = float(demand.stay_s[np.flatnonzero(demand.back)[0]])
    assert 0 < stay_s < 2 * 3_600
    assert shared["state"] == "awaiting_dispatch"
    words = ["dispatch", "simulate", "--from-history", str(day), "--days", "1", "--straight-lines"]
    environment = {"GONGCHE_DATABASE_URL": database_url, "GONGCHE_DATA_DIR": str(tmp_path)}
    end = await asyncio.to_thread(
        CliRunner().invoke, app, [*words, "--organisation", str(unit_a)], env=environment
    )
    assert end.exit_code == 0, end.output
    assert "2 requests, 2 of them in advance; 3 vehicles" in end.output
    assert "| ours + plans + sharing | 2 | 0 | 0 | 100.0 % | 2 / 2 |" in end.output
    # That so many requests were read stands in the journal.
    async with transaction(office.sessions) as session:
        reads = select(JournalEntry).where(JournalEntry.action == "requests.simulate")
        (entry,) = await session.scalars(reads)
    assert entry.reason == "gongche dispatch simulate"
    told_of = entry.after or {}
    assert (told_of["organisation"], told_of["requests"]) == (str(unit_a), 2)
    assert datetime.fromisoformat(str(told_of["start"])) == since
    assert datetime.fromisoformat(str(told_of["end"])) == until
