"""What is known of a vehicle beyond its plate: one value, given when it is added."""

from dataclasses import dataclass, fields
from datetime import date

from fleet.vehicles.errors import MarkingIncomplete
from fleet.vehicles.words import Body, Condition, Funding, Marking


@dataclass(frozen=True, slots=True)
class Attributes:
    """The optional fields of the register; None is unknown.

    norm_ml_per_100km, norm_wh_per_100km: the norms of consumption, of fuel and of electricity
    condition: under which condition of the standard it was bought
    Raises MarkingIncomplete.
    """

    use_type: str | None = None
    body: Body | None = None
    engine_number: str | None = None
    displacement_ml: int | None = None
    price_fen: int | None = None
    funding: Funding | None = None
    purchase_date: date | None = None
    tank_l: int | None = None
    battery_kwh: int | None = None
    norm_ml_per_100km: int | None = None
    norm_wh_per_100km: int | None = None
    marking: Marking = Marking.UNMARKED
    marking_date: date | None = None
    marking_basis: str | None = None
    condition: Condition = Condition.NORMAL

    def __post_init__(self) -> None:
        check_marking(self.marking, self.marking_date, self.marking_basis)

    def values(self) -> dict[str, object]:
        """Return the fields by name, as the columns of `vehicle` are called."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def told(self) -> dict[str, object]:
        """Return what is known, as the journal writes it."""
        return {name: as_json(value) for name, value in self.values().items() if value is not None}


def as_json(value: object) -> object:
    """Return a field's value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


ATTRIBUTE_NAMES = tuple(one.name for one in fields(Attributes))


def check_marking(marking: str, on: date | None, basis: str | None) -> None:
    """Refuse a mark without its day and an exemption without its basis.

    Raises MarkingIncomplete.
    """
    if marking == Marking.MARKED and on is None:
        raise MarkingIncomplete("Say on which day it was marked (marking_date).")
    if marking == Marking.EXEMPT and not basis:
        raise MarkingIncomplete("Say on what basis it is exempt (marking_basis).")
