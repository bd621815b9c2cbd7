"""Lists that go out and come in as files.

What an import may touch is tried row by row in tests/fleet/exchange; here it is tried who may.
"""

from collections.abc import Callable
from uuid import UUID

from tests.access.recipe import Ask, Outside, Recipe, hidden, listed, marked, nothing, shared
from tests.access.seeds.made import Seeds, id_of

_MARKS: dict[str, Callable[[Seeds], str]] = {
    "vehicles": lambda s: s.vehicle.plate,
    "places": lambda s: s.world.bases["a"].name,
    "drivers": lambda s: s.person("driver_a1").name,
    "people": lambda s: s.person("visitor_a").username,
    "terminals": lambda s: s.world.terminals["a1"].phone,
}


# One row of A's for each list that comes in; what it names is unknown outside A.
_ROWS: dict[str, tuple[str, str]] = {
    "vehicles": (
        "号牌号码,号牌颜色,用车单位,品牌型号,用途类别,保有方式,核定载客（人）,能源类型",
        "示A17777,蓝,甲局,轿车,其他,保留车辆,5,汽油",
    ),
    "places": (
        "名称,所属机构,类型,纬度（WGS-84）,经度（WGS-84）,半径（米）",
        "甲局东停车场,甲局,定点停放点,40.1,110.1,150",
    ),
    "drivers": ("账号,单位,准驾车型", "clerk_a,甲局,B1"),
    "people": ("账号,姓名,角色,机构", "listed_a,列入者,驾驶员,甲局"),
    "terminals": ("终端手机号,管理机构", "13911113333,甲局"),
    "organisations": ("机构名称,上级机构,机构类型", "甲局五处,甲局,用车单位"),
    "quotas": ("单位,用途类别,编制数,依据", "甲局,其他,9,编办〔2026〕2"),
    "shifts": (
        "驾驶员账号,种类,开始时间,结束时间",
        "driver_a1,白班,2041-01-06 08:00,2041-01-06 18:00",
    ),
    "leaves": (
        "驾驶员账号,种类,开始时间,结束时间,事由",
        "driver_a1,年休假,2041-02-06,2041-02-07,探亲",
    ),
    "rosters": (
        "单位,种类,号牌号码,开始时间,结束时间",
        "甲局,日常值班,示A10001,2041-01-06,2041-01-07",
    ),
    "custodies": ("号牌号码,种类,名称,保管机构", "示A10001,加油卡,列入,甲局"),
    "mandates": ("持有机构,对象机构,事项,开始时间", "甲局,甲局四处,审批,2041-01-06"),
    "standards": ("制定机构,价格上限（元）,依据", "甲局,90000,示办〔2026〕9号"),
    "sealings": (
        "名称,下达机构,依据,开始时间,结束时间",
        "列入,甲局,示〔2041〕1号,2041-10-01,2041-10-08",
    ),
}
_OUT_ELSEWHERE = ("quotas", "shifts", "leaves", "rosters", "custodies", "mandates", "standards",
                  "sealings")  # fmt: skip


def _file(name: str) -> Ask:
    headings, row = _ROWS[name]
    content = f"\ufeff{headings}\r\n{row}\r\n".encode()
    return Ask(files={"file": ("list.csv", content, "text/csv")}, marks=('"problem_count":0',))


def _imports(name: str) -> tuple[Recipe, Recipe]:
    return (
        listed(f"POST /exchange/{name}/dry-run", lambda s: _file(name)),
        Recipe(f"POST /exchange/{name}/import", Outside.UNKNOWN, lambda s: _file(name)),
    )


def _export(name: str, form: str) -> Recipe:
    if name != "organisations":
        return listed(f"GET /exchange/{name}.{form}", marked(_MARKS[name]))
    # A's name as a cell of its own: those of A's sections begin with it.
    cell = {"csv": '\n"甲局",', "xlsx": ">甲局<"}[form]
    return listed(f"GET /exchange/{name}.{form}", lambda s: Ask(marks=(cell,)))


def _of(name: str) -> list[Recipe]:
    return [
        *(_export(name, form) for form in ("csv", "xlsx")),
        shared(f"GET /exchange/{name}/template.xlsx", nothing),
        *_imports(name),
    ]


def _merger(keep: UUID, drop: UUID) -> Ask:
    return Ask(body={"keep_id": str(keep), "drop_id": str(drop), "reason": "重复登记"})


RECIPES = [
    *(recipe for name in (*_MARKS, "organisations") for recipe in _of(name)),
    *(
        recipe
        for name in _OUT_ELSEWHERE
        for recipe in (shared(f"GET /exchange/{name}/template.xlsx", nothing), *_imports(name))
    ),
    listed("GET /duplicates/vehicles", lambda s: Ask(marks=(str(id_of(s.ids["registered"])),))),
    listed("GET /duplicates/organisations", lambda s: Ask(marks=(str(id_of(s.ids["leaf"])),))),
    hidden(
        "POST /duplicates/vehicles/merge",
        lambda s: _merger(s.world.vehicles["a2"].id, id_of(s.ids["registered"])),
    ),
    hidden(
        "POST /duplicates/organisations/merge",
        lambda s: _merger(id_of(s.ids["heir"]), id_of(s.ids["leaf"])),
    ),
]
