"""Verification: every entry against its seal, every seal against the one before, outside heads.

It reads the whole chain once, in blocks, and names the first thing that is wrong. A block that
holds at a quick look is done; every other one is followed link by link.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from fleet.journal.chain import GENESIS, SALT_BYTES, entry_digest, next_head, payload_digest
from fleet.journal.erasing import ERASURE
from fleet.journal.heads import OutsideHead
from fleet.journal.verify_store import ChainReader, ErasingEntry, Link
from fleet.journal.verify_workers import Span, looked_at, spans_of
from fleet.journal.words import Fault
from fleet.retention.kinds import LIMITS, DataKind, latest_before

_BLOCK = 5_000


@dataclass(frozen=True, slots=True)
class Finding:
    """The first thing that is wrong: its kind, the seal, the entry's number, and a sentence."""

    fault: Fault
    n: int | None
    entry_no: int | None
    sentence: str


@dataclass(slots=True)
class Verdict:
    """What a verification has seen.

    entries: sealed entries that hold; erased: how many of them by rule
    head: after the last of them; outside: heads kept outside that agree with the chain
    compared: the last seal that has one, 0 without; bare_s: for how many seconds the seal after it
    had stood when the chain was opened, None where the chain ends with the last head kept outside
    unsealed, oldest_s: entries that wait for a seal, and for how many seconds the oldest has;
    the deletion of an entry in that window can't be proved
    """

    entries: int = 0
    erased: Counter[str] = field(default_factory=Counter)
    head: bytes = GENESIS
    outside: int = 0
    compared: int = 0
    bare_s: float | None = None
    unsealed: int = 0
    oldest_s: float = 0.0
    finding: Finding | None = None


def verify(
    reader: ChainReader,
    outside: Iterable[OutsideHead] = (),
    *,
    block: int = _BLOCK,
    processes: int | None = None,
) -> Verdict:
    """Return what holds, and the first thing that doesn't.

    block: how many seals are looked at together; processes: by how many (see `looked_at`)
    Raises HeadsUnreadable, VerifierGone.
    """
    verdict = Verdict()
    chain = _Chain(reader, _Outside(outside), verdict)
    verdict.finding = chain.follow(block, processes) or _inserted(reader) or _too_soon(reader)
    verdict.unsealed, verdict.oldest_s = reader.pending()
    return verdict


class _Chain:
    """The chain, followed up to its first fault."""

    def __init__(self, reader: ChainReader, outside: "_Outside", verdict: Verdict) -> None:
        self._reader, self._outside, self._verdict = reader, outside, verdict
        self._judge = _Judge(reader, verdict)

    def follow(self, block: int, processes: int | None) -> Finding | None:
        """Return the first fault."""
        bounds, verdict = self._reader.bounds(), self._verdict
        if bounds is not None:
            if bounds[0] < 1:
                sentence = f"Seal {bounds[0]} was put before the first."
                return Finding(Fault.SEAL_BROKEN, bounds[0], None, sentence)
            spans = spans_of(bounds[1], block)
            with looked_at(self._reader, spans, processes) as heads:
                for span, head in zip(spans, heads, strict=True):
                    finding = self._step(span) if head is None else self._skip(span, head)
                    if finding is not None:
                        return finding
        verdict.outside, verdict.compared = self._outside.agreed, self._outside.agreed_n
        verdict.bare_s = self._reader.age_s(verdict.compared + 1)
        return self._outside.beyond(verdict.entries)

    def _skip(self, span: Span, head: bytes) -> Finding | None:
        """Pass a block that holds, up to `head`; hold the heads kept outside against its own."""
        first, last = span
        if self._outside.stands_in(span):
            heads = self._reader.heads(first, last)
            while self._outside.stands_in(span):
                n = self._outside.n
                if (finding := self._outside.compare(n, heads[n - first])) is not None:
                    self._verdict.entries, self._verdict.head = n, heads[n - first]
                    return finding
        self._verdict.entries, self._verdict.head = last, head
        return None

    def _step(self, span: Span) -> Finding | None:
        """Follow a block link by link."""
        first, last = span
        verdict, judge, n = self._verdict, self._judge, first - 1
        for n, link in enumerate(self._reader.links(first, last), first):
            if link.n != n:
                return _missing(n)
            finding = judge.entry(link) or judge.columns(link)
            if finding is not None:
                return finding
            head = next_head(n, link.algorithm, link.sealed_at, verdict.head, link.digest)
            if head != link.head:
                sentence = f"Seal {n} does not follow from the seal before it."
                return Finding(Fault.SEAL_BROKEN, n, link.entry_no, sentence)
            verdict.entries, verdict.head = n, head
            if self._outside.n == n and (finding := self._outside.compare(n, head)) is not None:
                return finding
        return _missing(n + 1) if n < last else None


def _missing(n: int) -> Finding:
    return Finding(Fault.DELETED, n, None, f"Seal {n} is missing, with what it sealed.")


