"""What a superuser does to the journal by SQL is found, named, and given its kind."""

import json

import pytest

from fleet.journal import record
from fleet.journal.canonical import instant_text
from fleet.journal.chain import GENESIS, entry_digest, next_head, payload_digest
from fleet.journal.verify_store import open_chain
from fleet.journal.verifying import verify
from fleet.journal.words import Algorithm, Fault
from kit.clock import utc_now
from kit.database import transaction
from tests.fleet.journal.conftest import Archive


async def test_an_untouched_journal_holds_with_the_heads_outside(sealed: Archive) -> None:
    verdict = sealed.verify(outside=True)
    assert verdict.finding is None
    assert (verdict.entries, verdict.outside, verdict.unsealed) == (6, 2, 0)


@pytest.mark.parametrize(
    "change",
    [
        "SET payload = convert_to(replace(convert_from(payload, 'UTF8'), '示A4', '示B4'), 'UTF8')",
        "SET header = convert_to(replace(convert_from(header, 'UTF8'), 'add', 'ads'), 'UTF8')",
        "SET header = NULL",
        "SET salt = decode('00112233445566778899aabbccddeeff', 'hex')",
        "SET salt = salt || substr(payload, 1, 3), payload = substr(payload, 4)",
        "SET at = at - interval '1 microsecond'",
        "SET at = 'infinity'",
        "SET at = '0044-03-15 BC'",
        "SET erased_by = gen_random_uuid()",
        "SET action = 'vehicle.read'",
        "SET object_kind = 'driver'",
        "SET object_id = id",
        "SET actor_no = 7",
        "SET organisation_no = 7",
        "SET supervisor_no = 7",
        "SET actor_name = 'nobody'",
        "SET actor_name = 'sys\"tem'",
        "SET address = '10.0.0.8'",
        "SET address = NULL",
        "SET reason = '登记'",
        "SET reason = reason || chr(7)",
        'SET after = \'{"plate": "示B4"}\'',
    ],
)
async def test_a_changed_entry_is_named(sealed: Archive, change: str) -> None:
    sealed.tamper(f"UPDATE journal {change} WHERE no = 4")
    finding = sealed.verify().finding
    assert finding is not None
    assert (finding.fault, finding.n, finding.entry_no) == (Fault.CHANGED, 4, 4)


async def test_a_deleted_entry_is_named(sealed: Archive) -> None:
    sealed.tamper("DELETE FROM journal WHERE no = 3")
    finding = sealed.verify().finding
    assert finding is not None
    assert (finding.fault, finding.n, finding.entry_no) == (Fault.DELETED, 3, 3)


async def test_an_entry_deleted_with_its_seal_leaves_a_gap_that_is_named(sealed: Archive) -> None:
    sealed.tamper("DELETE FROM journal WHERE no = 3", "DELETE FROM journal_seal WHERE n = 3")
    finding = sealed.verify().finding
    assert finding is not None
    assert (finding.fault, finding.n) == (Fault.DELETED, 3)


async def test_an_inserted_entry_is_named(sealed: Archive) -> None:
    columns = "at, actor_name, action, object_kind, header, salt, payload"
    sealed.tamper(
        f"INSERT INTO journal (id, {columns}) "
        f"SELECT gen_random_uuid(), {columns} FROM journal WHERE no = 2"
    )
    finding = sealed.verify().finding
    assert finding is not None
    assert (finding.fault, finding.entry_no) == (Fault.INSERTED, 7)


@pytest.mark.parametrize("what", ["header, salt, payload", "payload, salt", "no"])
async def test_swapped_entries_are_named(sealed: Archive, what: str) -> None:
    if what == "no":
        moves = [
            f"UPDATE journal SET no = {to} WHERE no = {no}" for no, to in ((2, 99), (5, 2), (99, 5))
        ]
        sealed.tamper(*moves)
    else:
        sealed.tamper(
            f"UPDATE journal j SET ({what}) = (SELECT {what} FROM journal o WHERE o.no = 7 - j.no) "
            "WHERE no IN (2, 5)"
        )
    finding = sealed.verify().finding
    assert finding is not None
    assert (finding.fault, finding.n, finding.entry_no) == (Fault.SWAPPED, 2, 2)
    assert "seal 5" in finding.sentence


