"""Vehicles come and go as spreadsheets: all or nothing, and every bad row is named."""

import logging

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from fleet.acts import Act, period
from fleet.errors import PlateTaken
from fleet.exchange.files import read_file
from fleet.exchange.knowing import everything, load_known
from fleet.exchange.lists.vehicle_writer import VehicleWriter
from fleet.exchange.lists.vehicles import VEHICLES
from fleet.exchange.plan import RowRefused
from fleet.exchange.tables import read_rows
from fleet.permissions import Permission as P
from fleet.quotas.setting import set_quota
from fleet.rules.keys import Excess, RuleKey
from fleet.tables import JournalEntry, Organisation, RuleValue, Vehicle
from fleet.vehicles.plates import PlateColour
from fleet.vehicles.register import add_vehicle
from fleet.vehicles.secrecy import plate_digest
from fleet.words import Category, Energy, Holding
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.settings import Settings
from tests.fleet.exchange.sheets import API, dry_run, rows_of, send, xlsx
from tests.fleet.vehicles.test_secrecy import everything_in
from tests.support.world import World, log_in

HEAD = ("号牌号码", "号牌颜色", "用车单位", "品牌型号", "用途类别", "保有方式", "核定载客（人）",
        "能源类型", "车辆识别代号", "涉密")  # fmt: skip


def car(plate: object, unit: str = "甲局", **changes: object) -> list[object]:
    values = dict(
        zip(
            HEAD,
            (plate, "蓝", unit, "轿车", "其他", "保留车辆", 5, "汽油", None, None),
            strict=True,
        )
    )
    return list((values | changes).values())


async def vehicles(sessions: Sessions) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(Vehicle)) or 0


