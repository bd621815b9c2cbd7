"""Who and what there is in the demo world: pure values, the same in every run.

One bureau with mandates over eight units; two hundred vehicles of which eighty are the platform's,
two hundred and twenty drivers, and everybody who applies, approves, files, dispatches, supervises
and administers. Nobody in it exists. Names are unique, so that a name tells an account.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from random import Random

from fleet.vehicles.plates import PlateColour
from fleet.words import Category, Energy, Holding, Role

CITY_SEED = 7
PASSWORD = "gongche-demo"  # noqa: S105  (exists only with --demo, and is printed by it)

BUREAU = "bureau"
BUREAU_NAME = "示范市机关事务管理局"
UNITS: dict[str, str] = {
    "water": "示范市水务管理局",
    "farm": "示范市农业农村局",
    "education": "示范市教育局",
    "health": "示范市卫生健康局",
    "transport": "示范市交通运输局",
    "culture": "示范市文化旅游局",
    "emergency": "示范市应急管理局",
    "housing": "示范市住房建设局",
}
UNIT_BASES = (4, 4, 3, 4, 0, 4, 1, 4)
"""Most units park in the centre, where the offices are: their rides are short."""
UNIT_VEHICLES, POOL_VEHICLES = 15, 80
UNIT_DRIVERS, POOL_DRIVERS = 16, 92
APPLICANTS = 4


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody with an account; `unit` is a key of UNITS, or BUREAU."""

    username: str
    name: str
    role: Role
    unit: str
    phone: str
    licence_class: str | None = None


