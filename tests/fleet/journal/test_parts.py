"""A journal that is verified in parts, by several processes, shows the same as in one piece."""

import pytest

from fleet.journal.words import Algorithm, Fault
from tests.fleet.journal.conftest import Archive


@pytest.mark.parametrize(("block", "processes"), [(1, 1), (2, 2), (4, 3)])
async def test_an_untouched_journal_holds_in_parts(
    sealed: Archive, block: int, processes: int
) -> None:
    await sealed.write("示A7")
    await sealed.seal(Algorithm.SM3)  # followed link by link, between blocks that are not
    await sealed.write("示A8", "示A9")
    await sealed.seal()
    verdict = sealed.verify(outside=True, block=block, processes=processes)
    assert verdict.finding is None
    assert (verdict.entries, verdict.outside) == (9, 4)
    (head,) = sealed.rows("SELECT head FROM journal_seal WHERE n = 9")
    assert head == (verdict.head,)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
async def test_a_fault_on_either_side_of_a_joint_is_named(sealed: Archive, n: int) -> None:
    kept = sealed.rows(f"SELECT head, digest FROM journal_seal WHERE n = {n}")[0]
    for change, undo in (
        (f"head = digest WHERE n = {n}", f"head = '\\x{_hex(kept[0])}' WHERE n = {n}"),
        (f"n = -{n} WHERE n = {n}", f"n = {n} WHERE n = -{n}"),
        (f"n = 100 WHERE n = {n}", f"n = {n} WHERE n = 100"),
    ):
        sealed.tamper(f"UPDATE journal_seal SET {change}")
        whole = sealed.verify().finding
        assert whole is not None
        assert whole.fault in {Fault.SEAL_BROKEN, Fault.DELETED}
        assert sealed.verify(block=2, processes=2).finding == whole
        assert sealed.verify(block=3, processes=1).finding == whole
        sealed.tamper(f"UPDATE journal_seal SET {undo}")
    assert sealed.verify(outside=True, block=2, processes=2).finding is None


async def test_a_part_recomputed_from_a_joint_on_shows_at_the_joint(sealed: Archive) -> None:
    # Every seal from 3 on follows from the one before it, but 3 no longer from 2.
    sealed.tamper(
        "UPDATE journal_seal SET head = payload_digest WHERE n = 2",
    )
    finding = sealed.verify(block=2, processes=2).finding
    assert finding is not None
    assert (finding.fault, finding.n) == (Fault.SEAL_BROKEN, 2)


async def test_heads_outside_that_lie_in_different_parts_are_all_compared(
    sealed: Archive,
) -> None:
    sealed.tamper("DELETE FROM journal WHERE no > 4", "DELETE FROM journal_seal WHERE n > 4")
    await sealed.write("示A7", "示A8")
    await sealed.seal()
    for block in (1, 2, 3):
        finding = sealed.verify(outside=True, block=block, processes=2).finding
        assert finding is not None
        assert (finding.fault, finding.n) == (Fault.REWRITTEN, 6)
        assert "between seals 4 and 6" in finding.sentence


def _hex(value: object) -> str:
    assert isinstance(value, bytes)
    return value.hex()
