"""Code lists of external supervision."""

from enum import StrEnum


class IssuerKind(StrEnum):
    """What kind of body has sent the letter."""

    DISCIPLINE = "discipline"
    AUDIT_OFFICE = "audit_office"
