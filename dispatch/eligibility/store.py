"""SQL behind a suggestion: vehicles and drivers of a scope, until when busy, sealed, away.

A few statements over sets, whatever the number of vehicles; what few have is asked for by itself.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from typing import Any

import numpy as np
from sqlalchemy import Row, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import BigInteger, DateTime, Text

from dispatch.eligibility.choices import DriverChoice
from dispatch.eligibility.columns import Choices, Coded, Fixes, coded, coded_by_no
from dispatch.eligibility.facts_of import Asked, facts_of
from dispatch.eligibility.weeks import week_s_of_drivers
from dispatch.orders.states import OUT, PROMISED
from dispatch.roads.network import LatLon
from dispatch.sealed.sealed import sealed_in
from fleet.sealings.standing import UnitVehicle
from fleet.vehicles.words import Body, LifeState

_TYPES: dict[str, Any] = {
    "scope": ARRAY(BigInteger),
    "nos": ARRAY(BigInteger),
    "promised": ARRAY(Text),
    "out": ARRAY(Text),
    "period": TSTZRANGE,
    "day": TSTZRANGE,
    "now": DateTime(timezone=True),
}


def _statement(sql: str) -> TextClause:
    found = [bindparam(name, type_=kind) for name, kind in _TYPES.items() if f":{name}" in sql]
    return text(sql).bindparams(*found)


_VEHICLES = _statement("""
    SELECT v.no, v.seats, v.body, v.category, v.holding, v.state, u.organisation_no, u.base_no
    FROM vehicle v
    JOIN vehicle_unit u ON u.vehicle_no = v.no AND u.period @> :now
    WHERE u.organisation_no = ANY(:scope) AND v.withdrawn_at IS NULL
    ORDER BY v.no
""")
_BASES = _statement("SELECT no, latitude, longitude FROM place WHERE no = ANY(:nos)")
_BUSY = _statement("""
    SELECT vehicle_no, driver_no, upper(period) FROM orders
    WHERE state = ANY(:promised) AND period && :period
""")
_OVERDUE = _statement("""
    SELECT vehicle_no, min(upper(period)) FROM orders
    WHERE state = ANY(:out) AND upper(period) <= :now AND vehicle_no IS NOT NULL
    GROUP BY vehicle_no
""")
_DRIVERS = _statement("""
    SELECT d.no, u.organisation_no,
           coalesce(l.licence_class, d.licence_class),
           CASE WHEN l.no IS NULL THEN d.licence_until ELSE l.licence_until END
    FROM driver d
    JOIN driver_unit u ON u.driver_no = d.no AND u.period @> :now
    JOIN person p ON p.no = d.person_no AND p.disabled_at IS NULL
    LEFT JOIN driver_licence l
           ON l.driver_no = d.no AND l.period @> upper(CAST(:period AS tstzrange))
    WHERE u.organisation_no = ANY(:scope)
    ORDER BY d.no
""")
_ON_LEAVE = _statement("""
    SELECT DISTINCT driver_no FROM driver_leave WHERE withdrawn_at IS NULL AND period && :period
""")
# Who has shifts on that day, and begins the ride in none of them.
_OFF_SHIFT = _statement("""
    SELECT driver_no FROM duty_shift
    WHERE withdrawn_at IS NULL AND period && :day
    GROUP BY driver_no
    HAVING NOT bool_or(period @> lower(CAST(:period AS tstzrange)))
""")
_DUTY = _statement("""
    SELECT driver_no, sum(extract(epoch FROM upper(period * :day) - lower(period * :day)))::bigint
    FROM orders
    WHERE state <> 'cancelled' AND period && :day AND driver_no IS NOT NULL
    GROUP BY driver_no
