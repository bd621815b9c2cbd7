"""What shared rides refuse; each class carries its one sentence."""

from uuid import UUID

from dispatch.shared_rides.words import SharingLimit, WhoseLimit, sentence_of
from kit.errors import BadRequest, Conflict, Unavailable


class SharingLimitBroken(Conflict):
    """The request can't ride along: a limit that somebody agreed to would break."""

    def __init__(self, limit: SharingLimit, whose: WhoseLimit, request_id: UUID | None = None):
        super().__init__(
            limit=str(limit),
            whose=str(whose),
            request_id=str(request_id) if request_id else None,
            sentence=sentence_of(limit, whose),
        )
        self.limit, self.whose = limit, whose


class DetourBeyondRule(BadRequest):
    """The greatest detour is more than the unit's rule allows."""


class PassengerHasSpoken(Conflict):
    """The passenger has said what they agree to: only they agree to something else."""


class NotSharedNow(Conflict):
    """An order takes others along, or lets them off its plan, only before it departs."""


class NotInThisOrder(Conflict):
    """The order doesn't serve this request together with others."""


class RiderNotNamed(BadRequest):
    """Several share this ride: say whose passenger did not come."""


class SharingNotReady(Unavailable):
    """Shared rides are being made ready after an update; try again in a minute."""
