"""Asks the rules about a vehicle and a driver that somebody chose by hand.

Hard rules refuse; soft ones are told, and whoever has read them overrides them with a reason, which
the order and the journal keep with what was overridden. Which are which stands in `rules/hard.py`.
What the booking itself checks under its locks (seats, seals, licences, leave, other orders) isn't
asked again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.checks.errors import VehicleDefective
from dispatch.eligibility.asking import need_of
from dispatch.eligibility.choices import DriverChoice, VehicleChoice
from dispatch.eligibility.errors import OverrideNeedsReason
from dispatch.eligibility.facts_of import Asked, Facts, facts_of
from dispatch.eligibility.need import At, Limits, Need
from dispatch.eligibility.rules.hard import SOFT, SOFT_OF_DRIVERS
from dispatch.eligibility.rules.outages import no_defect
from dispatch.eligibility.weeks import hours_of_drivers
from dispatch.orders.store import BookableDriver, BookableVehicle
from dispatch.tables import Request
from fleet.outages.store import outage_during
from fleet.outages.words import OutageKind
from fleet.vehicles.words import Body, LifeState
from kit.clock import day_period, shanghai_day

Told = tuple[str, str]
"""A rule's name, and its sentence."""


async def ask_rules(
    session: AsyncSession,
    vehicle: BookableVehicle,
    driver: BookableDriver,
    served: Sequence[Request],
    period: Range[datetime],
    now: datetime,
    reason: str | None,
    apart_from: UUID | None = None,
    ride: Range[datetime] | None = None,
    also: Sequence[Told] = (),
) -> list[Told]:
    """Return the soft rules that are overridden for these requests; none of a service order.

    reason: why they are; None where nobody may override, as when no person chose
    apart_from: the order that is being changed
    ride: the whole of it, where `period` is only what is added: drivers' hours are of the whole
    also: what else speaks against the choice
    Raises VehicleDefective, OverrideNeedsReason.
    """
    if not served:
        return []
    start = (ride or period).lower
    assert start is not None
    day = Range(*day_period(shanghai_day(start)), bounds="[)")
    asked = Asked(served[0].organisation_no, period, day, now, apart_from)
    choice = await _choice(session, vehicle, driver, asked)
    return overridden(choice, served, ride or period, now, reason, also)


def overridden(
    choice: VehicleChoice,
    served: Sequence[Request],
    ride: Range[datetime],
    now: datetime,
    reason: str | None,
    also: Sequence[Told] = (),
) -> list[Told]:
    """Return the soft rules that are overridden for a choice whose facts are read.

    Raises VehicleDefective, OverrideNeedsReason.
    """
    start, end = ride.lower, ride.upper
    assert start is not None
    assert end is not None
    at = At(now, Limits())
    found: dict[str, Told] = {told[0]: told for told in also}
    for request in served:
        need = replace(need_of(request), start=start, end=end)
        if no_defect(choice, need, at) is not None:
            raise VehicleDefective
        found |= {told[0]: told for told in objections(choice, need, at)}
    if found and not reason:
        raise OverrideNeedsReason(
            objections=[{"rule": rule, "sentence": sentence} for rule, sentence in found.values()]
        )
    return list(found.values())


async def require_no_defect(
    session: AsyncSession, vehicle_no: int, period: Range[datetime]
) -> None:
    """Ask of a service order the one rule that binds it too. Raises VehicleDefective."""
    if await outage_during(session, vehicle_no, OutageKind.DEFECT, period) is not None:
        raise VehicleDefective


def objections(choice: VehicleChoice, need: Need, at: At) -> list[Told]:
    """Return every soft rule that speaks against the vehicle or its one driver."""
    told = [(rule.__name__, rule(choice, need, at)) for rule in SOFT]
    told += [
        (rule.__name__, f"驾驶员{label}" if label else None)
        for driver in choice.drivers
        for rule in SOFT_OF_DRIVERS
        for label in [rule(driver, choice, need)]
    ]
    return [(name, sentence) for name, sentence in told if sentence is not None]


async def _choice(
    session: AsyncSession, vehicle: BookableVehicle, driver: BookableDriver, asked: Asked
) -> VehicleChoice:
    """Return the vehicle with the facts that soft rules read, and the one driver."""
    facts = await facts_of(session, {vehicle.no: vehicle.unit_no}, asked)
    assert asked.day.lower is not None
    hours = await hours_of_drivers(session, asked.day.lower, [driver.no], asked.apart_from)
    return choice_of(vehicle, driver, facts, hours.days, hours.weeks)


def choice_of(
    vehicle: BookableVehicle,
    driver: BookableDriver,
    facts: Facts,
    day_s: Mapping[int, int],
    week_s: Mapping[int, int],
) -> VehicleChoice:
    """Return a vehicle with what soft rules read of it, and its one driver.

    facts: by the names of `VehicleChoice`; day_s, week_s: what drivers are ordered for
    """
    bare = VehicleChoice(
        no=vehicle.no,
        unit_no=vehicle.unit_no,
        seats=vehicle.seats,
        category=vehicle.category,
        holding=vehicle.holding,
        base=None,
        fix=None,
        busy_until=None,
        overdue_since=None,
        drivers=(
            DriverChoice(
                no=driver.no,
                licence_class=driver.licence_class,
                licence_until=driver.licence_until,
                busy_until=None,
                duty_s=day_s.get(driver.no, 0),
                week_s=week_s.get(driver.no, 0),
            ),
        ),
        body=Body(vehicle.body) if vehicle.body else None,
        state=LifeState(vehicle.state),
    )
    told = {name: of[vehicle.no] for name, of in facts.items() if vehicle.no in of}
    return replace(bare, **told)  # type: ignore[arg-type]  # the facts are named as the fields are
