"""What dispatch refuses; each class carries its one sentence.

BadRequest (422)
├── EmptyPeriod, PeriodInThePast, PeriodTooFar, PeriodTooLong, EndNotLater
├── ReasonNeeded
├── UnknownPassenger, TooManyPassengers, LicenceTooSmall
├── TapInTheFuture, TapBeforePreviousStep
└── OdometerNeeded, OdometerBackwards
Forbidden (403)
├── OwnApproval, OwnFiling
└── StepNotYours
Conflict (409)
├── StaleRevision, StepNotAllowed
├── VehicleNotInUse, VehicleSealed
├── DriverOnLeave
├── Busy: VehicleBusy, DriverBusy
├── PromiseWorsened, NotDueYet, NothingChanged
└── FilingSettled
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from kit.errors import BadRequest, Conflict, Forbidden


class EmptyPeriod(BadRequest):
    """The end must lie after the start."""


class PeriodInThePast(BadRequest):
    """The period lies in the past."""


class PeriodTooFar(BadRequest):
    """The start lies too far ahead."""


class PeriodTooLong(BadRequest):
    """The period is too long for one request."""


class EndNotLater(BadRequest):
    """An extension ends later than what is promised already."""


class ReasonNeeded(BadRequest):
    """Say why: this step is kept with its reason."""


class UnknownPassenger(BadRequest):
    """The passenger is nobody in the units for which you may apply."""


class TooManyPassengers(BadRequest):
    """The vehicle has too few seats for the passengers and the driver."""


class LicenceTooSmall(BadRequest):
    """The driver's licence does not cover this vehicle for the whole period."""


class DriverOnLeave(Conflict):
    """The driver is on leave in that period."""


class TapInTheFuture(BadRequest):
    """The step's time lies in the future; check the phone's clock."""


class TapBeforePreviousStep(BadRequest):
    """The step's time lies before that of the step before it."""


class OdometerNeeded(BadRequest):
    """Read the odometer: departure and return are recorded with it."""


class OdometerBackwards(BadRequest):
    """The odometer reads less than at departure."""


class OwnApproval(Forbidden):
    """Nobody approves their own ride, nor that of whoever lent them the role."""


class OwnFiling(Forbidden):
    """Nobody accepts a filing that they made."""


class StepNotYours(Forbidden):
    """This step is somebody else's to take."""


class StaleRevision(Conflict):
    """The object has changed since you read it; look at it again."""


class StepNotAllowed(Conflict):
    """The present state does not allow this step."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The booking that was refused: by numbers, which stay inside; the request it was for."""

    order_id: UUID
    vehicle_no: int | None
    driver_no: int | None
    period: Range[datetime]
    is_extension: bool = False
    request_id: UUID | None = None


class Busy(Conflict):
    """Vehicle or driver already have an order in that period."""

    def __init__(self, wanted: Wanted | None = None) -> None:
        super().__init__()
        self.wanted = wanted


class VehicleBusy(Busy):
    """The vehicle already has an order in that period."""


class VehicleNotInUse(Conflict):
    """The vehicle is not in use: it is not put in use yet, or its renewal is decided."""


class VehicleSealed(Conflict):
    """The vehicle stands sealed in that period, and no accepted filing lets it drive."""


class DriverBusy(Busy):
    """The driver already has an order in that period."""


class PromiseWorsened(Conflict):
    """The passenger was told an earlier pick-up time; only a person's reason makes it later."""


class NotDueYet(Conflict):
    """The passenger is not due yet; wait until the time that they were told."""


class NothingChanged(Conflict):
    """The order has this vehicle, driver and end already."""


class FilingSettled(Conflict):
    """The filing has already been accepted or withdrawn."""