@dataclass(frozen=True, slots=True)
class Car:
    """A vehicle with its terminal; `base` counts the city's bases."""

    plate: str
    plate_colour: PlateColour
    model: str
    category: Category
    seats: int
    energy: Energy
    holding: Holding
    unit: str
    base: int
    phone: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of car: how it is called, and how many of ten (pool, units) are of it."""

    model: str
    category: Category
    seats: int
    energy: Energy
    colour: PlateColour = PlateColour.BLUE


_SEDAN = _Kind("轿车 1.5T", Category.OTHER_PRESCRIBED, 5, Energy.PETROL)
_ELECTRIC = _Kind("纯电动轿车", Category.OTHER_PRESCRIBED, 5, Energy.ELECTRIC, PlateColour.GREEN)
_HYBRID = _Kind("混合动力轿车", Category.OTHER_PRESCRIBED, 5, Energy.HYBRID)
_MPV = _Kind("商务车 2.0T", Category.OTHER_PRESCRIBED, 7, Energy.PETROL)
_MINIBUS = _Kind("中型客车", Category.OTHER_PRESCRIBED, 19, Energy.DIESEL, PlateColour.YELLOW)
_COACH = _Kind("大型客车", Category.OTHER_PRESCRIBED, 35, Energy.DIESEL, PlateColour.YELLOW)
_READY = _Kind("应急保障越野车", Category.EMERGENCY, 5, Energy.DIESEL)
_COURIER = _Kind("机要通信车", Category.CONFIDENTIAL_COURIER, 5, Energy.PETROL)
_ENFORCER = _Kind("执法执勤车", Category.ENFORCEMENT, 5, Energy.PETROL)
_POOL = (_ELECTRIC, _SEDAN, _MPV, _ELECTRIC, _HYBRID, _SEDAN, _MPV, _ELECTRIC, _MINIBUS, _SEDAN)
_UNIT = (_SEDAN, _ELECTRIC, _MPV, _READY, _HYBRID, _SEDAN, _COURIER, _ENFORCER, _ELECTRIC, _MPV)

_BUREAU_STAFF = (
    ("dispatcher", Role.DISPATCHER),
    ("supervisor", Role.SUPERVISOR_OFFICER),
    ("manager", Role.FLEET_MANAGER),
    ("authority", Role.AUTHORITY_APPROVER),
    ("finance", Role.FINANCE),
    ("bureau_approver", Role.UNIT_APPROVER),
    ("sysadmin", Role.SYSTEM_ADMINISTRATOR),
    ("secadmin", Role.SECURITY_ADMINISTRATOR),
    ("auditor", Role.AUDIT_ADMINISTRATOR),
)

ROLE_LABELS: dict[Role, str] = {
    Role.APPLICANT: "申请人",
    Role.UNIT_CLERK: "用车管理员",
    Role.UNIT_APPROVER: "用车审核领导",
    Role.AUTHORITY_APPROVER: "主管部门审批人",
    Role.DISPATCHER: "调度员",
    Role.DRIVER: "驾驶员",
    Role.FLEET_MANAGER: "车辆管理员",
    Role.FINANCE: "财务人员",
    Role.SUPERVISOR_OFFICER: "监督人员",
    Role.SYSTEM_ADMINISTRATOR: "系统管理员",
    Role.SECURITY_ADMINISTRATOR: "安全保密管理员",
    Role.AUDIT_ADMINISTRATOR: "安全审计员",
}

_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = "安宁和平立新建明思远文博志诚雨晴晓岚海川云帆子涵若溪景行知秋怀瑾长青"


@cache
def staff() -> tuple[Staff, ...]:
    """Return everybody, the bureau first."""
    return tuple(_staff())


@cache
def cars() -> tuple[Car, ...]:
    """Return every vehicle: the platform's, then each unit's."""
    return tuple(_cars())


def accounts() -> list[tuple[str, str, str]]:
    """Return (username, role and organisation, password) of the accounts worth trying first."""
    shown = [one for one in staff() if one.unit == BUREAU and one.role is not Role.DRIVER]
    in_a_unit = (Role.APPLICANT, Role.UNIT_APPROVER, Role.UNIT_CLERK, Role.DRIVER)
    shown += [of(role, "water")[0] for role in in_a_unit]
    return [
        (one.username, f"{ROLE_LABELS[one.role]} · {organisation_name(one.unit)}", PASSWORD)
        for one in shown
    ]


def organisation_name(unit: str) -> str:
    """Return the name of a unit, or of the bureau."""
    return BUREAU_NAME if unit == BUREAU else UNITS[unit]


def of(role: Role, unit: str | None = None) -> list[Staff]:
    """Return everybody of a role, of one unit if it is given."""
    return [one for one in staff() if one.role is role and unit in (None, one.unit)]


def _staff() -> Iterator[Staff]:
    names = _names()
    phones = (f"1990001{n:04d}" for n in range(10_000))

    def one(username: str, role: Role, unit: str, licence: str | None = None) -> Staff:
        return Staff(username, next(names), role, unit, next(phones), licence)

    for username, role in _BUREAU_STAFF:
        yield one(username, role, BUREAU)
    for n in range(1, POOL_DRIVERS + 1):
        yield one(f"driver_pool_{n}", Role.DRIVER, BUREAU, "A1" if n % 4 == 0 else "B1")
    for unit in UNITS:
        yield one(f"approver_{unit}", Role.UNIT_APPROVER, unit)
        yield one(f"clerk_{unit}", Role.UNIT_CLERK, unit)
        for n in range(1, APPLICANTS + 1):
            yield one(f"applicant_{unit}_{n}", Role.APPLICANT, unit)
        for n in range(1, UNIT_DRIVERS + 1):
            yield one(f"driver_{unit}_{n}", Role.DRIVER, unit, "B1" if n % 3 == 0 else "C1")


def _names() -> Iterator[str]:
    """Names of three characters, none twice."""
    given = [_GIVEN[n : n + 2] for n in range(0, len(_GIVEN), 2)]
    names = [family + name for family, name in product(_FAMILY, given)]
    Random(CITY_SEED).shuffle(names)
    yield from names
    yield from (name[0] + name[2] for name in names)


def _cars() -> Iterator[Car]:
    phones = (f"1980001{n:04d}" for n in range(10_000))
    for n in range(POOL_VEHICLES):
        kind = _COACH if n % 20 == 18 else _POOL[n % len(_POOL)]
        yield _car(kind, "A", n, Holding.POOL, BUREAU, n % 6, next(phones))
    for number, unit in enumerate(UNITS):
        letter = "BCDEFGHJ"[number]
        for n in range(UNIT_VEHICLES):
            kind = _UNIT[n % len(_UNIT)]
            yield _car(kind, letter, n, Holding.RETAINED, unit, UNIT_BASES[number], next(phones))


def _car(
    kind: _Kind, letter: str, n: int, holding: Holding, unit: str, base: int, phone: str
) -> Car:
    number = f"D{10_001 + n}" if kind.colour is PlateColour.GREEN else f"{10_001 + n}"
    return Car(
        plate=f"示{letter}{number}",
        plate_colour=kind.colour,
        model=kind.model,
        category=kind.category,
        seats=kind.seats,
        energy=kind.energy,
        holding=holding,
        unit=unit,
        base=base,
        phone=phone,
    )
