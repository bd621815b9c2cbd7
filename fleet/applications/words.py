"""Code lists of applications; the words are those of docs/glossary.md."""

from enum import StrEnum


class ApplicationKind(StrEnum):
    """The step of a vehicle's life that is applied for."""

    QUOTA_APPROVAL = "quota_approval"
    PROVISION = "provision"
    RENEWAL = "renewal"
    DISPOSAL = "disposal"


class ApplicationState(StrEnum):
    """How far an application has come."""

    DRAFT = "draft"
    FILED = "filed"
    SENT_BACK = "sent_back"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    CARRIED_OUT = "carried_out"


class ApplicationAct(StrEnum):
    """What is done to an application."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    SEND_BACK = "send_back"
    REJECT = "reject"
    APPROVE = "approve"
    CARRY_OUT = "carry_out"