async def test_an_import_adds_vehicles_and_journals_each(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    file = xlsx(HEAD, car("示A·30001"), car("示A30002", **{"核定载客（人）": "7"}))
    report = await dry_run(client, "vehicles", file)
    assert (report["rows"], report["add"], report["problem_count"]) == (2, 2, 0), report
    before = await vehicles(sessions)
    answer = await send(client, "vehicles/import", file)
    assert answer.status_code == 200, answer.text
    assert await vehicles(sessions) == before + 2
    listed = (await client.get("/api/v1/vehicles?q=30002")).json()["items"]
    assert (listed[0]["plate"], listed[0]["seats"]) == ("示A30002", 7)
    async with sessions() as session:
        actions = (
            await session.scalars(
                select(JournalEntry.action).where(JournalEntry.actor_name == "manager")
            )
        ).all()
    assert actions.count("vehicle.add") == 2
    assert actions.count("list.import") == 1


async def test_a_bad_row_is_named_by_cell_and_nothing_is_imported(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    file = xlsx(
        HEAD,
        car("示A30001"),
        car("示A30002", "丙局"),
        car("示A30003", **{"核定载客（人）": "=2+3"}),
        car("示A3OOO4"),
        car("示A30001"),
        car("示B10001", **{"车辆识别代号": "LSVAA49J1320473I1"}),
        car("示A30005", **{"能源类型": "蒸汽", "品牌型号": None}),
    )
    report = await dry_run(client, "vehicles", file)
    problems = {p["cell"]: p["code"] for p in report["problems"]}  # type: ignore[attr-defined]
    assert problems == {
        "C3": "no-such-organisation",
        "G4": "formula",
        "A5": "near-plate",
        "A6": "twice-in-file",
        "I7": "bad-form",
        "D8": "required",
        "H8": "not-in-list",
    }
    before = await vehicles(sessions)
    answer = await send(client, "vehicles/import", file)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/import-refused"
    assert answer.json()["report"]["problem_count"] == 7
    assert await vehicles(sessions) == before


async def test_what_is_exported_can_be_imported_and_changes_nothing(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    for form in ("xlsx", "csv"):
        exported = await client.get(f"{API}/vehicles.{form}")
        assert exported.status_code == 200, exported.text
        assert exported.headers["x-row-count"] == "8"
        report = await dry_run(client, "vehicles", exported.content)
        assert (report["rows"], report["unchanged"], report["problems"]) == (8, 8, [])


async def test_an_export_holds_the_scope_and_no_more(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "clerk_a")
    rows = rows_of((await client.get(f"{API}/vehicles.xlsx")).content)
    assert {row[0] for row in rows[1:]} == {"示A10001", "示A10002", "示A10003"}
    other = world.organisations["b"].id
    assert (await client.get(f"{API}/vehicles.csv?organisation_id={other}")).status_code == 404
    assert (await send(client, "vehicles/dry-run", b"x")).status_code == 403
    async with sessions() as session:
        entry = await session.scalar(
            select(JournalEntry).where(JournalEntry.action == "list.export")
        )
    assert entry is not None
    assert entry.after == {"list": "vehicles", "form": "xlsx", "count": 3}


async def test_a_refused_secret_vehicle_leaves_no_plate(
    client: httpx.AsyncClient,
    world: World,
    database_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await log_in(client, "manager")
    file = xlsx(
        HEAD,
        car("示AKVXJ9", 涉密="涉密"),
        car("示AKVX9O", 涉密="涉密"),
        # Whatever else is wrong with a secret vehicle's row is not told, nor what stands there.
        car(
            "示AKVXJ9",
            涉密="涉密",
            号牌颜色="绿的KVXJ9",
            品牌型号="示AKVXJ9 轿车",
            能源类型="KVXJ9",
        ),
        car("示AKVXJ9", 涉密="绝密KVXJ9", 能源类型="KVXJ9"),
        car("示AKVXJ8", 能源类型="蒸汽"),
    )
    caplog.set_level(logging.DEBUG)
    told = ""
    for path in ("vehicles/dry-run", "vehicles/import"):
        answer = await send(client, path, file)
        body = answer.json().get("report", answer.json())
        assert [(p["cell"], p["code"]) for p in body["problems"]] == [
            ("A2", "secret-vehicle-refused"),
            ("A3", "secret-vehicle-refused"),
            ("A4", "secret-vehicle-refused"),
            ("J5", "not-in-list"),
            ("H6", "not-in-list"),
        ]
        told += answer.text
    left = told + caplog.text + everything_in(database_url)
    assert "示A10001" in left
    # Digits alone are met by chance in an identifier or a digest, as are three letters.
    assert "KVXJ" not in left
    assert "KVX9" not in left


async def test_a_plate_of_the_operators_list_is_told_as_secret_before_anything_else(
    client: httpx.AsyncClient, world: World, app: FastAPI, settings: Settings
) -> None:
    key = b"a key of the operator"
    app.state.settings = settings.model_copy(update={"plate_refusal_key": key.decode()})
    await log_in(client, "secadmin")
    listed = {
        "key_check": plate_digest("", key).hex(),
        "digests": [plate_digest("示A39999", key).hex()],
    }
    assert (await client.put("/api/v1/plate-refusals", json=listed)).status_code == 200
    await log_in(client, "manager")
    file = xlsx(HEAD, car("示A 39999", "丙局", 能源类型="蒸汽"))
    answer = await send(client, "vehicles/dry-run", file)
    (problem,) = answer.json()["problems"]
    assert (problem["cell"], problem["code"]) == ("A2", "secret-vehicle-refused")
    assert "39999" not in answer.text


async def test_a_plate_that_contradicts_the_energy_is_refused_or_warned_of(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    file = xlsx(
        HEAD,
        car("示AD30001", 号牌颜色="绿"),
        car("示AD30002", 号牌颜色="蓝", 能源类型="纯电动"),
        car("示AD30003", 号牌颜色="绿", 能源类型="混合动力"),
        car("示AF30004", 号牌颜色="绿", 能源类型="混合动力"),
        car("示A30005", 能源类型="纯电动"),
    )
    report = await dry_run(client, "vehicles", file)
    problems = [(p["cell"], p["code"]) for p in report["problems"]]  # type: ignore[attr-defined]
    assert problems == [("H2", "plate-energy-mismatch"), ("B3", "plate-colour-mismatch")]
    warned = [(p["cell"], p["code"]) for p in report["warnings"]]  # type: ignore[attr-defined]
    assert warned == [("H4", "plate-energy")]


async def test_a_vehicle_that_will_be_flagged_is_warned_of_on_its_row(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    async with transaction(sessions) as session:
        await set_quota(
            session,
            Act(actor=None, now=world.since),
            organisation=world.organisations["a"],
            category=Category.EMERGENCY,
            count=1,
            basis="编制批复 1 号",
        )
    await log_in(client, "manager")
    head = (*HEAD, "购置价（元）")
    file = xlsx(
        head,
        *([*car(f"示A3000{n}", 用途类别="应急保障"), None] for n in (1, 2)),
        [*car("示A30003"), 900_000],
        [*car("示A30004"), 90_000],
    )
    report = await dry_run(client, "vehicles", file)
    warned = [(p["cell"], p["code"]) for p in report["warnings"]]  # type: ignore[attr-defined]
    assert warned == [("E2", "over-quota"), ("E3", "over-quota"), ("K4", "over-standard")]
    assert (await send(client, "vehicles/import", file)).status_code == 200
    listed = (await client.get("/api/v1/vehicles?q=示A3000")).json()["items"]
    assert [one["excess"] for one in listed] == [["over_quota"]] * 2 + [["over_standard"], []]


async def test_the_template_itself_imports_nothing(client: httpx.AsyncClient, world: World) -> None:
    await log_in(client, "manager")
    blank = (await client.get(f"{API}/vehicles/template.xlsx")).content
    report = await dry_run(client, "vehicles", blank)
    assert (report["rows"], report["example_rows"], report["problems"]) == (0, 1, [])
    assert report["ignored_columns"] == []


async def test_a_vehicle_found_twice_is_offered_for_merging(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    report = await dry_run(client, "vehicles", xlsx(HEAD, car("示A10001", 号牌颜色="黄")))
    (double,) = report["doubles"]  # type: ignore[misc]
    assert (double["same"], double["with_name"]) == ("plate", "示A10001")


async def test_a_changed_row_changes_only_what_differs(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    rows = rows_of((await client.get(f"{API}/vehicles.xlsx")).content)
    seats, base = rows[0].index("核定载客（人）"), rows[0].index("定点停放点")
    rows[1][seats], rows[2][base] = 7, "乙局停车场"
    file = xlsx(*rows)
    report = await dry_run(client, "vehicles", file)
    assert (report["change"], report["unchanged"], report["problems"]) == (2, 6, [])
    assert (await send(client, "vehicles/import", file)).status_code == 200
    listed = (await client.get("/api/v1/vehicles")).json()["items"]
    assert (listed[0]["seats"], listed[1]["base"]["name"]) == (7, "乙局停车场")
    unit = rows[0].index("用车单位")
    rows[1][unit] = "乙局"
    refused = await dry_run(client, "vehicles", xlsx(*rows))
    assert [p["code"] for p in refused["problems"]] == ["not-by-import"]  # type: ignore[attr-defined]


async def test_a_dry_run_names_all_that_the_rules_of_vehicles_would_refuse(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    bureau = world.organisations["bureau"].no
    async with transaction(sessions) as session:
        for key in (RuleKey.OVER_QUOTA, RuleKey.OVER_STANDARD):
            session.add(
                RuleValue(
                    organisation_no=bureau,
                    key=key,
                    version=1,
                    value=Excess.REFUSE.value,
                    open_below=False,
                    period=period(world.since),
                )
            )
        await set_quota(
            session,
            Act(actor=None, now=world.since),
            organisation=world.organisations["a"],
            category=Category.EMERGENCY,
            count=1,
            basis="编制批复 1 号",
        )
    await log_in(client, "manager")
    head, *rows = rows_of((await client.get(f"{API}/vehicles.xlsx")).content)
    at = {str(heading): place for place, heading in enumerate(head)}
    in_a = [row for row in rows if row[at["用车单位"]] == "甲局"]
    in_a[0][at["用途细类"]] = "none_such"
    in_a[1][at["用途类别"]] = in_a[2][at["用途类别"]] = "应急保障"
    dear, bad = [row for row in rows if row not in in_a][:2]
    dear[at["购置价（元）"]], bad[at["核定载客（人）"]] = 900_000, "many"
    file = xlsx(head, *rows)
    report = await dry_run(client, "vehicles", file)
    found = {(p["row"], p["code"]) for p in report["problems"]}  # type: ignore[attr-defined]
    lines = {id(row): line for line, row in enumerate(rows, start=2)}
    assert found == {
        (lines[id(in_a[0])], "unknown-use-type"),
        (lines[id(in_a[1])], "over-quota"),
        (lines[id(in_a[2])], "over-quota"),
        (lines[id(dear)], "over-standard"),
        (lines[id(bad)], "number-wanted"),
    }


async def test_a_row_that_is_taken_meanwhile_is_named_among_many(
    world: World, sessions: Sessions, settings: Settings
) -> None:
    act = Act(None, utc_now())
    plates = [f"示A300{n:02d}" for n in range(40)]
    table = read_file(xlsx(HEAD, *(car(plate) for plate in plates)))
    async with sessions() as session:
        extent = await everything(session)
        known = await load_known(session, VEHICLES, P.VEHICLE_WRITE, extent, act.now, settings)
        plan, rows = read_rows(VEHICLES, table, known)
        writer = VehicleWriter()
        await writer.plan(session, VEHICLES, known, rows, plan)
        assert plan.problems == []
        await add_vehicle(
            session,
            act,
            plate=plates[23],
            plate_colour=PlateColour.BLUE,
            model="轿车",
            category=Category.OTHER_PRESCRIBED,
            seats=5,
            energy=Energy.PETROL,
            holding=Holding.RETAINED,
            organisation=await session.get_one(Organisation, world.organisations["b"].no),
            demo=True,
        )
        with pytest.raises(RowRefused) as refused:
            await writer.apply(session, act, known, plan, lambda _done, _of: None)
    # Row 1 holds the headings.
    assert (refused.value.row, type(refused.value.error)) == (2 + 23, PlateTaken)
