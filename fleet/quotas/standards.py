"""Judging a vehicle by the standards (配备标准) of its category: a pure rule.

Source: 党政机关公务用车管理办法 (中办发〔2017〕71号) article 7. Bounds include their own value. An
unknown price or displacement is not judged. The standards of several levels all have to be kept,
so that a lower level can only be stricter. A condition for which no level has a standard of such a
vehicle gives it no more room: it is held to those of the normal condition.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fleet.vehicles.words import Body, Condition
from fleet.words import Category


@dataclass(frozen=True, slots=True)
class Cap:
    """The highest price and displacement of a kind of vehicle; None is no bound, or all kinds.

    setter_no: the organisation that set it, None for the nation
    """

    setter_no: int | None
    category: Category | None
    condition: Condition
    bodies: frozenset[Body]
    new_energy: bool
    price_fen: int
    displacement_ml: int | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of a vehicle that is judged; None is unknown."""

    category: Category
    condition: Condition
    body: Body | None
    new_energy: bool
    price_fen: int | None
    displacement_ml: int | None


@dataclass(frozen=True, slots=True)
class Breach:
    """A bound that the vehicle exceeds: the field, its value and the highest allowed."""

    field: str
    value: int
    most: int


def breaches(vehicle: Judged, caps: Iterable[Cap]) -> list[Breach]:
    """Return every bound that the vehicle exceeds, the lowest of each field alone."""
    caps = list(caps)
    if not any(_fits(vehicle, cap) for cap in caps):
        vehicle = replace(vehicle, condition=Condition.NORMAL)
    by_setter: dict[int | None, list[Cap]] = {}
    for cap in caps:
        by_setter.setdefault(cap.setter_no, []).append(cap)
    found: dict[str, Breach] = {}
    for said in by_setter.values():
        for breach in (b for cap in _binding(vehicle, said) for b in _breaches(vehicle, cap)):
            lowest = found.get(breach.field)
            if lowest is None or breach.most < lowest.most:
                found[breach.field] = breach
    return list(found.values())


def _binding(vehicle: Judged, caps: Sequence[Cap]) -> list[Cap]:
    """Return what one level says of the vehicle; its new-energy standard goes before the rest."""
    fitting = [cap for cap in caps if _fits(vehicle, cap)]
    new_energy = [cap for cap in fitting if cap.new_energy]
    return new_energy or fitting


def _fits(vehicle: Judged, cap: Cap) -> bool:
    if cap.category is not None and cap.category is not vehicle.category:
        return False
    if cap.bodies and vehicle.body not in cap.bodies:
        return False
    # The standard of new-energy vehicles holds for them under every condition.
    return vehicle.new_energy if cap.new_energy else cap.condition is vehicle.condition


def _breaches(vehicle: Judged, cap: Cap) -> list[Breach]:
    found = []
    if vehicle.price_fen is not None and vehicle.price_fen > cap.price_fen:
        found.append(Breach("price_fen", vehicle.price_fen, cap.price_fen))
    if (
        cap.displacement_ml is not None
        and vehicle.displacement_ml is not None
        and vehicle.displacement_ml > cap.displacement_ml
    ):
        found.append(Breach("displacement_ml", vehicle.displacement_ml, cap.displacement_ml))
    return found
