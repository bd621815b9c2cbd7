"""Vehicles and terminals of the province."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from demo.province.ids import Ids
from demo.province.model import OrganisationDraft, Shape, TerminalDraft, VehicleDraft
from fleet.vehicles.plates import PlateColour
from fleet.words import Category, Energy, Holding, OrganisationKind

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_VIN = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
_MOVED = 33  # one vehicle in so many was with another unit in the first months
_BORN, _DAYS = date(2014, 1, 1), 4_300

_CATEGORIES = (
    *(Category.ENFORCEMENT,) * 45,
    *(Category.EMERGENCY,) * 15,
    *(Category.OTHER_PRESCRIBED,) * 22,
    *(Category.SPECIAL_TECHNICAL,) * 13,
    *(Category.CONFIDENTIAL_COURIER,) * 5,
)
# (model, body, seats, energy, displacement in ml, price in fen, how often)
_MODELS = (
    ("示范轿车", "sedan", 5, Energy.PETROL, 1498, 11_980_000, 34),
    ("示范混动轿车", "sedan", 5, Energy.HYBRID, 1499, 13_980_000, 10),
    ("示范电动轿车", "sedan", 5, Energy.ELECTRIC, None, 15_600_000, 22),
    ("示范越野车", "suv", 5, Energy.PETROL, 1798, 17_900_000, 16),
    ("示范商务车", "mpv", 7, Energy.PETROL, 1798, 17_500_000, 8),
    ("示范中巴", "minibus", 19, Energy.DIESEL, 2771, 24_800_000, 6),
    ("示范大客车", "coach", 45, Energy.DIESEL, 6_700, 44_000_000, 4),
)
_DRAWN = tuple(model for model in _MODELS for _ in range(model[6]))


def draw_vehicles(
    random: Random, ids: Ids, shape: Shape, organisations: tuple[OrganisationDraft, ...]
) -> tuple[VehicleDraft, ...]:
    """Return the vehicles: bureaus hold pools, units what they retained or rent."""
    owners = random.choices(
        range(len(organisations)), [one.weight for one in organisations], k=shape.vehicles
    )
    units = [n for n, one in enumerate(organisations) if one.kind == OrganisationKind.UNIT]
    numbers: dict[str, int] = {}
    return tuple(_vehicle(random, ids, organisations, owner, units, numbers) for owner in owners)


def _vehicle(
    random: Random,
    ids: Ids,
    organisations: tuple[OrganisationDraft, ...],
    owner: int,
    units: list[int],
    numbers: dict[str, int],
) -> VehicleDraft:
    model, body, seats, energy, displacement_ml, price_fen, _ = random.choice(_DRAWN)
    city = _LETTERS[int(organisations[owner].region_code[2:4])]
    electric = energy is not Energy.PETROL and energy is not Energy.DIESEL
    plate = _plate(city, energy if electric else None, numbers)
    pooled = organisations[owner].kind == OrganisationKind.BUREAU
    moves = not pooled and random.randrange(_MOVED) == 0
    return VehicleDraft(
        id=ids.next(),
        plate=plate,
        plate_colour=_colour(electric, seats),
        vin="".join(random.choices(_VIN, k=17)),
        model=model,
        body=body,
        category=random.choice(_CATEGORIES),
        seats=seats,
        energy=energy,
        holding=_holding(random, pooled),
        price_fen=price_fen,
        displacement_ml=displacement_ml,
        purchase_date=_BORN + timedelta(days=random.randrange(_DAYS)),
        organisation=owner,
        moved_from=random.choice(units) if moves else None,
    )


def _plate(city: str, new_energy: Energy | None, numbers: dict[str, int]) -> str:
    """Return the next plate of a city: 示A12345, 示AD12345 electric, 示AF12345 hybrid."""
    series = {None: "", Energy.ELECTRIC: "D", Energy.HYBRID: "F"}[new_energy]
    prefix = f"示{city}{series}"
    numbers[prefix] = numbers.get(prefix, 0) + 1
    return f"{prefix}{numbers[prefix]:05}"


def _colour(electric: bool, seats: int) -> PlateColour:
    if electric:
        return PlateColour.GREEN
    return PlateColour.BLUE if seats < 10 else PlateColour.YELLOW


def _holding(random: Random, pooled: bool) -> Holding:
    if pooled:
        return Holding.POOL
    return Holding.RENTAL if random.randrange(25) == 0 else Holding.RETAINED


def draw_terminals(
    random: Random, ids: Ids, shape: Shape, vehicles: tuple[VehicleDraft, ...]
) -> tuple[TerminalDraft, ...]:
    """Return a terminal for most of the vehicles; its number begins with 99, as no phone does."""
    count = len(vehicles) * shape.terminals_per_100 // 100
    chosen = sorted(random.sample(range(len(vehicles)), count))
    return tuple(
        TerminalDraft(ids.next(), f"99{n:09}", vehicle) for n, vehicle in enumerate(chosen, start=1)
    )
