"""Who sees frames that became no position: their terminal's people, and the topmost organisation.

A frame of an unknown number belongs to nobody yet, so units do not see it.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import insert

from fleet.acts import Act
from fleet.identity.passwords import hash_password
from fleet.people.accounts import RoleIn, create_person
from fleet.words import Role
from kit.database import Sessions, transaction
from kit.ids import new_id
from kit.settings import Settings
from tests.support.apps import app_over
from tests.support.world import PASSWORD, World, client_of, log_in
from tests.tracking.conftest import NOW
from tracking.tables import QuarantinedFrame, UnknownTerminal

API = "/api/v1"
STRANGER = "13999990000"


def frame(phone: str | None, reason: str) -> dict[str, object]:
    return {
        "id": new_id(),
        "received_at": NOW,
        "protocol": "jt808",
        "phone": phone,
        "address": "127.0.0.1",
        "reason": reason,
        "raw": b"\x7e\x7e",
    }


@pytest.fixture
async def client(
    database_url: str, sessions: Sessions, world: World, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a system with one frame of a1, one of b1, one of a stranger, one of nobody.

    manager_a is the fleet manager of unit A.
    """
    async with transaction(sessions) as session:
        await create_person(
            session,
            Act(actor=None, now=world.since),
            username="manager_a",
            name="车辆管理员",
            roles=[RoleIn(Role.FLEET_MANAGER, world.organisations["a"])],
            password_hash=hash_password(PASSWORD),
        )
        frames = [
            frame(world.terminals["a1"].phone, "wrong token"),
            frame(world.terminals["b1"].phone, "wrong token"),
            frame(STRANGER, "unknown terminal"),
            frame(None, "checksum"),
        ]
        await session.execute(insert(QuarantinedFrame), frames)
        await session.execute(
            insert(UnknownTerminal).values(
                protocol="jt808",
                phone=STRANGER,
                id=new_id(),
                first_seen_at=NOW,
                last_seen_at=NOW,
                address="127.0.0.1",
                frames=1,
            )
        )
    app = app_over(Settings(database_url=database_url, data_dir=tmp_path), sessions)
    async with client_of(app) as one:
        yield one


async def quarantine(client: httpx.AsyncClient, username: str, **query: str) -> dict[str, object]:
    await log_in(client, username)
    answer = await client.get(f"{API}/quarantine", params=query)
    assert answer.status_code == 200, answer.text
    page: dict[str, object] = answer.json()
    return page


async def test_a_unit_sees_the_frames_of_its_own_terminals_and_counts_no_others(
    client: httpx.AsyncClient, world: World
) -> None:
    page = await quarantine(client, "manager_a")
    (item,) = page["items"]  # type: ignore[misc]
    assert (item["phone"], item["raw_hex"]) == (world.terminals["a1"].phone, "7e7e")
    assert page["counts"] == {"wrong token": 1}


async def test_asking_for_another_units_number_or_a_strangers_shows_nothing(
    client: httpx.AsyncClient, world: World
) -> None:
    for phone in (world.terminals["b1"].phone, STRANGER):
        page = await quarantine(client, "manager_a", phone=phone)
        assert (page["items"], page["counts"]) == ([], {})


@pytest.mark.parametrize(("username", "raw"), [("manager", "7e7e"), ("dispatcher", "")])
async def test_the_topmost_organisation_sees_all_and_raw_bytes_with_the_right_to_write(
    client: httpx.AsyncClient, username: str, raw: str
) -> None:
    page = await quarantine(client, username)
    assert page["counts"] == {"wrong token": 2, "unknown terminal": 1, "checksum": 1}
    assert {item["raw_hex"] for item in page["items"]} == {raw}  # type: ignore[attr-defined]


async def test_raw_bytes_go_no_further_than_the_right_to_write(
    client: httpx.AsyncClient, sessions: Sessions, world: World
) -> None:
    async with transaction(sessions) as session:
        await create_person(
            session,
            Act(actor=None, now=world.since),
            username="two_hats",
            name="安全保密管理员",
            roles=[
                RoleIn(Role.SECURITY_ADMINISTRATOR, world.organisations["bureau"]),
                RoleIn(Role.FLEET_MANAGER, world.organisations["a"]),
            ],
            password_hash=hash_password(PASSWORD),
        )
    page = await quarantine(client, "two_hats")
    raw = {item["phone"]: item["raw_hex"] for item in page["items"]}  # type: ignore[attr-defined]
    mine = world.terminals["a1"].phone
    assert raw == {mine: "7e7e", world.terminals["b1"].phone: "", STRANGER: "", None: ""}


async def test_unknown_terminals_are_shown_to_the_topmost_organisation_only(
    client: httpx.AsyncClient,
) -> None:
    for username in ("manager", "sysadmin"):
        await log_in(client, username)
        shown = (await client.get(f"{API}/unknown-terminals")).json()
        assert [item["phone"] for item in shown["items"]] == [STRANGER]
    await log_in(client, "manager_a")
    refused = await client.get(f"{API}/unknown-terminals")
    assert refused.status_code == 403
    assert "topmost organisation" in refused.json()["detail"]
