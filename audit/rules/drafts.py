"""What a rule found, before it is compared with the findings that stand already."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit.rules import Rule


@dataclass(frozen=True, slots=True)
class Counter:
    """Something that speaks against a finding, or weakens it: a stable code and a sentence."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """A discrepancy with the figures by which it was judged, and all that speaks against it.

    `subject` names what was judged and stays the same when it is judged anew; `figures` are JSON.
    """

    rule: Rule
    subject: str
    organisation_no: int
    day: date
    start: datetime
    end: datetime
    trip_id: UUID | None
    figures: dict[str, object]
    counter_evidence: tuple[Counter, ...]