""")


async def read_choices(
    session: AsyncSession, scope: Collection[int], ride: Asked, *, breaks_seals: bool = False
) -> Choices:
    """Return the vehicles that units of the scope use now, seen nowhere yet.

    breaks_seals: whether vehicles that stand sealed in the period may serve all the same
    """
    asked = {
        "scope": sorted(scope),
        "promised": [str(state) for state in PROMISED],
        "out": [str(state) for state in OUT],
        "period": ride.period,
        "day": ride.day,
        "now": ride.now,
    }
    start = ride.period.lower
    assert start is not None
    rows = (await session.execute(_VEHICLES, asked)).all()
    nos, seats, bodies, categories, holdings, states, units, bases = _columns(rows, 8)
    around = list(map(UnitVehicle, nos, units, categories))
    busy = await _busy(session, asked)
    drivers = await _drivers_by_unit(session, asked, busy.drivers, start)
    few: dict[str, Mapping[int, Hashable]] = {
        **await facts_of(session, around, ride),
        "busy_until": busy.vehicles,
        "overdue_since": await _by_no(session, _OVERDUE, asked),
    }
    if not breaks_seals:
        sealed = await sealed_in(session, around, ride.period, ride.now)
        few["sealed_by"] = {no: one.name for no, one in sealed.items()}
    vehicle_nos, by_unit = np.array(nos, dtype=np.int64), coded(units)
    facts = {
        "unit_no": by_unit,
        "seats": coded(seats),
        "category": coded(categories),
        "holding": coded(holdings),
        "body": coded(bodies).of(lambda body: Body(body) if body else None),
        "state": coded(states).of(LifeState),
        "base": await _bases(session, coded(bases)),
        "drivers": by_unit.of(lambda unit: drivers.get(unit, ())),
        **{name: coded_by_no(vehicle_nos, name, told) for name, told in few.items()},
    }
    return Choices(vehicle_nos, facts, Fixes.nowhere(len(nos)))


@dataclass(frozen=True, slots=True)
class _Busy:
    """Until when vehicles and drivers are promised to orders that overlap the period."""

    vehicles: Mapping[int, datetime]
    drivers: Mapping[int, datetime]


async def _busy(session: AsyncSession, asked: Mapping[str, object]) -> _Busy:
    vehicles: dict[int, datetime] = {}
    drivers: dict[int, datetime] = {}
    for vehicle_no, driver_no, end in (await session.execute(_BUSY, asked)).all():
        for no, until in ((vehicle_no, vehicles), (driver_no, drivers)):
            if no is not None:
                until[no] = max(until.get(no, end), end)
    return _Busy(vehicles, drivers)


async def _by_no(
    session: AsyncSession, statement: TextClause, asked: Mapping[str, object]
) -> dict[int, Any]:
    """Return the second column by the first, a number."""
    return {row[0]: row[1] for row in (await session.execute(statement, asked)).all()}


async def _bases(session: AsyncSession, base_nos: Coded) -> Coded:
    nos = [no for no in base_nos.values if no is not None]
    points: dict[object, LatLon] = {}
    if nos:
        rows = (await session.execute(_BASES, {"nos": nos})).all()
        points = {no: (latitude, longitude) for no, latitude, longitude in rows}
    return base_nos.of(points.get)


async def _drivers_by_unit(
    session: AsyncSession,
    asked: Mapping[str, object],
    busy: Mapping[int, datetime],
    start: datetime,
) -> dict[int, list[DriverChoice]]:
    rows = (await session.execute(_DRIVERS, asked)).all()
    nos, units, classes, untils = _columns(rows, 4)
    on_leave = set(await session.scalars(_ON_LEAVE, asked))
    off_shift = set(await session.scalars(_OFF_SHIFT, asked))
    duty_s = await _by_no(session, _DUTY, asked)
    week_s = await week_s_of_drivers(session, start)
    made = map(
        DriverChoice,
        nos,
        classes,
        untils,
        map(busy.get, nos),
        map(duty_s.get, nos, repeat(0)),
        map(on_leave.__contains__, nos),
        map(off_shift.__contains__, nos),
        map(week_s.get, nos, repeat(0)),
    )
    by_unit: dict[int, list[DriverChoice]] = defaultdict(list)
    for unit, driver in zip(units, made, strict=True):
        by_unit[unit].append(driver)
    return by_unit


# Statements in words of SQL say nothing of their columns' types.
def _columns(rows: Sequence[Row[tuple[Any, ...]]], width: int) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width
