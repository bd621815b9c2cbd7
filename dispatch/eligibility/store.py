"""SQL behind a suggestion: vehicles and drivers of a scope, until when busy, sealed, away.

A few statements over sets, whatever the number of vehicles; what few have is asked for by itself.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.columns import (
    UNSEEN,
    Choices,
    Coded,
    Fixes,
    Ints,
    coded,
    coded_by_no,
    coded_instants,
    coded_numbers,
)
from dispatch.eligibility.facts_of import Asked, facts_of
from dispatch.eligibility.need import Limits
from dispatch.eligibility.sent import instants, spread, whole
from dispatch.eligibility.staff_store import crews_by_unit
from dispatch.eligibility.statements import statement
from dispatch.orders.states import OUT, PROMISED
from dispatch.roads.network import LatLon
from dispatch.sealed.sealed import sealed_in
from fleet.sealings.standing import UnitVehicle
from fleet.vehicles.words import Body, LifeState
from fleet.words import Energy

_SENT = 8
"""The bytes of a number that was sent."""

# 0 stands for no vehicle, driver or place; numbers begin with one. Of thousands of vehicles some
# dozens of kinds differ in words, and words take longest to be sent.
_VEHICLES = statement("""
    SELECT v.category, v.holding, v.body, v.state, v.energy,
           string_agg(int8send(v.no), '') AS nos,
           string_agg(int8send(u.organisation_no), '') AS units,
           string_agg(int8send(v.seats), '') AS seats,
           string_agg(int8send(coalesce(u.base_no, 0)), '') AS bases
    FROM vehicle_unit u
    JOIN vehicle v ON v.no = u.vehicle_no AND v.withdrawn_at IS NULL
    WHERE u.organisation_no = ANY(:scope) AND u.period @> :now
    GROUP BY v.category, v.holding, v.body, v.state, v.energy
""")
_BASES = statement("SELECT no, latitude, longitude FROM place WHERE no = ANY(:nos)")
# Whoever is out is out on one order.
_HELD = statement("""
    SELECT busy.*, overdue.*
    FROM (
        SELECT string_agg(int8send(coalesce(vehicle_no, 0)), ''),
               string_agg(int8send(coalesce(driver_no, 0)), ''),
               string_agg(timestamptz_send(upper(period)), '')
        FROM orders
        WHERE state = ANY(:promised) AND period && :period AND id IS DISTINCT FROM :apart_from
    ) busy, (
        SELECT string_agg(int8send(coalesce(vehicle_no, 0)), ''),
               string_agg(int8send(coalesce(driver_no, 0)), ''),
               string_agg(timestamptz_send(upper(period)), '')
        FROM orders
        WHERE state = ANY(:out) AND upper(period) <= :now AND id IS DISTINCT FROM :apart_from
    ) overdue
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
        "apart_from": ride.apart_from,
    }
    kinds = (await session.execute(_VEHICLES, asked)).all()
    kind = np.repeat(np.arange(len(kinds)), [len(one.nos) // _SENT for one in kinds])
    nos = _joined([one.nos for one in kinds])
    order = np.argsort(nos)
    nos, kind = nos[order], kind[order]
    units, seats, bases = (
        coded_numbers(_joined(sent)[order])
        for sent in (
            [one.units for one in kinds],
            [one.seats for one in kinds],
            [one.bases for one in kinds],
        )
    )
    category = coded([one.category for one in kinds]).take(kind)
    is_electric = np.array([one.energy == Energy.ELECTRIC for one in kinds], dtype=np.bool_)[kind]
    busy, overdue = await _held(session, asked)
    taken = busy.drivers_and(overdue) if _is_immediate(ride) else (busy.drivers, busy.until)
    crews = await crews_by_unit(session, ride, asked, taken)
    unit_of = dict(zip(nos.tolist(), units, strict=True))
    few = await facts_of(session, unit_of, ride, electric=nos[is_electric].tolist())
    if not breaks_seals:
        around = _Around(nos, units, category)
        sealed = await sealed_in(session, around, ride.period, ride.now)
        few["sealed_by"] = {no: one.name for no, one in sealed.items()}
    facts = {
        "unit_no": units,
        "seats": seats,
        "category": category,
        "holding": coded([one.holding for one in kinds]).take(kind),
        "body": coded([Body(one.body) if one.body else None for one in kinds]).take(kind),
        "state": coded([LifeState(one.state) for one in kinds]).take(kind),
        "base": await _bases(session, bases),
        "drivers": units.of(lambda unit: crews.get(unit, ())),
        "busy_until": coded_instants(spread(nos, busy.vehicles, busy.until, int(UNSEEN))),
        "overdue_since": coded_instants(spread(nos, overdue.vehicles, overdue.until, int(UNSEEN))),
        **{name: coded_by_no(nos, name, by_no) for name, by_no in few.items()},
    }
    return Choices(nos, facts, Fixes.nowhere(len(nos)))


@dataclass(frozen=True, slots=True)
class _Held:
    """Orders that hold somebody: which vehicle and driver (or 0), until when by their plan."""

    vehicles: Ints
    drivers: Ints
    until: Ints

    def drivers_and(self, more: "_Held") -> tuple[Ints, Ints]:
        """Return the drivers of both, and until when."""
        return (
            np.concatenate([self.drivers, more.drivers]),
            np.concatenate([self.until, more.until]),
        )


async def _held(session: AsyncSession, asked: Mapping[str, object]) -> tuple[_Held, _Held]:
    """Return the orders that overlap the ride, and those from which nobody is back by their end."""
    told = (await session.execute(_HELD, asked)).one()
    busy, overdue = (
        _Held(whole(vehicles), whole(drivers), instants(until))
        for vehicles, drivers, until in (told[:3], told[3:])
    )
    return busy, overdue


def _joined(sent: Sequence[bytes]) -> Ints:
    """Return the numbers that were sent of one kind after another."""
    return whole(b"".join(sent))


def _is_immediate(ride: Asked) -> bool:
    """Whether whoever is out beyond their plan may still be out when the ride begins."""
    start = ride.period.lower
    return start is not None and start <= ride.now + timedelta(seconds=Limits().immediate_s)


async def _bases(session: AsyncSession, base_nos: Coded) -> Coded:
    nos = [no for no in base_nos.values if no != 0]
    points: dict[object, LatLon] = {}
    if nos:
        rows = (await session.execute(_BASES, {"nos": nos})).all()
        points = {no: (latitude, longitude) for no, latitude, longitude in rows}
    return base_nos.of(points.get)


class _Around(Collection[UnitVehicle]):
    """The vehicles as sealings ask for them; none is made while no sealing stands."""

    def __init__(self, nos: Ints, units: Coded, categories: Coded) -> None:
        self._nos, self._units, self._categories = nos, units, categories

    def __len__(self) -> int:
        return len(self._nos)

    def __iter__(self) -> Iterator[UnitVehicle]:
        return map(UnitVehicle, self._nos.tolist(), self._units, self._categories)

    def __contains__(self, one: object) -> bool:
        return any(one == other for other in self)
