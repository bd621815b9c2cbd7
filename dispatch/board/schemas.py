"""What the API says about the board. Times are RFC 3339 with offset, periods half-open."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from dispatch.orders.states import OrderState
from dispatch.schemas import NamedRef, Objection, PeriodOut, PlateRef, Revision, Sent
from dispatch.words import OrderKind
from fleet.outages.words import OutageKind
from fleet.words import Category


class BoardOrder(BaseModel):
    """What a bar tells of an order to those for whom it exists.

    departed_at, returned_at: what happened; null: not yet
    destination: of the first request that it serves; null: a service order
    may_move: whether the actor may give it another vehicle now
    """

    id: UUID
    kind: OrderKind
    state: OrderState
    revision: int
    unit: NamedRef
    driver: NamedRef | None
    departed_at: datetime | None
    returned_at: datetime | None
    destination: str | None
    may_move: bool


class BoardBar(BaseModel):
    """A plate that is bound in a period.

    mission: whether by a mission, of which its runners alone are told more
    order: null: the vehicle is busy, and with what is not for the actor to know
    """

    period: PeriodOut
    mission: bool
    order: BoardOrder | None


class BoardOutage(BaseModel):
    """When a vehicle may not be used (停用); without an end until somebody ends it."""

    kind: OutageKind
    period: PeriodOut


class BoardRow(BaseModel):
    """A vehicle with what is planned of it, what stands in the way, and what it has driven.

    sealed: as far as it lies in the period asked for
    driven: its trips that belong to orders shown here, where the actor may read tracks
    """

    vehicle: PlateRef
    unit: NamedRef
    category: Category
    seats: int
    bars: list[BoardBar]
    outages: list[BoardOutage]
    sealed: list[PeriodOut]
    driven: list[PeriodOut]


class BoardPage(BaseModel):
    """A page of vehicles by plate, in the period asked for."""

    period: PeriodOut
    items: list[BoardRow]
    next_cursor: str | None


class MoveIn(Sent):
    """Another vehicle, or another driver too, for an order of which one has read this revision."""

    revision: Revision
    vehicle_id: UUID
    driver_id: UUID | None = None


class OrderInTheWay(BaseModel):
    """An order that overlaps; id: null where it doesn't exist for the actor."""

    id: UUID | None
    start: datetime
    end: datetime | None


class MoveRefusal(BaseModel):
    """Why a move can't be made, in the words in which the reassignment would be refused.

    type: the last part of the problem's type
    in_the_way, alternatives: where vehicle or driver are busy
    """

    type: str
    sentence: str
    in_the_way: list[OrderInTheWay]
    alternatives: list[PlateRef]


class MoveCheck(BaseModel):
    """What a move would be answered; nothing is changed by asking.

    Without refusal and objections it can be made as it is; with objections it needs an override.
    """

    refusal: MoveRefusal | None
    objections: list[Objection]
