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
