"""The journal over HTTP: with its seals, within scope, and silent about supervisors' look-ups."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor, Grant
from fleet.acts import Act
from fleet.journal import record_look_up
from fleet.journal.erasing import erase
from fleet.organisations.tree import add_organisation
from fleet.people.accounts import RoleIn, create_person
from fleet.words import OrganisationKind, Role
from kit.clock import utc_now
from kit.database import transaction
from tests.fleet.journal.conftest import Archive
from tests.fleet.journal.test_exporting import script
from tests.support.world import World, _hash, log_in

API = "/api/v1"


async def _discipline_inspection(session: AsyncSession, looked_at: UUID) -> None:
    """Make an outside body with an audit administrator, and let its supervisor look at a track."""
    act = Act(None, utc_now())
    body = await add_organisation(session, act, name="纪检机关", kind=OrganisationKind.BUREAU)
    await create_person(
        session,
        act,
        username="their_auditor",
        name="其审计员",
        roles=[RoleIn(Role.AUDIT_ADMINISTRATOR, body)],
        password_hash=_hash(),
    )
    watcher = await create_person(
        session, act, username="watcher", name="纪检员", roles=[], password_hash=_hash()
    )
    grant = Grant(Role.EXTERNAL_SUPERVISOR, body.no, frozenset())
    record_look_up(
        session,
        actor=Actor(watcher.no, watcher.id, "watcher", "纪检员", (grant,)),
        action="track.read",
        object_kind="track",
        object_id=looked_at,
        now=utc_now(),
        purpose="case",
        asked={"reference": "纪案 7"},
        address="10.0.0.9",
    )


async def test_others_see_of_a_supervisors_look_only_seal_time_and_role(
    client: httpx.AsyncClient, world: World, archive: Archive
) -> None:
    looked_at = world.vehicles["a1"].id
    async with transaction(archive.sessions) as session:
        await _discipline_inspection(session, looked_at)
    await archive.seal()
    await log_in(client, "auditor")
    answer = await client.get(f"{API}/journal?limit=50")
    assert answer.status_code == 200, answer.text
    (look,) = [e for e in answer.json()["items"] if e["is_withheld"]]
    told = {key: value for key, value in look.items() if value is not None}
    assert set(told) == {"id", "at", "roles", "is_withheld", "seal"}
    assert look["roles"] == ["external_supervisor"]
    assert len(look["seal"]["digest"]) == 64
    for query in (f"object_id={looked_at}", "action=track.read"):
        found = (await client.get(f"{API}/journal?{query}")).json()["items"]
        assert "external_supervisor" not in json.dumps(found)
    exported = await client.get(f"{API}/journal/export")
    assert "纪案 7" not in exported.text
    assert str(looked_at) not in [
        json.loads(json.loads(line)["header"] or "{}").get("object_id")
        for line in exported.text.splitlines()
        if "track.read" in line
    ]

    await log_in(client, "their_auditor")
    items = (await client.get(f"{API}/journal?action=track.read")).json()["items"]
    (mine,) = items
    assert (mine["object_id"], mine["purpose"]) == (str(looked_at), "case")
    assert (mine["actor"]["name"], mine["after"]) == ("纪检员", {"reference": "纪案 7"})


async def test_an_export_over_http_holds_and_is_journalled(
    client: httpx.AsyncClient, world: World, archive: Archive
) -> None:
    await log_in(client, "auditor")
    nothing = await client.get(f"{API}/journal/root")
    assert nothing.status_code == 404
    assert nothing.json()["type"] == "/problems/nothing-sealed"
    assert (await client.get(f"{API}/journal/export")).text == ""
    await archive.seal()
    root = (await client.get(f"{API}/journal/root")).json()
    answer = await client.get(f"{API}/journal/export")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/jsonl")
    lines = answer.text.splitlines()
    assert json.loads(lines[-1])["head"] == root["head"]
    assert len(lines) == root["n"]
    file = archive.heads.path.with_name("export")
    file.write_text(answer.text, encoding="utf-8")
    end = script(file, archive.heads.path)
    assert end.returncode == 0, end.stderr
    page = (await client.get(f"{API}/journal?action=journal.export")).json()["items"]
    assert [e["actor_name"] for e in page] == ["auditor", "auditor"]
    assert page[0]["after"] == {"first": 1, "last": root["n"]}
    assert page[0]["seal"] is None


@pytest.mark.parametrize("path", ["/journal", "/journal/root", "/journal/export"])
async def test_who_may_not_read_the_journal_is_refused(
    client: httpx.AsyncClient, world: World, path: str
) -> None:
    await log_in(client, "manager")
    assert (await client.get(f"{API}{path}")).status_code == 403


async def test_an_erased_entry_is_shown_without_what_was_personal(
    client: httpx.AsyncClient, world: World, archive: Archive
) -> None:
    await archive.seal()
    async with transaction(archive.sessions) as session:
        before = utc_now()
        assert await erase(session, rule="r", before=before, now=before + timedelta(days=200)) > 0
    await log_in(client, "auditor")
    answer = await client.get(f"{API}/journal?action=vehicle.add")
    assert answer.status_code == 200, answer.text
    entry = answer.json()["items"][0]
    assert entry["erased_by"] is not None
    assert (entry["actor_name"], entry["after"]) == (None, None)


async def test_hostile_questions_are_answered_without_an_error(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "auditor")
    for query in ("start=9999-12-31T00:00:00Z", "end=2026-01-01", "object_id=x", "cursor=%00"):
        for path in ("/journal", "/journal/export"):
            assert (await client.get(f"{API}{path}?{query}")).status_code in (200, 422)
    assert (await client.get(f"{API}/journal?action=%00")).status_code in (200, 422)
    assert (await client.get(f"{API}/journal?object_id={uuid4()}")).json()["items"] == []
