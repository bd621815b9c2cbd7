"""Every list goes out within scope, and what went out comes in again and changes nothing."""

import httpx
import pytest
from sqlalchemy import select

from fleet.acts import Act, period
from fleet.places.places import add_place
from fleet.rules.keys import Excess, RuleKey
from fleet.tables import Organisation, Place, RuleValue, Vehicle, VehicleTerminal
from fleet.words import PlaceKind
from gateway.http.exchange import SHEETS
from kit.database import Sessions, transaction
from tests.fleet.exchange.sheets import API, dry_run, rows_of, send, xlsx
from tests.support.world import World, log_in

WRITERS = {"people": "secadmin"}


def codes(report: dict[str, object]) -> dict[str, str]:
    return {p["cell"]: p["code"] for p in report["problems"]}  # type: ignore[attr-defined]


# Numbered lists: test_numbered.py.
WRITTEN = [
    sheet.name
    for sheet in SHEETS
    if sheet.write is not None and sheet.name != "quotas" and not sheet.numbered
]


@pytest.mark.parametrize("name", WRITTEN)
async def test_what_went_out_comes_in_again_and_changes_nothing(
    client: httpx.AsyncClient, world: World, name: str
) -> None:
    await log_in(client, WRITERS.get(name, "manager"))
    for form in ("xlsx", "csv"):
        answer = await client.get(f"{API}/{name}.{form}")
        assert answer.status_code == 200, answer.text
        count = int(answer.headers["x-row-count"])
        assert count > 0
        report = await dry_run(client, name, answer.content)
        assert (report["rows"], report["unchanged"], report["problems"]) == (count, count, [])
    blank = (await client.get(f"{API}/{name}/template.xlsx")).content
    assert (await dry_run(client, name, blank))["ignored_columns"] == []
    assert (await send(client, f"{name}/import", blank)).json()["rows"] == 0


