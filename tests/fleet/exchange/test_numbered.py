"""Lists of acts come in row by row: new ones by their use cases, numbered ones are left."""

from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import func, select

from fleet.tables import JournalEntry
from kit.database import Sessions
from tests.fleet.exchange.sheets import API, dry_run, rows_of, send, xlsx
from tests.support.world import World, log_in


@dataclass(frozen=True)
class Case:
    """A list: who may, its headings, two good rows, bad rows with the cells that are told.

    edited: a column and what is entered there in a row that stands already
    again: what is told of the first good row when it comes once more
    """

    name: str
    username: str
    head: tuple[str, ...]
    good: tuple[tuple[object, ...], ...]
    bad: dict[str, tuple[tuple[object, ...], str]]
    action: str
    edited: tuple[str, object]
    again: str | None


_DUTY = ("驾驶员账号", "种类", "开始时间", "结束时间")
CASES = [
    Case(
        "shifts",
        "manager",
        _DUTY,
        (
            ("driver_a1", "白班", "2031-01-06 08:00", "2031-01-06 18:00"),
            ("driver_a1", "夜班", "2031-01-06 18:00", "2031-01-07 02:00"),
        ),
        {
            "C": (("driver_a1", "白班", "2031-01-06 09:00", "2031-01-06 10:00"), "shift-overlap"),
            "D": (("driver_a2", "白班", "2031-01-06 09:00", "2031-01-06 08:00"), "empty-period"),
            "A": (("clerk_a", "白班", "2031-01-06 09:00", "2031-01-06 18:00"), "no-such-driver"),
        },
        "shift.plan",
        ("种类", "备班"),
        "shift-overlap",
    ),
    Case(
        "leaves",
        "manager",
        (*_DUTY, "事由"),
        (
            ("driver_a1", "病假", "2031-02-01", "2031-02-03", "住院"),
            ("driver_a2", "年休假", "2031-02-01", "2031-02-03", "探亲"),
        ),
        {
            "C": (("driver_a1", "事假", "2031-02-02", "2031-02-04", "家事"), "leave-overlap"),
            "E": (("driver_a1", "事假", "2031-03-02", "2031-03-04", None), "required"),
        },
        "leave.grant",
        ("结束时间", "2031-02-09"),
        "leave-overlap",
    ),
    Case(
        "rosters",
        "manager",
        ("单位", "种类", "人员账号", "号牌号码", "开始时间", "结束时间"),
        (
            ("甲局", "日常值班", "driver_a1", None, "2031-01-06", "2031-01-07"),
            ("甲局", "应急备勤", None, "示A10001", "2031-01-06", "2031-01-07"),
        ),
        {
            "E": (
                ("甲局", "日常值班", "driver_a1", None, "2031-01-06", "2031-01-07"),
                "roster-overlap",
            ),
            "C": (
                ("甲局", "日常值班", "driver_a1", "示A10001", "2031-01-06", "2031-01-07"),
                "one-of-two",
            ),
            "D": (
                ("甲局", "日常值班", None, "示A77777", "2031-01-06", "2031-01-07"),
                "no-such-vehicle",
            ),
        },
        "roster.plan",
        ("备注", "改写"),
        "roster-overlap",
    ),
    Case(
        "custodies",
        "manager",
        ("号牌号码", "种类", "名称", "号码", "持有人账号", "保管地点", "保管机构"),
        (
            ("示A10001", "钥匙", "主", "K-2026-0001", "driver_a1", None, None),
            ("示A10001", "钥匙", "备用", None, None, "甲局停车场", None),
        ),
        {
            "C": (("示A10001", "钥匙", "备用", None, None, None, "甲局"), "item-there"),
            "E": (("示A10001", "加油卡", None, None, None, None, None), "one-holder"),
        },
        "custody.add",
        ("名称", "另一把"),
        "item-there",
    ),
    Case(
        "mandates",
        "secadmin",
        ("持有机构", "对象机构", "事项", "开始时间", "结束时间"),
        (
            ("甲局", "机关事务中心", "监督", "2031-01-01", "2032-01-01"),
            ("甲局", "机关事务中心", "调度", "2031-01-01", None),
        ),
        {
            "C": (("乙局", "机关事务中心", "监督", "2031-06-01", None), "mandate-held"),
            "A": (("丙局", "甲局", "监督", None, None), "no-such-organisation"),
        },
        "mandate.give",
        ("结束时间", "2033-01-01"),
        "mandate-held",
    ),
    Case(
        "standards",
        "authority",
        ("制定机构", "用途类别", "车身类型", "价格上限（元）", "排量上限（毫升）", "依据"),
        (
            ("甲局", "其他", "轿车、越野车", 110_000, 1600, "示办〔2026〕1号"),
            ("乙局", None, None, "120,000.50", None, "示办〔2026〕2号"),
        ),
        {
            "B": (("甲局", "特种专业技术", None, 110_000, 1600, "x"), "category-without-standard"),
            "C": (("甲局", None, "轿车、飞机", 110_000, 1600, "x"), "not-in-list"),
        },
        "standard.set",
        ("依据", "改写"),
        None,
    ),
    Case(
        "sealings",
        "authority",
        ("名称", "下达机构", "依据", "开始时间", "结束时间", "豁免类别"),
        (
            ("国庆封存", "甲局", "示〔2031〕1号", "2031-10-01", "2031-10-08", "应急保障、执法执勤"),
            ("国庆封存", "乙局", "示〔2031〕1号", "2031-10-01", "2031-10-08", None),
        ),
        {
            "A": (
                ("国庆封存", "甲局", "示〔2031〕1号", "2031-10-01", "2031-10-08", None),
                "sealing-stands",
            ),
            "E": (("长封存", "甲局", "x", "2031-10-01", "2033-10-08", None), "sealing-too-long"),
        },
        "sealing.order",
        ("依据", "改写"),
        "sealing-stands",
    ),
]


