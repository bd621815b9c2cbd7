"""Code lists of documents; the words are those of docs/glossary.md."""

from enum import StrEnum


class DocumentKind(StrEnum):
    """What a document (证件) of a vehicle is."""

    REGISTRATION = "registration"
    DRIVING_PERMIT = "driving_permit"
    ANNUAL_INSPECTION = "annual_inspection"
    COMPULSORY_INSURANCE = "compulsory_insurance"
    INSURANCE = "insurance"
    PURCHASE = "purchase"
    DECISION = "decision"
    PHOTO = "photo"
    OTHER = "other"
