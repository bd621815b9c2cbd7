"""What is doubtful about an organisation's codes: told beside the answer, never refused.

Real codes fail the check digit (GB 32100-2015) and registers keep retired regions (GB/T 2260):
whoever writes them is told and may let them stand.
"""

from datetime import date
from enum import StrEnum

from fleet.organisations import region_codes, uscc
from fleet.organisations.tables import Region


class OrganisationDoubt(StrEnum):
    """What may be wrong with a code."""

    USCC_CHECK_DIGIT = "uscc_check_digit"
    REGION_FORM = "region_form"
    REGION_UNKNOWN = "region_unknown"
    REGION_RETIRED = "region_retired"


SENTENCE = {
    OrganisationDoubt.USCC_CHECK_DIGIT: "The check digit of this USCC does not fit (GB 32100).",
    OrganisationDoubt.REGION_FORM: "GB/T 2260 knows no code of this form.",
    OrganisationDoubt.REGION_UNKNOWN: "The table of regions does not hold this code.",
    OrganisationDoubt.REGION_RETIRED: "This region code is not valid on that day.",
}


def uscc_doubts(code: str | None) -> list[OrganisationDoubt]:
    """Return what is doubtful about a USCC of the right length and characters."""
    if code is None or uscc.is_consistent(code):
        return []
    return [OrganisationDoubt.USCC_CHECK_DIGIT]


def region_doubts(code: str | None, known: list[Region], day: date) -> list[OrganisationDoubt]:
    """Return what is doubtful about a region code on a day; `known` are the table's rows of it."""
    if code is None:
        return []
    if not region_codes.is_well_formed(code):
        return [OrganisationDoubt.REGION_FORM]
    if not known:
        return [OrganisationDoubt.REGION_UNKNOWN]
    if not any(is_valid(region, day) for region in known):
        return [OrganisationDoubt.REGION_RETIRED]
    return []


def is_valid(region: Region, day: date) -> bool:
    """Return whether a row of the table holds on a day."""
    return region.valid_from <= day and (region.valid_to is None or day < region.valid_to)
