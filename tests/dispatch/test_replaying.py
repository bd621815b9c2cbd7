"""A suggestion is replayed to the same ranking, whatever has become of the fleet."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import Range
from typer.testing import CliRunner, Result

from dispatch.suggestions.record import unpack
from dispatch.suggestions.replay import replay
from dispatch.tables import SuggestionRecord
from fleet.tables import PersonRole, Vehicle
from fleet.words import Role
from gateway.cli.commands import app as gongche
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.office import Json, Office, ok, problem
from tests.dispatch.test_suggestions import see, suggest
from tests.support.world import LATITUDE, LONGITUDE


async def assigned_by(office: Office) -> tuple[Json, Json]:
    """Return a suggestion and the order of its best candidate."""
    for vehicle, away in (("b1", 0.001), ("pool1", 0.005), ("a1", 0.05), ("a2", 0.01)):
        await see(office, vehicle, away)
    request = await office.approved()
    shown = await suggest(office, request)
    best = shown["candidates"][0]
    body = {
        "vehicle_id": best["vehicle"]["id"],
        "driver_id": best["driver"]["id"],
        "suggestion_id": shown["id"],
        "revision": request["revision"],
    }
    path = f"/requests/{request['id']}/assignment"
    return shown, ok(await office.post("dispatcher", path, body), 201)


async def test_suggestion_is_replayed_to_the_same_ranking_after_the_fleet_has_moved(
    office: Office,
) -> None:
    shown, order = await assigned_by(office)
    for vehicle, away in (("b1", 0.3), ("pool1", 0.2), ("a1", 0.0), ("a2", 0.4)):
        await see(office, vehicle, away, utc_now() + timedelta(seconds=30))
    sold = office.world.vehicles["a1"]
    async with transaction(office.sessions) as session:
        await session.execute(
            update(Vehicle).where(Vehicle.no == sold.no).values(withdrawn_at=utc_now(), seats=2)
        )
        await session.execute(text("DELETE FROM position"))
        record = (await session.scalars(select(SuggestionRecord))).one()
    replayed = replay(unpack(record.content, record.sha256))
    assert replayed.differences == ()
    assert (replayed.same_rules, replayed.same_source) == (True, True)
    again = [
        (c.arrival_s, c.empty_m, c.cost.total_s, c.driver.duty_s)
        for c in replayed.ranking.candidates
    ]
    assert again == [
        (c["arrival_s"], c["empty_m"], c["cost"]["total_s"], c["duty_s"])
        for c in shown["candidates"]
    ]
    told = ok(await office.get("dispatcher", f"/orders/{order['id']}/explanation"))
    assert told["replayed"] is True
    assert told["lines"][-1] == "Replayed: same ranking."
    plates = [c["vehicle"]["plate"] for c in shown["candidates"]]
    ranked = [line for line in told["lines"] if line[:2] in {"1.", "2.", "3.", "4."}]
    assert [line.split()[1] for line in ranked] == plates
    for entry in shown["left_out"]:
        line = f"- {entry['vehicle']['plate']}: {entry['rule']}: {entry['sentence']}"
        assert line in told["lines"]
    assert any(line.startswith("The runner-up costs") for line in told["lines"])


async def explained(name: str) -> Result:
    """Run the command beside the running loop."""
    command = ["dispatch", "explain", name]
    return await asyncio.to_thread(lambda: CliRunner().invoke(gongche, command))


async def test_command_explains_an_order_by_its_slip(
    office: Office, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, order = await assigned_by(office)
    monkeypatch.setenv("GONGCHE_DATABASE_URL", database_url)
    slip = order["slip"]["number_text"]
    for name in (slip, order["id"]):
        said = await explained(name)
        assert said.exit_code == 0, said.output
        assert slip in said.output
        assert shown["candidates"][0]["vehicle"]["plate"] in said.output
        assert said.output.rstrip().endswith("Replayed: same ranking.")
    unknown = await explained("2001-999")
    assert unknown.exit_code == 1


async def test_changed_record_is_found_out(office: Office) -> None:
    await see(office, "a1", 0.01)
    await suggest(office, await office.approved())
    async with office.sessions() as session:
        record = (await session.scalars(select(SuggestionRecord))).one()
    with pytest.raises(ValueError, match="SHA-256"):
        unpack(record.content, bytes(32))


async def test_suggestion_is_read_back_as_shown_and_its_left_out_by_pages(office: Office) -> None:
    await see(office, "a1", 0.01)
    shown = await suggest(office, await office.approved())
    kept = ok(await office.get("dispatcher", f"/suggestions/{shown['id']}"))
    assert kept["candidates"] == shown["candidates"]
    assert kept["left_out"] == shown["left_out"]
    assert (kept["hidden"], kept["left_out_total"]) == (0, shown["left_out_total"])
    assert sum(shown["left_out_by_rule"].values()) == shown["left_out_total"] > 1
    listed: list[Json] = []
    cursor: dict[str, object] = {}
    while True:
        path = f"/suggestions/{shown['id']}/left-out"
        page = ok(await office.get("dispatcher", path, limit=1, **cursor))
        listed += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert listed == shown["left_out"]
    problem(await office.get("applicant_a", f"/suggestions/{shown['id']}"), "forbidden", 403)


async def test_vehicles_out_of_the_readers_scope_are_hidden_from_a_kept_suggestion(
    office: Office,
) -> None:
    shown, order = await assigned_by(office)
    async with transaction(office.sessions) as session:
        session.add(
            PersonRole(
                person_no=office.world.people["clerk_a"].no,
                organisation_no=office.world.organisations["a"].no,
                role=Role.DISPATCHER,
                period=Range(utc_now() - timedelta(hours=1), None, bounds="[)"),
            )
        )
    answer = await office.get("clerk_a", f"/suggestions/{shown['id']}")
    kept = ok(answer)
    own = [c for c in shown["candidates"] if c["use"] == "own_unit"]
    assert kept["candidates"] == own
    assert kept["hidden"] == len(shown["candidates"]) - len(own) == 2
    listed = await office.get("clerk_a", f"/suggestions/{shown['id']}/left-out")
    told = await office.get("clerk_a", f"/orders/{order['id']}/explanation")
    assert ok(told)["replayed"] is True
    ok(listed)
    for name, vehicle in office.world.vehicles.items():
        inside = name.startswith("a")
        texts = answer.text, listed.text, told.text
        assert any(vehicle.plate in text for text in texts) is inside, name


async def test_nearest_eligible_are_ranked_for_a_place_and_nothing_is_kept(office: Office) -> None:
    await see(office, "a1", 0.02)
    await see(office, "b1", 0.01)
    found = ok(
        await office.get(
            "dispatcher",
            "/vehicles/nearest-eligible",
            latitude=LATITUDE,
            longitude=LONGITUDE,
            passengers=2,
            organisation_id=str(office.world.organisations["a"].id),
        )
    )
    assert found["id"] is None
    assert [c["use"] for c in found["candidates"]] == ["own_unit", "cross_unit"]
    assert found["positions"] == "database"
    async with office.sessions() as session:
        assert (await session.scalars(select(SuggestionRecord))).all() == []