def _inserted(reader: ChainReader) -> Finding | None:
    no = reader.never_sealed()
    if no is None:
        return None
    sentence = f"Entry {no} was put in past the queue: no seal holds it, and it awaits none."
    return Finding(Fault.INSERTED, None, no, sentence)


def _too_soon(reader: ChainReader) -> Finding | None:
    """Return the first erasure of anything that had to be kept still when it was sealed."""
    for entry in reader.retention():
        try:
            after = json.loads(entry.payload)["after"]
            kind, before = DataKind(after["kind"]), datetime.fromisoformat(after["before"])
            is_due = before <= latest_before(kind, min(_dated(entry.header), entry.known_at))
        except (KeyError, TypeError, ValueError, OverflowError):
            continue  # what it says of itself is sealed, and says of no erasure when
        if not is_due:
            sentence = (
                f"By the entry of seal {entry.n}, {kind} of before {before:%Y-%m-%d} were erased "
                f"within the {LIMITS[kind].minimum_days} days that they must be kept."
            )
            return Finding(Fault.ERASED_TOO_SOON, entry.n, None, sentence)
    return None


class _Judge:
    """Judges an entry by its seal."""

    def __init__(self, reader: ChainReader, verdict: Verdict) -> None:
        self._reader = reader
        self._erased = verdict.erased
        self._erasures: dict[UUID, _Erasure | None] = {}

    def entry(self, link: Link) -> Finding | None:
        """Return what is wrong with an entry's bytes."""
        header, payload = link.header, link.payload
        if header is None:
            return self._without_header(link)
        try:
            if payload is None:
                sealed_payload = link.payload_digest
            else:
                sealed_payload = payload_digest(link.algorithm, link.salt or b"", payload)
            digest = entry_digest(link.algorithm, header, sealed_payload)
        except ValueError:
            sentence = f"Seal {link.n} names an unknown algorithm."
            return Finding(Fault.SEAL_BROKEN, link.n, link.entry_no, sentence)
        if digest != link.digest:
            return self._another(link, digest, sealed_payload)
        if payload is not None and len(link.salt or b"") != SALT_BYTES:
            return self._changed(link, "bytes of its salt pass for its payload's, or these for its")
        if sealed_payload != link.payload_digest:
            sentence = f"Seal {link.n} holds another digest of the payload than its entry's."
            return Finding(Fault.SEAL_BROKEN, link.n, link.entry_no, sentence)
        return self._erasure_fault(link) if payload is None else None

    def columns(self, link: Link) -> Finding | None:
        """Return what the columns of an entry say otherwise than its sealed bytes."""
        header, payload = link.header or b"", link.payload
        if payload is not None and link.erased_by is not None:
            return self._changed(link, "it is called erased, and is not")
        if (
            not link.old_values
            and _spells(header, link.header_start, link.header_end)
            and (payload is None or _spells(payload, link.payload_start, link.payload_end))
        ):
            return None
        # The quick look above knows no escapes; only this comparison decides.
        try:
            wrong = link.old_values or self._differ(link.entry_no, header, payload)
        except (KeyError, TypeError, ValueError):
            return self._changed(link, "what was sealed is no entry of ours")
        return self._changed(link, "its columns differ from what was sealed") if wrong else None

    def _differ(self, entry_no: int, header: bytes, payload: bytes | None) -> bool:
        """Return whether the columns say anything else than the sealed bytes.

        Raises KeyError, TypeError, ValueError for bytes that no entry has.
        """
        told = self._reader.columns(entry_no, json.loads(header)["roles"])
        if told is None:
            return True
        said, names = told
        if said.to_bytes() != header:
            return True
        if payload is None:
            return any((names.actor_name, names.address, names.reason))
        kept, shown = json.loads(payload), json.loads(names.to_bytes())
        return any(kept[key] != shown[key] for key in ("actor_name", "address", "why"))

    def _without_header(self, link: Link) -> Finding:
        if self._reader.present(link.entry_no):
            return self._changed(link, "its header is gone")
        sentence = f"Entry {link.entry_no} of seal {link.n} was deleted."
        return Finding(Fault.DELETED, link.n, link.entry_no, sentence)

    def _another(self, link: Link, digest: bytes, sealed_payload: bytes) -> Finding:
        """Tell an entry that stands in another's place from one that was changed."""
        for found in (digest, sealed_payload):
            other = self._reader.seal_of(found)
            if other is not None and other != link.n:
                sentence = (
                    f"Entry {link.entry_no} of seal {link.n} was swapped: "
                    f"what stands there belongs to seal {other}."
                )
                return Finding(Fault.SWAPPED, link.n, link.entry_no, sentence)
        return self._changed(link, "its bytes differ from what was sealed")

    def _changed(self, link: Link, how: str) -> Finding:
        sentence = f"Entry {link.entry_no} of seal {link.n} was changed: {how}."
        return Finding(Fault.CHANGED, link.n, link.entry_no, sentence)

    def _erasure_fault(self, link: Link) -> Finding | None:
        erasure = None if link.erased_by is None else self._erasure(link.erased_by)
        if erasure is None or not erasure.covers(link.n, link.header or b""):
            sentence = f"What entry {link.entry_no} of seal {link.n} said is gone by no rule."
            return Finding(Fault.ERASED_UNRULED, link.n, link.entry_no, sentence)
        if not erasure.was_due(link.header or b""):
            sentence = (
                f"What entry {link.entry_no} of seal {link.n} said was erased "
                f"within the {LIMITS[DataKind.JOURNAL].minimum_days} days that it must be kept."
            )
            return Finding(Fault.ERASED_TOO_SOON, link.n, link.entry_no, sentence)
        self._erased[erasure.rule] += 1
        return None

    def _erasure(self, id: UUID) -> "_Erasure | None":
        if id not in self._erasures:
            self._erasures[id] = _read_erasure(self._reader.erasing(id))
        return self._erasures[id]