@pytest.mark.parametrize(
    "change",
    [
        "SET head = digest",
        "SET sealed_at = sealed_at + interval '1 microsecond'",
        "SET algorithm = 'md4711'",
        "SET algorithm = 'shake_128'",
        "SET sealed_at = 'infinity'",
        "SET payload_digest = digest",
    ],
)
async def test_a_changed_seal_is_named(sealed: Archive, change: str) -> None:
    sealed.tamper(f"UPDATE journal_seal {change} WHERE n = 5")
    finding = sealed.verify().finding
    assert finding is not None
    assert (finding.fault, finding.n) == (Fault.SEAL_BROKEN, 5)


async def test_a_cut_tail_shows_against_the_heads_outside(sealed: Archive) -> None:
    sealed.tamper("DELETE FROM journal WHERE no > 4", "DELETE FROM journal_seal WHERE n > 4")
    assert sealed.verify().finding is None
    finding = sealed.verify(outside=True).finding
    assert finding is not None
    assert (finding.fault, finding.n) == (Fault.TAIL_CUT, 5)
    await sealed.write("示A7")
    await sealed.seal()
    continued = sealed.verify(outside=True).finding
    assert continued is not None
    assert (continued.fault, continued.n) == (Fault.TAIL_CUT, 5)


async def test_a_head_that_is_kept_while_the_chain_is_read_is_no_fault(sealed: Archive) -> None:
    heads = sealed.heads.heads()
    with open_chain(sealed.url) as chain:
        await sealed.write("示A7")
        await sealed.seal()
        verdict = verify(chain, heads)
    assert (verdict.finding, verdict.entries, verdict.outside, verdict.compared) == (None, 6, 2, 6)
    assert sealed.verify(outside=True).compared == 7


async def test_a_chain_recomputed_as_a_whole_shows_against_the_heads_outside(
    sealed: Archive,
) -> None:
    change = "convert_to(replace(convert_from(payload, 'UTF8'), '示A5', '示B5'), 'UTF8')"
    sealed.tamper(f"UPDATE journal SET payload = {change}, reason = '登记 示B5' WHERE no = 5")
    _recompute(sealed)
    assert sealed.verify().finding is None
    finding = sealed.verify(outside=True).finding
    assert finding is not None
    assert (finding.fault, finding.n) == (Fault.REWRITTEN, 6)
    assert "between seals 4 and 6" in finding.sentence


async def test_a_deletion_before_the_seal_is_the_stated_window(sealed: Archive) -> None:
    await sealed.write("示A7", "示A8")
    sealed.tamper(
        "DELETE FROM journal WHERE no = 7", "DELETE FROM journal_pending WHERE entry_no = 7"
    )
    verdict = sealed.verify(outside=True)
    assert verdict.finding is None
    assert verdict.unsealed == 1
    assert verdict.oldest_s > 0


async def test_a_waiting_entry_deleted_without_its_place_in_the_queue_is_named(
    sealed: Archive,
) -> None:
    await sealed.write("示A7", "示A8")
    sealed.tamper("DELETE FROM journal WHERE no = 7")
    step = await sealed.seal()
    assert step is not None
    assert step.lost == (7,)
    finding = sealed.verify(outside=True).finding
    assert finding is not None
    assert (finding.fault, finding.n, finding.entry_no) == (Fault.DELETED, 7, 7)


