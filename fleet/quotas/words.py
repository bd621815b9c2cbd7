"""Code lists of quotas and standards; the words are those of docs/glossary.md."""

from enum import StrEnum


class ExcessKind(StrEnum):
    """Of what a vehicle is in excess."""

    OVER_QUOTA = "over_quota"
    OVER_STANDARD = "over_standard"
