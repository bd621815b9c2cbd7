"""What dispatch refuses; each class carries its one sentence.

BadRequest (422)
├── EmptyPeriod, PeriodInThePast, PeriodTooFar, PeriodTooLong
├── ReasonNeeded
├── UnknownPassenger, TooManyPassengers, LicenceTooSmall
├── TapInTheFuture, TapBeforePreviousStep
└── OdometerNeeded, OdometerBackwards
Forbidden (403)
├── OwnApproval, OwnFiling
└── StepNotYours
Conflict (409)
├── StaleRevision, StepNotAllowed
├── VehicleBusy, VehicleNotInUse, VehicleSealed
├── DriverBusy, DriverOnLeave
└── FilingSettled
"""

from kit.errors import BadRequest, Conflict, Forbidden


class EmptyPeriod(BadRequest):
    """The end must lie after the start."""


class PeriodInThePast(BadRequest):
    """The period lies in the past."""


class PeriodTooFar(BadRequest):
    """The start lies too far ahead."""


class PeriodTooLong(BadRequest):
    """The period is too long for one request."""


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
    """The odometer at return reads less than at departure."""


class OwnApproval(Forbidden):
    """Nobody approves a request of which they are the applicant or the passenger."""


class OwnFiling(Forbidden):
    """Nobody accepts a filing that they made."""


class StepNotYours(Forbidden):
    """This step is somebody else's to take."""


class StaleRevision(Conflict):
    """The object has changed since you read it; look at it again."""


class StepNotAllowed(Conflict):
    """The present state does not allow this step."""


class VehicleBusy(Conflict):
    """The vehicle already has an order in that period."""


class VehicleNotInUse(Conflict):
    """The vehicle is not in use: it is not put in use yet, or its renewal is decided."""


class VehicleSealed(Conflict):
    """The vehicle stands sealed in that period, and no accepted filing lets it drive."""


class DriverBusy(Conflict):
    """The driver already has an order in that period."""


class FilingSettled(Conflict):
    """The filing has already been accepted or withdrawn."""