@pytest.mark.parametrize("erased_by", ["NULL", "id", "gen_random_uuid()"])
async def test_what_no_rule_has_erased_is_named(sealed: Archive, erased_by: str) -> None:
    sealed.tamper(
        "UPDATE journal SET payload = NULL, salt = NULL, actor_name = NULL, reason = NULL, "
        f"address = NULL, erased_by = {erased_by} WHERE no = 2"
    )
    finding = sealed.verify().finding
    assert finding is not None
    assert (finding.fault, finding.n, finding.entry_no) == (Fault.ERASED_UNRULED, 2, 2)


_RULE = '"rule":"r"'
_SEALS = '"seals":[[2,2]]'
_LATER = '"before":"2999-01-01T00:00:00+00:00"'


@pytest.mark.parametrize(
    ("action", "after"),
    [
        ("vehicle.add", f"{_LATER},{_RULE},{_SEALS}"),
        ("journal.erase", f"{_RULE},{_SEALS}"),
        ("journal.erase", f'"before":"2000-01-01T00:00:00+00:00",{_RULE},{_SEALS}'),
        ("journal.erase", f'{_LATER},{_RULE},"seals":[[3,9]]'),
        ("journal.erase", f'{_LATER},{_RULE},"seals":[2]'),
        ("journal.erase", f'{_LATER},{_RULE},"seals":[["a","b"]]'),
    ],
)
async def test_an_erasure_that_only_claims_a_rule_is_named(
    sealed: Archive, action: str, after: str
) -> None:
    await _claim(sealed, action, f"{{{after}}}")
    for _ in range(2):
        finding = sealed.verify().finding
        assert finding is not None
        assert (finding.fault, finding.n, finding.entry_no) == (Fault.ERASED_UNRULED, 2, 2)
        await sealed.seal()


async def test_an_erasure_that_was_put_in_past_the_queue_is_named(sealed: Archive) -> None:
    await _claim(sealed, "journal.erase", f"{{{_LATER},{_RULE},{_SEALS}}}")
    sealed.tamper("DELETE FROM journal_pending")
    finding = sealed.verify().finding
    assert finding is not None
    assert (finding.fault, finding.n) == (Fault.ERASED_UNRULED, 2)


async def test_an_entry_put_into_the_queue_again_stops_no_sealer(sealed: Archive) -> None:
    sealed.tamper("INSERT INTO journal_pending (entry_no) VALUES (3)")
    await sealed.write("示A7")
    step = await sealed.seal()
    assert step is not None
    assert step.entries == 1
    verdict = sealed.verify(outside=True)
    assert (verdict.finding, verdict.entries, verdict.unsealed) == (None, 7, 0)


async def _claim(archive: Archive, action: str, after: str) -> None:
    """Erase entry 2, and write an entry that says by what right."""
    async with transaction(archive.sessions) as session:
        id = record(
            session,
            actor=None,
            action=action,
            object_kind="journal",
            object_id=None,
            now=utc_now(),
            after=json.loads(after),
        )
        await session.flush()
    archive.tamper(
        "UPDATE journal SET payload = NULL, salt = NULL, actor_name = NULL, reason = NULL, "
        f"address = NULL, erased_by = '{id}' WHERE no = 2"
    )


def _recompute(archive: Archive) -> None:
    """Give every seal the digests and the head that today's entries would have."""
    head = GENESIS
    statements = []
    for n, sealed_at, header, salt, payload in archive.rows(
        "SELECT s.n, s.sealed_at, j.header, j.salt, j.payload "
        "FROM journal_seal s JOIN journal j ON j.no = s.entry_no ORDER BY s.n"
    ):
        kept = payload_digest("sha256", salt, payload)
        digest = entry_digest("sha256", header, kept)
        head = next_head(n, Algorithm.SHA256, instant_text(sealed_at), head, digest)
        statements.append(
            f"UPDATE journal_seal SET payload_digest = '\\x{kept.hex()}', "
            f"digest = '\\x{digest.hex()}', head = '\\x{head.hex()}' WHERE n = {n}"
        )
    archive.tamper(*statements)
