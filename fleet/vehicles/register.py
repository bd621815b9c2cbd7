"""Adding vehicles to the register, one or many at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.organisations.tables import Organisation
from fleet.places.tables import Place
from fleet.quotas.checks import over_quota, over_standard
from fleet.quotas.words import ExcessKind
from fleet.vehicles.attributes import Attributes
from fleet.vehicles.entries import Entry
from fleet.vehicles.life_cycle import state_after
from fleet.vehicles.plates import PlateColour, read_plate
from fleet.vehicles.renewals import renew, replaced_by
from fleet.vehicles.secrecy import refuse_secret
from fleet.vehicles.storing import Coming, store
from fleet.vehicles.tables import Vehicle
from fleet.vehicles.use_types import check_use_types
from fleet.vehicles.words import LifeState, Secrecy
from fleet.words import Category, Energy, Holding
from kit.clock import shanghai_day
from kit.ids import new_id


async def add_vehicle(
    session: AsyncSession,
    act: Act,
    *,
    plate: str,
    plate_colour: PlateColour,
    model: str,
    category: Category,
    seats: int,
    energy: Energy,
    holding: Holding,
    organisation: Organisation,
    base: Place | None = None,
    vin: str | None = None,
    demo: bool = False,
    since: datetime | None = None,
    attributes: Attributes | None = None,
    stage: LifeState = LifeState.IN_USE,
    secrecy: Secrecy = Secrecy.NONE,
    replaces: Vehicle | None = None,
    police_o: bool = False,
    refusal_key: bytes = b"",
) -> Vehicle:
    """Add a vehicle that `organisation` uses from `since` (default: now) on.

    The arguments are those of `Entry` and of `add_vehicles`, which says what is raised.
    """
    entry = Entry(
        plate=plate,
        plate_colour=plate_colour,
        model=model,
        category=category,
        seats=seats,
        energy=energy,
        holding=holding,
        organisation=organisation,
        base=base,
        vin=vin,
        since=since,
        attributes=attributes or Attributes(),
        stage=stage,
        secrecy=secrecy,
        replaces=replaces,
    )
    (id,) = await add_vehicles(
        session, act, [entry], demo=demo, police_o=police_o, refusal_key=refusal_key
    )
    return await _stored(session, id)


async def add_vehicles(
    session: AsyncSession,
    act: Act,
    entries: Sequence[Entry],
    *,
    demo: bool = False,
    police_o: bool = False,
    refusal_key: bytes = b"",
) -> list[UUID]:
    """Add all vehicles or none; return their ids in the order of `entries`.

    demo: whether plates of the invented province are accepted
    police_o: whether plates with O for the office are accepted
    refusal_key: the key of the list of refused plates
    Raises BadPlate, PlateColourMismatch, PlateEnergyMismatch, PolicePlateRefused,
    SecretVehicleRefused, NotABase, BadStage, NotYet, PurchasedAfterStart, UnknownUseType,
    OverQuota, OverStandard, PlateTaken, VinTaken, IllegalStep.
    """
    steps = [entry.steps(act) for entry in entries]
    plates = []
    for entry in entries:
        plate = read_plate(entry.plate, entry.plate_colour, demo=demo, police_o=police_o)
        await refuse_secret(session, plate, refusal_key, entry.secrecy)
        plates.append(plate)
    await check_use_types(
        session,
        ((e.organisation.no, e.category, e.attributes.use_type) for e in entries),
        act.now,
    )
    for entry in entries:
        if entry.replaces is not None:
            await renew(session, act, entry.replaces, day=shanghai_day(entry.since or act.now))
    excess = await _excess(session, entries, act.now)
    comings = [
        Coming(
            id=new_id(),
            entry=entry,
            plate=plate,
            steps=done,
            state=state_after(kind for kind, _ in done) or entry.stage,
            excess=[kind.value for kind in sorted(over)],
        )
        for entry, plate, done, over in zip(entries, plates, steps, excess, strict=True)
    ]
    await session.flush()
    await store(session, act, comings)
    for one in comings:
        _record(session, act, one)
    await session.flush()
    for one in comings:
        if one.entry.replaces is not None:
            await replaced_by(session, act, one.entry.replaces, await _stored(session, one.id))
    return [one.id for one in comings]


async def _stored(session: AsyncSession, id: UUID) -> Vehicle:
    return (await session.scalars(select(Vehicle).where(Vehicle.id == id))).one()


async def _excess(
    session: AsyncSession, entries: Sequence[Entry], now: datetime
) -> list[set[ExcessKind]]:
    """Return, for each entry, of what it is in excess and is let pass."""
    in_quota = [e for e in entries if e.holding is not Holding.RENTAL]
    full = await over_quota(session, ((e.organisation.no, e.category) for e in in_quota), now)
    judged = [(entry.organisation.no, entry.judged()) for entry in entries]
    above = await over_standard(session, judged, now)
    found: list[set[ExcessKind]] = []
    for entry, key in zip(entries, judged, strict=True):
        over = {ExcessKind.OVER_STANDARD} if key in above else set()
        counted = entry.holding is not Holding.RENTAL
        if counted and (entry.organisation.no, entry.category.value) in full:
            over.add(ExcessKind.OVER_QUOTA)
        found.append(over)
    return found


def _record(session: AsyncSession, act: Act, one: Coming) -> None:
    """Add the journal's entry of a stored vehicle."""
    entry = one.entry
    act.record(
        session,
        "vehicle.add",
        "vehicle",
        one.id,
        organisation_no=entry.organisation.no,
        after={
            "plate": one.plate,
            "plate_colour": entry.plate_colour,
            "vin": entry.vin,
            "category": entry.category,
            "holding": entry.holding,
            "seats": entry.seats,
            "energy": entry.energy,
            "state": one.state,
            "excess": one.excess,
        }
        | ({"since": entry.since.isoformat()} if entry.since else {})
        | entry.attributes.told(),
    )