async def test_a_tree_is_imported_from_one_file(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    head = ("机构名称", "上级机构", "机构类型", "统一社会信用代码")
    file = xlsx(
        head,
        ("丙局", None, "用车单位", "11230000MB1234567X"),
        ("财务处", "丙局", "用车单位", None),
        ("财务处", "甲局", "用车单位", None),
        ("一科", "丙局/财务处", "用车单位", None),
    )
    answer = await send(client, "organisations/import", file)
    assert answer.status_code == 200, answer.text
    assert answer.json()["add"] == 4
    rows = rows_of((await client.get(f"{API}/organisations.xlsx")).content)
    above = {(row[0], row[1]) for row in rows[1:]}
    assert {("丙局", "机关事务中心"), ("一科", "丙局/财务处")} <= above
    again = await dry_run(client, "organisations", file)
    assert (again["add"], again["unchanged"]) == (0, 4)
    wrong = await dry_run(
        client,
        "organisations",
        xlsx(head, ("二科", "财务处", "用车单位", None), ("三科", "丁局", "用车单位", None),
             ("丙 局", None, "用车单位", None)),
    )  # fmt: skip
    assert codes(wrong) == {"B2": "ambiguous", "B3": "no-such-organisation"}
    assert [one["same"] for one in wrong["doubles"]] == ["name"]  # type: ignore[attr-defined]
    async with sessions() as session:
        assert await session.scalar(select(Organisation.kind).where(Organisation.name == "一科"))


async def test_people_and_then_drivers_are_imported_by_their_accounts(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "secadmin")
    people = xlsx(
        ("账号", "姓名", "手机", "角色", "机构"),
        ("Li.Si", "李四", 13900000001, "驾驶员", "甲局"),
        ("li.si", "李四", 13900000001, "申请人", "甲局"),
    )
    assert (await send(client, "people/import", people)).json()["add"] == 2
    both = await dry_run(
        client,
        "people",
        xlsx(("账号", "姓名", "角色", "机构"), ("sysadmin", "甲", "安全审计员", "甲局")),
    )
    assert codes(both) == {"C2": "two-administrators"}
    await log_in(client, "manager")
    head = ("账号", "单位", "准驾车型", "驾驶证有效期至", "身份证号")
    rows = [("li.si", "甲局", "B1", "2031年5月31日", "11010519491231002X")]
    drivers = await send(client, "drivers/import", xlsx(head, *rows))
    assert drivers.status_code == 200, drivers.text
    shown = rows_of((await client.get(f"{API}/drivers.xlsx?q=李四")).content)
    assert shown[0][0].startswith("内部资料 · 车辆管理员（manager）")  # type: ignore[attr-defined]
    assert shown[2][-1] == "****002X"
    assert shown[2][2] == "13900000001"
    refused = await dry_run(client, "drivers", xlsx(head, ("nobody", "甲局", "C9", None, None)))
    assert codes(refused) == {"C2": "bad-form"}
    await log_in(client, "sysadmin")
    masked = rows_of((await client.get(f"{API}/drivers.xlsx?q=李四")).content)
    assert masked[2][2] == "139****0001"


async def test_a_terminal_comes_with_its_vehicle(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    head = ("终端手机号", "管理机构", "车辆号牌")
    car = ["示A30001", "蓝", "甲局", "轿车", "其他", "保留车辆", 5, "汽油"]
    names = ("plate", "plate_colour", "unit", "model", "category", "holding", "seats", "energy")
    assert (await send(client, "vehicles/import", xlsx(names, car))).status_code == 200
    file = xlsx(head, ("013900009999", "甲局", "示A30001"))
    assert (await send(client, "terminals/import", file)).json()["add"] == 1
    refused = await dry_run(
        client,
        "terminals",
        xlsx(head, (1, "甲局", "示A30001"), (2, "甲局", "示A99999"), ("x", "甲局", None)),
    )
    assert codes(refused) == {
        "C2": "vehicle-has-terminal", "C3": "no-such-vehicle", "A4": "bad-form",
    }  # fmt: skip
    async with sessions() as session:
        bound = await session.scalars(select(VehicleTerminal))
        assert len(bound.all()) == 9


async def test_watched_places_leave_only_with_those_who_see_them(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    async with transaction(sessions) as session:
        await add_place(
            session,
            Act(actor=None, now=world.now),
            name="=重点场所",
            kind=PlaceKind.WATCHED,
            organisation=await session.get_one(Organisation, world.organisations["a"].no),
            latitude=40.0,
            longitude=110.0,
            radius_m=100,
        )
    await log_in(client, "applicant_a")
    assert "重点场所" not in (await client.get(f"{API}/places.csv")).text
    await log_in(client, "manager")
    text = (await client.get(f"{API}/places.csv")).content.decode("utf-8-sig")
    assert "'=重点场所" in text
    assert "纬度（WGS-84）" in text
    moved = text.replace("40.0000000", "41.5")
    assert (await send(client, "places/import", moved.encode("gb18030"))).json()["change"] == 1
    async with sessions() as session:
        place = await session.scalar(select(Place).where(Place.name == "=重点场所"))
    assert place is not None
    assert place.latitude == 41.5


@pytest.mark.usefixtures("two_clubs")
async def test_watched_places_leave_only_with_those_who_look_after_them_there(
    client: httpx.AsyncClient,
) -> None:
    await log_in(client, "dispatcher")
    text = (await client.get(f"{API}/places.csv")).content.decode("utf-8-sig")
    assert "甲会所" in text
    assert "乙会所" not in text


@pytest.mark.parametrize(
    ("name", "username"),
    [
        ("requests", "dispatcher"),
        ("orders", "dispatcher"),
        ("filings", "dispatcher"),
        ("findings", "supervisor"),
    ],
)
async def test_what_goes_out_only_goes_out_and_not_in(
    client: httpx.AsyncClient, world: World, name: str, username: str
) -> None:
    await log_in(client, username)
    answer = await client.get(f"{API}/{name}.xlsx?q=x")
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-row-count"] == "0"
    assert (await send(client, f"{name}/import", b"x")).status_code in (404, 405)


@pytest.mark.parametrize(
    ("rule", "problems", "over"),
    [
        (Excess.REFUSE, {"E2": "over-quota", "E3": "over-quota"}, None),
        (Excess.FLAG, {}, {"over_quota"}),
    ],
)
async def test_quotas_are_imported_and_refuse_or_flag_new_vehicles_by_rule(
    client: httpx.AsyncClient,
    world: World,
    sessions: Sessions,
    rule: Excess,
    problems: dict[str, str],
    over: set[str] | None,
) -> None:
    async with transaction(sessions) as session:
        session.add(
            RuleValue(
                organisation_no=world.organisations["bureau"].no,
                key=RuleKey.OVER_QUOTA,
                version=1,
                value=rule.value,
                open_below=False,
                period=period(world.since),
            )
        )
    await log_in(client, "authority")
    quota = xlsx(("单位", "用途类别", "编制数", "依据"), ("甲局", "其他", 4, "示编〔2026〕1号"))
    answer = await send(client, "quotas/import", quota)
    assert answer.json()["add"] == 1, answer.text
    await log_in(client, "manager")
    names = ("plate", "plate_colour", "unit", "model", "category", "holding", "seats", "energy")
    cars = [(f"示A3000{n}", "蓝", "甲局", "轿车", "其他", "保留车辆", 5, "汽油") for n in (1, 2)]
    report = await dry_run(client, "vehicles", xlsx(names, *cars))
    assert codes(report) == problems
    answer = await send(client, "vehicles/import", xlsx(names, *cars))
    assert answer.status_code == (422 if problems else 200), answer.text
    async with sessions() as session:
        made = await session.scalars(select(Vehicle).where(Vehicle.plate.like("示A3000_")))
        flags = [set(vehicle.excess) for vehicle in made]
    assert flags == ([over, over] if over else [])
