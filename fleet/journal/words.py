"""Code lists of the journal; the words are those of docs/glossary.md."""

from enum import StrEnum


class Algorithm(StrEnum):
    """How the journal is hashed: FIPS 180-4, or GB/T 32905."""

    SHA256 = "sha256"
    SM3 = "sm3"


class Fault(StrEnum):
    """What is wrong with the journal where a verification stopped."""

    CHANGED = "changed"
    DELETED = "deleted"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    SEAL_BROKEN = "seal_broken"
    TAIL_CUT = "tail_cut"
    REWRITTEN = "rewritten"
    ERASED_UNRULED = "erased_unruled"
    ERASED_TOO_SOON = "erased_too_soon"
    UNSEALED = "unsealed"
    HEADS_GONE = "heads_gone"
