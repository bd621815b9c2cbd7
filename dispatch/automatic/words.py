"""Code lists of auto-dispatch; the words are those of docs/glossary.md."""

from enum import StrEnum


class AutoDispatchOutcome(StrEnum):
    """What auto-dispatch decided about a request."""

    SUGGESTED = "suggested"
    ASSIGNED = "assigned"
    REASSIGNED = "reassigned"
    LEFT = "left"


class AutoDispatchStop(StrEnum):
    """Why a request is left to the dispatcher: a limit of the rule, or what the system can't do."""

    PURPOSES = "purposes"
    LONGEST_RIDE = "longest_ride_s"
    HOURS = "hours"
    VEHICLES = "vehicles"
    GREATEST_EMPTY = "greatest_empty_m"
    NO_CANDIDATE = "no_candidate"
    NO_DUTY_DISPATCHER = "no_duty_dispatcher"
    TAKEN_BACK = "taken_back"
    PACE = "pace"
    REFUSED = "refused"


class ProposalState(StrEnum):
    """How an exchange that drivers are asked about stands."""

    OPEN = "open"
    EXCHANGED = "exchanged"
    DECLINED = "declined"
    EXPIRED = "expired"
    OVERTAKEN = "overtaken"


class ProposalAnswer(StrEnum):
    """What a driver answers who is asked about an exchange."""

    AGREED = "agreed"
    DECLINED = "declined"
