"""Code lists of vehicles; the words are those of docs/glossary.md."""

from enum import StrEnum


class Body(StrEnum):
    """The build of a vehicle (车身类型)."""

    SEDAN = "sedan"
    SUV = "suv"
    MPV = "mpv"
    MINIBUS = "minibus"
    COACH = "coach"
    TRUCK = "truck"
    SPECIAL = "special"


class Funding(StrEnum):
    """Whose money bought a vehicle (购置经费来源)."""

    BUDGET = "budget"
    OWN_FUNDS = "own_funds"
    TRANSFERRED_IN = "transferred_in"
    OTHER = "other"


class Marking(StrEnum):
    """Whether a vehicle bears the mark of official vehicles (标识化)."""

    UNMARKED = "unmarked"
    MARKED = "marked"
    EXEMPT = "exempt"


class Condition(StrEnum):
    """Under which condition of the standard (配备标准) a vehicle was bought."""

    NORMAL = "normal"
    WORK_NEEDS = "work_needs"
    SPECIAL_CIRCUMSTANCES = "special_circumstances"


class Secrecy(StrEnum):
    """Whether a vehicle is secret (涉密); one that is has no place in this system."""

    NONE = "none"
    SECRET = "secret"  # noqa: S105  (the word, not a secret)


class LifeState(StrEnum):
    """How far a vehicle has come in its life; derived from its events."""

    QUOTA_APPROVED = "quota_approved"
    PURCHASED = "purchased"
    REGISTERED = "registered"
    ALLOCATED = "allocated"
    IN_USE = "in_use"
    RENEWED = "renewed"
    DISPOSED = "disposed"
    STRUCK_OFF = "struck_off"


class EventKind(StrEnum):
    """What happened to a vehicle on a day of its life, in the order in which one day has them."""

    QUOTA_APPROVED = "quota_approved"
    PURCHASED = "purchased"
    REGISTERED = "registered"
    ALLOCATED = "allocated"
    PUT_IN_USE = "put_in_use"
    PLATE_CHANGED = "plate_changed"
    CHANGED = "changed"
    BASE_MOVED = "base_moved"
    TRANSFERRED = "transferred"
    RENEWED = "renewed"
    DISPOSED = "disposed"
    STRUCK_OFF = "struck_off"


class DisposalMethod(StrEnum):
    """How a vehicle left the fleet (处置方式)."""

    AUCTION = "auction"
    SCRAP = "scrap"
    HANDOVER = "hand_over"
    LOSS = "loss"
    RETURN_TO_SUPPLIER = "return_to_supplier"
