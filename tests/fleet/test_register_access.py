"""Each list and object of the register is seen inside one's scope, and nowhere else."""

import httpx
import pytest

from fleet.acts import Act
from fleet.places.places import add_place
from fleet.words import PlaceKind
from kit.database import Sessions, transaction
from tests.support.world import World, log_in

API = "/api/v1"


async def items(client: httpx.AsyncClient, path: str) -> list[dict[str, object]]:
    answer = await client.get(f"{API}{path}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["items"]
    return found


@pytest.mark.parametrize(
    ("path", "key", "mine", "others"),
    [
        ("/organisations", "name", "甲局", {"乙局", "机关事务中心"}),
        ("/people", "username", "applicant_a", {"applicant_b", "manager"}),
        ("/vehicles", "plate", "示A10001", {"示B10001", "示P10001"}),
        ("/drivers", "name", "驾驶员a1", {"驾驶员b1", "驾驶员pool1"}),
        ("/places", "name", "甲局停车场", {"乙局停车场"}),
    ],
)
async def test_a_unit_sees_its_own_and_nobody_elses(
    client: httpx.AsyncClient, world: World, path: str, key: str, mine: str, others: set[str]
) -> None:
    await log_in(client, "clerk_a")
    seen = {item[key] for item in await items(client, path)}
    assert mine in seen
    assert not seen & others
    await log_in(client, "manager")
    assert {mine} | others <= {item[key] for item in await items(client, path)}


async def test_a_mandate_reaches_where_standing_above_does_not(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "dispatcher")
    plates = {item["plate"] for item in await items(client, "/vehicles")}
    assert {"示A10001", "示B10001", "示P10001"} <= plates
    assert len(await items(client, "/terminals")) == 8


async def test_another_units_vehicle_does_not_exist(
    client: httpx.AsyncClient, world: World
) -> None:
    path = f"{API}/vehicles/{world.vehicles['b1'].id}"
    await log_in(client, "clerk_b")
    assert (await client.get(path)).json()["plate"] == "示B10001"
    await log_in(client, "clerk_a")
    hidden = await client.get(path)
    assert hidden.status_code == 404
    assert hidden.json()["type"] == "/problems/not-found"


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("applicant_a", "/vehicles"),
        ("applicant_a", "/people"),
        ("clerk_a", "/terminals"),
        ("manager", "/journal"),
        ("sysadmin", "/journal"),
        ("dispatcher", "/journal"),
    ],
)
async def test_a_role_without_the_permission_is_refused(
    client: httpx.AsyncClient, world: World, username: str, path: str
) -> None:
    await log_in(client, username)
    answer = await client.get(f"{API}{path}")
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/forbidden"


async def test_narrowing_to_an_organisation_keeps_to_its_subtree(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    id = world.organisations["a"].id
    assert len(await items(client, f"/vehicles?organisation_id={id}")) == 3
    top = world.organisations["bureau"].id
    assert len(await items(client, f"/vehicles?organisation_id={top}")) == 8
    await log_in(client, "clerk_b")
    assert (await client.get(f"{API}/vehicles?organisation_id={id}")).status_code == 404


async def test_pages_join_to_the_whole_list_in_order(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    whole = [item["plate"] for item in await items(client, "/vehicles")]
    pages: list[str] = []
    cursor = ""
    while cursor is not None:
        after = f"&cursor={cursor}" if cursor else ""
        body = (await client.get(f"{API}/vehicles?limit=3{after}")).json()
        assert len(body["items"]) <= 3
        pages += [item["plate"] for item in body["items"]]
        cursor = body["next_cursor"]
    assert pages == whole == sorted(whole)
    assert len(whole) == 8


@pytest.mark.parametrize("cursor", ["x", "WzFd", "WyJhIiwgImIiXQ", "%00"])
async def test_a_made_up_cursor_is_refused(
    client: httpx.AsyncClient, world: World, cursor: str
) -> None:
    await log_in(client, "manager")
    answer = await client.get(f"{API}/vehicles?cursor={cursor}")
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/bad-cursor"


async def test_a_search_takes_wildcards_as_letters(client: httpx.AsyncClient, world: World) -> None:
    await log_in(client, "manager")
    assert [v["plate"] for v in await items(client, "/vehicles?q=a10002")] == ["示A10002"]
    assert await items(client, "/vehicles?q=%25") == []
    assert len(await items(client, "/vehicles?holding=pool")) == 2


async def test_watched_places_are_hidden_from_those_who_book(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    async with transaction(sessions) as session:
        await add_place(
            session,
            Act(actor=None, now=world.now),
            name="重点场所一",
            kind=PlaceKind.WATCHED,
            organisation=None,
            latitude=40.0,
            longitude=110.0,
            radius_m=100,
        )
    await log_in(client, "supervisor")
    assert "重点场所一" in {p["name"] for p in await items(client, "/places")}
    await log_in(client, "applicant_a")
    assert {p["name"] for p in await items(client, "/places")} == {"甲局停车场"}


@pytest.mark.usefixtures("two_clubs")
async def test_who_looks_at_one_unit_s_watched_places_is_told_of_no_other_s(
    client: httpx.AsyncClient,
) -> None:
    await log_in(client, "dispatcher")
    listed = {str(place["name"]) for place in await items(client, "/places")}
    assert {"甲局停车场", "乙局停车场", "甲会所"} <= listed
    assert "乙会所" not in listed


async def test_names_are_sorted_as_chinese_readers_look_them_up(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    names = [o["name"] for o in await items(client, "/organisations")]
    assert names == ["机关事务中心", "甲局", "乙局"]  # ji, jia, yi
