"""A vehicle that is to be added: one value, checked by itself before anything is stored."""

from dataclasses import dataclass, field
from datetime import date, datetime

from fleet.acts import Act
from fleet.errors import NotABase
from fleet.organisations.tables import Organisation
from fleet.places.tables import Place
from fleet.quotas.standards import Judged
from fleet.vehicles.attributes import Attributes
from fleet.vehicles.errors import PurchasedAfterStart
from fleet.vehicles.events import refuse_future
from fleet.vehicles.plates import PlateColour, check_energy, is_new_energy
from fleet.vehicles.tables import Vehicle
from fleet.vehicles.words import EventKind, LifeState, Secrecy
from fleet.words import Category, Energy, Holding, PlaceKind
from kit.clock import shanghai_day
from kit.errors import BadRequest

_STAGES = {
    LifeState.REGISTERED: (EventKind.REGISTERED,),
    LifeState.ALLOCATED: (EventKind.REGISTERED, EventKind.ALLOCATED),
    LifeState.IN_USE: (EventKind.REGISTERED, EventKind.ALLOCATED, EventKind.PUT_IN_USE),
}


class BadStage(BadRequest):
    """A vehicle is added when it is registered, allocated or in use."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A vehicle that `organisation` uses from `since` (None: now) on.

    attributes: what else is known of it
    stage: how far it has come: registered, allocated or in_use
    replaces: the vehicle after which it comes, whose renewal this is
    """

    plate: str
    plate_colour: PlateColour
    model: str
    category: Category
    seats: int
    energy: Energy
    holding: Holding
    organisation: Organisation
    base: Place | None = None
    vin: str | None = None
    since: datetime | None = None
    attributes: Attributes = field(default_factory=Attributes)
    stage: LifeState = LifeState.IN_USE
    secrecy: Secrecy = Secrecy.NONE
    replaces: Vehicle | None = None

    def judged(self) -> Judged:
        """Return what the standards judge."""
        return judged(
            self.category,
            self.attributes,
            new_energy=self.energy is Energy.ELECTRIC or is_new_energy(self.plate_colour),
        )

    def steps(self, act: Act) -> list[tuple[EventKind, date]]:
        """Return the steps that the vehicle has behind it, each with its Shanghai day.

        Raises NotABase, BadStage, PurchasedAfterStart, NotYet, PlateEnergyMismatch.
        """
        if self.base is not None and self.base.kind != PlaceKind.BASE:
            raise NotABase
        if self.stage not in _STAGES:
            raise BadStage
        check_energy(self.plate_colour, self.energy)
        purchased, started = self.attributes.purchase_date, shanghai_day(self.since or act.now)
        refuse_future(act.now, started)
        if purchased is not None and purchased > started:
            raise PurchasedAfterStart
        bought = [(EventKind.PURCHASED, purchased)] if purchased else []
        return bought + [(kind, started) for kind in _STAGES[self.stage]]


def judged(category: Category, known: Attributes, *, new_energy: bool) -> Judged:
    """Return what the standards judge of a vehicle."""
    return Judged(
        category=category,
        condition=known.condition,
        body=known.body,
        new_energy=new_energy,
        price_fen=known.price_fen,
        displacement_ml=known.displacement_ml,
    )