def told(report: dict[str, object]) -> dict[str, str]:
    return {one["cell"]: one["code"] for one in report["problems"]}  # type: ignore[attr-defined]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_list_of_acts_comes_in_all_or_nothing_and_goes_out_again(
    client: httpx.AsyncClient, world: World, sessions: Sessions, case: Case
) -> None:
    async def journalled() -> int:
        count = select(func.count()).where(
            JournalEntry.action == case.action, JournalEntry.actor_name == case.username
        )
        async with sessions() as session:
            return await session.scalar(count) or 0

    await log_in(client, case.username)
    bad = xlsx(case.head, *case.good, *(row for row, _ in case.bad.values()))
    cells = {f"{column}{n}": code for n, (column, (_, code)) in enumerate(case.bad.items(), 4)}
    assert told(await dry_run(client, case.name, bad)) == cells
    assert (await send(client, f"{case.name}/import", bad)).status_code == 422
    assert await journalled() == 0

    good = xlsx(case.head, *case.good)
    report = await dry_run(client, case.name, good)
    assert (report["add"], report["problems"]) == (2, []), report
    assert await journalled() == 0
    answer = await send(client, f"{case.name}/import", good)
    assert answer.status_code == 200, answer.text
    assert await journalled() == 2

    for form in ("xlsx", "csv"):
        out = await client.get(f"{API}/{case.name}.{form}")
        count = int(out.headers["x-row-count"])
        report = await dry_run(client, case.name, out.content)
        assert (report["rows"], report["unchanged"], report["problems"]) == (count, count, [])
    rows = rows_of((await client.get(f"{API}/{case.name}.xlsx")).content)
    top = next(n for n, row in enumerate(rows) if row[0] == "编号")
    mine = next(row for row in rows[top + 1 :] if case.good[0][0] in row)
    heading, value = case.edited
    mine[rows[top].index(heading)] = value
    assert set(told(await dry_run(client, case.name, xlsx(*rows))).values()) == {"not-by-import"}
    mine[0] = "00000000-0000-7000-8000-000000000000"
    assert set(told(await dry_run(client, case.name, xlsx(*rows))).values()) == {"no-such-row"}

    again = await dry_run(client, case.name, xlsx(case.head, case.good[0]))
    assert list(told(again).values()) == ([case.again] if case.again else [])


async def test_leave_is_told_only_to_those_who_keep_the_drivers_and_approved_by_the_importer(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    case = next(one for one in CASES if one.name == "leaves")
    await send(client, "leaves/import", xlsx(case.head, *case.good))
    rows = rows_of((await client.get(f"{API}/leaves.xlsx")).content)
    assert "住院" in str(rows)
    assert "车辆管理员" in rows[2]
    await log_in(client, "dispatcher")
    masked = str(rows_of((await client.get(f"{API}/leaves.xlsx")).content))
    assert "driver_a1" in masked
    assert "住院" not in masked
    assert "病假" not in masked
