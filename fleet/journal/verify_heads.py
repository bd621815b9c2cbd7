"""Heads that were kept outside and are gone: the whole file, its beginning, or its end.

A cut beginning shows against the seal with which the database says that a file began; a cut end
shows by seals that have been without a head for longer than the sealer takes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from fleet.journal.heads import HeadsFile
from fleet.journal.verifying import Finding, Verdict
from fleet.journal.words import Fault


@dataclass(frozen=True, slots=True)
class Begun:
    """What the database knows of the earliest file of heads: its first seal, and where it lies."""

    first_seal: int
    place: str


def heads_fault(
    begun: Begun, files: Iterable[HeadsFile], verdict: Verdict, most_s: float
) -> Finding | None:
    """Return the fault of heads that were kept outside and are not among those of `files`.

    begun: as the database knew it before the heads of `verdict` were read
    most_s: for how many seconds a seal may be without a head. Raises HeadsUnreadable.
    """
    firsts = (head.n for file in files if (head := file.first()) is not None)
    if all(n > begun.first_seal for n in firsts):
        sentence = (
            f"Heads were kept outside in {begun.place} from seal {begun.first_seal} on, and are "
            "gone: name a copy with --heads, or declare them lost (gongche journal heads-lost)."
        )
        return Finding(Fault.HEADS_GONE, begun.first_seal, None, sentence)
    if verdict.bare_s is None or verdict.bare_s <= most_s:
        return None
    first = verdict.compared + 1
    sentence = (
        f"Seals from {first} on have no head in the files compared, though seal {first} was made "
        f"{verdict.bare_s:.0f} s before: a file was cut at its end, or one is missing (name each "
        "with --heads), or no worker has run since one was killed or a backup was restored."
    )
    return Finding(Fault.HEADS_GONE, first, None, sentence)
