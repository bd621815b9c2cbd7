"""What mobilisations refuse; each class carries its one sentence."""

from kit.errors import BadRequest, Conflict


class AlreadyMobilised(Conflict):
    """The organisation has a mobilisation of this level in force."""


class MobilisationEnded(Conflict):
    """The mobilisation is signed off: nothing new is ordered under it."""


class CodeNeeded(BadRequest):
    """Your second factor is in use: a signature needs its code too."""


class PairIncomplete(BadRequest):
    """Name a vehicle and its driver together, for one ride; or neither, to have them chosen."""


class TooManyAtOnce(BadRequest):
    """Too many rides at once; divide them."""


class NotCalledUp(Conflict):
    """The vehicle is used by no unit that the mobilisation calls up."""


class NotDrivenYet(BadRequest):
    """A back-entry is of a drive that has begun; order what is to come."""


class DrivenOutsideMobilisation(BadRequest):
    """The drive did not begin while the mobilisation was in force."""


class ReturnedTooLate(BadRequest):
    """A drive under a mobilisation returns within 24 hours after it is signed off; see the time."""


class DrivenMeanwhile(Conflict):
    """The vehicle or the driver was on another drive then; it may be entered already."""


class ReturnBeforeDeparture(BadRequest):
    """The vehicle can't have returned before it departed."""
