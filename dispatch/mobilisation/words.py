"""Code lists of mobilisations; the words are those of docs/glossary.md."""

from enum import StrEnum


class SignatureProof(StrEnum):
    """How whoever signed proved to be that person, at that moment.

    log_in: at the provider of identities, just before; there is no password to ask for
    """

    PASSWORD = "password"  # noqa: S105  (the word, not a password)
    SECOND_FACTOR = "second_factor"
    LOG_IN = "log_in"


class MobilisationAction(StrEnum):
    """What a mobilisation does to a request in place of an approval."""

    MOBILISE = "mobilise"


LEVEL_LABEL = {1: "Ⅰ级", 2: "Ⅱ级", 3: "Ⅲ级", 4: "Ⅳ级"}
"""Response levels (响应级别): the first is the highest."""