@dataclass(slots=True)
class _Erasure:
    """An erasure as the journal records it; seals are asked for in ascending order.

    n: its own seal, None while it waits for it; before: what it took is dated before this
    due: what is dated before this the law lets go at that time
    """

    rule: str
    n: int | None
    before: datetime
    due: datetime
    seals: list[tuple[int, int]]
    at: int = 0

    def covers(self, n: int, header: bytes) -> bool:
        """Return whether the erasure took seal `n` with this header, and was allowed to."""
        while self.at < len(self.seals) and self.seals[self.at][1] < n:
            self.at += 1
        named = self.at < len(self.seals) and self.seals[self.at][0] <= n
        return named and (self.n is None or n < self.n) and _dated(header) < self.before

    def was_due(self, header: bytes) -> bool:
        """Return whether an entry with this header had been kept for as long as it must be."""
        return _dated(header) < self.due


def _read_erasure(entry: ErasingEntry | None) -> _Erasure | None:
    """Return the erasure that an entry records; None where it records none."""
    if entry is None:
        return None
    try:
        header, payload = json.loads(entry.header), json.loads(entry.payload)
        match payload["after"]:
            case {"rule": str(rule), "before": str(before), "seals": list(seals)} if (
                header["action"] == ERASURE
            ):
                pairs = [(int(first), int(last)) for first, last in seals]
                dated = _dated(entry.header)
                until = min(datetime.fromisoformat(before), dated)
                # It may be dated as somebody likes; when it was sealed is not its choice.
                due = latest_before(DataKind.JOURNAL, min(dated, entry.known_at))
                return _Erasure(rule, entry.n, until, due, pairs)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return None


def _dated(header: bytes) -> datetime:
    """Return the instant of an entry; the last there is for bytes that are no entry's header."""
    try:
        return datetime.fromisoformat(json.loads(header)["at"])
    except (KeyError, TypeError, ValueError):
        return datetime.max.replace(tzinfo=UTC)


def _spells(sealed: bytes, start: bytes | None, end: bytes | None) -> bool:
    """Return whether sealed bytes begin and end as the columns say."""
    return (
        start is not None and end is not None and sealed.startswith(start) and sealed.endswith(end)
    )


class _Outside:
    """The heads kept outside, met in the order of the chain; `n` is the next one's seal."""

    def __init__(self, heads: Iterable[OutsideHead]) -> None:
        self._heads = iter(heads)
        self._next = next(self._heads, None)
        self.agreed_n = 0
        self.agreed = 0

    @property
    def n(self) -> int:
        """The seal whose head comes next; 0 after the last."""
        return 0 if self._next is None else self._next.n

    def stands_in(self, span: Span) -> bool:
        """Return whether the seal whose head comes next is one of these."""
        return span[0] <= self.n <= span[1]

    def compare(self, n: int, head: bytes) -> Finding | None:
        """Hold every head of seal `n` that was kept outside against the chain's."""
        while self._next is not None and self._next.n == n:
            if self._next.head != head:
                sentence = (
                    f"The chain was recomputed: seal {n} has another head than was kept outside. "
                    f"The first change lies between seals {self.agreed_n + 1} and {n}."
                )
                return Finding(Fault.REWRITTEN, n, None, sentence)
            self.agreed_n = n
            self.agreed += 1
            self._next = next(self._heads, None)
        if self._next is not None and self._next.n < n:
            sentence = (
                f"The heads kept outside go back from seal {n} to seal {self._next.n}: "
                "there the chain was cut, and continued."
            )
            return Finding(Fault.TAIL_CUT, self._next.n, None, sentence)
        return None

    def beyond(self, n: int) -> Finding | None:
        """Return the fault of a chain that ends at seal `n`, before a head kept outside."""
        if self._next is None:
            return None
        # Where the chain went on after the cut, the heads go back to where it was.
        first = min([n + 1, *(head.n for head in self._heads)])
        sentence = (
            f"The tail was cut: the chain ends at seal {n}, and a head of seal {self._next.n} "
            f"was kept outside. The first seal that is not what it was is {first} at the latest."
        )
        return Finding(Fault.TAIL_CUT, first, None, sentence)
