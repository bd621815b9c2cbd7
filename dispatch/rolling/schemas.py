"""What the API says of warnings."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from dispatch.orders.states import OrderState
from dispatch.rolling.words import WarningKind
from dispatch.schemas import NamedRef, PlateRef


class WarningOut(BaseModel):
    """Why an order needs a look now.

    late_s: by how many seconds it is or will be late at least; null: nobody knows, the position
    has been silent from the beginning
    next_order_id: the vehicle's next order, where that one is endangered and the reader sees it
    may_replan: whether the next order, or this one, has not been accepted and may be reassigned;
    never of one that the reader doesn't see
    """

    kind: WarningKind
    late_s: int | None
    order_id: UUID
    state: OrderState
    vehicle: PlateRef | None
    driver: NamedRef | None
    unit: NamedRef
    promised_pickup_at: datetime
    end: datetime
    position_age_s: int | None
    next_order_id: UUID | None
    may_replan: bool


class WarningList(BaseModel):
    """All warnings of the units for which the reader dispatches, the most urgent first."""

    at: datetime
    items: list[WarningOut]
    next_cursor: str | None = None
