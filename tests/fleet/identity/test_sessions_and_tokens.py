"""Sessions end when idle, when told and when their person is disabled; tokens may do less."""

from datetime import timedelta

from tests.fleet.identity.conftest import Browser, Clock, problem_of
from tests.support.world import World


async def test_an_idle_session_ends_and_a_busy_one_ends_later(
    browser: Browser, other: Browser, clock: Clock, world: World
) -> None:
    await browser.log_in("manager")
    await other.log_in("manager")
    for _ in range(12):
        clock.advance(minutes=59)
        assert (await browser.call("GET", "/session")).status_code == 200
    assert (await other.call("GET", "/session")).status_code == 401
    clock.advance(minutes=13)
    assert (await browser.call("GET", "/session")).status_code == 401


async def test_what_a_page_asks_by_itself_keeps_no_session_alive(
    browser: Browser, clock: Clock, world: World
) -> None:
    await browser.log_in("manager")
    for _ in range(3):
        clock.advance(minutes=39)
        by_itself = await browser.call("GET", "/session", headers={"Gongche-Background": "1"})
        assert by_itself.status_code == 200
    clock.advance(minutes=4)
    assert (await browser.call("GET", "/session")).status_code == 401
    # What it says can't make a session last: without it the same requests do.
    await browser.log_in("manager")
    for _ in range(4):
        clock.advance(minutes=39)
        assert (await browser.call("GET", "/session")).status_code == 200


async def test_sessions_are_listed_and_ended_by_their_holder_and_the_administrator(
    browser: Browser, other: Browser, world: World
) -> None:
    await browser.log_in("manager")
    await other.log_in("manager")
    listed = (await browser.call("GET", "/sessions?limit=1")).json()
    assert [one["current"] for one in listed["items"]] == [False]
    rest = (await browser.call("GET", f"/sessions?cursor={listed['next_cursor']}")).json()
    assert [one["current"] for one in rest["items"]] == [True]
    ended = await browser.call("DELETE", f"/sessions/{listed['items'][0]['id']}")
    assert ended.status_code == 204
    assert (await other.call("GET", "/session")).status_code == 401
    mine = rest["items"][0]["id"]
    await other.log_in("dispatcher")
    assert (await other.call("DELETE", f"/sessions/{mine}")).status_code == 404
    person = world.people["manager"].id
    assert (await other.call("GET", f"/sessions?person_id={person}")).status_code == 403
    await other.log_in("secadmin")
    seen = (await other.call("GET", f"/sessions?person_id={person}")).json()["items"]
    assert [one["id"] for one in seen] == [mine]
    assert (await other.call("DELETE", f"/sessions/{mine}")).status_code == 204
    assert (await browser.call("GET", "/session")).status_code == 401


async def test_a_token_does_what_it_is_for_and_opens_no_door(
    browser: Browser, other: Browser, clock: Clock, world: World
) -> None:
    await browser.log_in("manager")
    wanted = {
        "name": "统计接口",
        "permissions": ["vehicle.read"],
        "organisation_id": str(world.organisations["a"].id),
        "expires_at": (clock.now + timedelta(days=30)).isoformat(),
    }
    too_much = await browser.call("POST", "/tokens", wanted | {"permissions": ["track.read"]})
    assert too_much.status_code == 404, "track.read holds nowhere for a manager"
    beyond = wanted | {"permissions": ["track.read"], "organisation_id": None}
    assert problem_of(await browser.call("POST", "/tokens", beyond)) == "beyond-own-permissions"
    late = wanted | {"expires_at": (clock.now + timedelta(days=400)).isoformat()}
    assert problem_of(await browser.call("POST", "/tokens", late)) == "token-expiry"
    made = (await browser.call("POST", "/tokens", wanted)).json()
    assert made["token"].startswith("gct_")

    other.token = made["token"]
    vehicles = (await other.call("GET", "/vehicles")).json()["items"]
    assert {one["unit"]["name"] for one in vehicles} == {"甲局"}
    assert (await other.call("GET", "/drivers")).status_code == 403
    assert (await other.call("GET", "/session")).json()["permissions"] == ["vehicle.read"]
    for method, path, body in (
        ("POST", "/tokens", wanted),
        ("POST", "/session/second-factor", {"password": "test-only-password"}),
        (
            "POST",
            "/session/password",
            {"current_password": "test-only-password", "new_password": "another-password"},
        ),
        ("DELETE", f"/tokens/{made['id']}", None),
    ):
        assert problem_of(await other.call(method, path, body)) == "token-not-enough", path

    (listed,) = (await browser.call("GET", "/tokens")).json()["items"]
    assert "token" not in listed
    assert listed["last_used_at"] is not None
    assert (await browser.call("DELETE", f"/tokens/{made['id']}")).status_code == 204
    assert (await other.call("GET", "/vehicles")).status_code == 401
    other.token = (await browser.call("POST", "/tokens", wanted)).json()["token"]
    clock.advance(days=31)
    assert (await other.call("GET", "/vehicles")).status_code == 401


async def test_a_token_looks_after_sessions_only_where_it_was_made_for_that(
    browser: Browser, other: Browser, clock: Clock, world: World
) -> None:
    await browser.log_in("secadmin")
    mine = (await browser.call("GET", "/sessions")).json()["items"][0]["id"]
    plain = {
        "name": "统计接口",
        "permissions": ["organisation.read"],
        "expires_at": (clock.now + timedelta(days=30)).isoformat(),
    }
    other.token = (await browser.call("POST", "/tokens", plain)).json()["token"]
    loan = {
        "deputy_id": str(world.people["manager"].id),
        "role": "fleet_manager",
        "organisation_id": str(world.organisations["bureau"].id),
        "end": (clock.now + timedelta(days=3)).isoformat(),
        "reason": "出差",
    }
    for method, path, body in (
        ("GET", "/sessions", None),
        ("DELETE", f"/sessions/{mine}", None),
        ("DELETE", "/session", None),
        ("GET", "/tokens", None),
        ("GET", "/session/second-factor", None),
        ("GET", "/delegations", None),
        ("POST", "/delegations", loan),
    ):
        refused = await other.call(method, path, body)
        assert (refused.status_code, problem_of(refused)) == (403, "token-not-enough"), path
    able = plain | {"permissions": ["session.read", "session.end"]}
    other.token = (await browser.call("POST", "/tokens", able)).json()["token"]
    assert [one["id"] for one in (await other.call("GET", "/sessions")).json()["items"]] == [mine]
    assert (await other.call("DELETE", f"/sessions/{mine}")).status_code == 204
    assert (await browser.call("GET", "/session")).status_code == 401
