"""What waits for its seal: nothing stops the sealer, and a window that stays open is named."""

import psycopg
import pytest

from fleet.journal.verify_window import Window, window_fault
from fleet.journal.verifying import Finding
from fleet.journal.words import Fault
from kit.database import plain_url
from tests.fleet.journal.conftest import Archive

_AT_ONCE = Window(look_again_s=0)
_OLD_ENTRY = """
    INSERT INTO journal (id, at, actor_no, actor_name, action, object_kind, before, after)
    VALUES (gen_random_uuid(), {at}, {actor_no}, 'old', 'place.add', 'place', {before}, {after})
"""


def write_old(archive: Archive, **values: str) -> None:
    """Write an entry as a version before the seals did."""
    told = {"at": "now()", "actor_no": "NULL", "before": "NULL", "after": "NULL"} | values
    with psycopg.connect(plain_url(archive.url)) as connection:
        connection.execute(_OLD_ENTRY.format(**told).encode())


def fault(archive: Archive, window: Window = _AT_ONCE) -> Finding | None:
    return window_fault(archive.url, window)


@pytest.mark.parametrize(
    "after",
    [
        "'{\"n\": 1e400}'",
        "'{\"n\": 9007199254740993}'",
        "'[1, 2]'",
        "(repeat('[', 3000) || repeat(']', 3000))::jsonb",
        "jsonb_build_object('n', repeat('9', 5000)::numeric)",
    ],
)
async def test_values_that_canonical_json_cannot_hold_are_sealed_as_text(
    archive: Archive, after: str
) -> None:
    write_old(archive, after=after)
    await archive.write("示A1")
    step = await archive.seal()
    assert step is not None
    assert (step.entries, archive.verify(outside=True).finding, fault(archive)) == (2, None, None)
    ((text,),) = archive.rows("SELECT convert_from(payload, 'UTF8') FROM journal WHERE no = 1")
    assert isinstance(text, str)
    assert '"as_text"' in text


@pytest.mark.parametrize(
    "poison", [{"at": "'infinity'"}, {"at": "'0044-03-15 BC'"}, {"actor_no": "9007199254740993"}]
)
async def test_an_entry_that_cannot_be_sealed_holds_nobody_up_and_is_named(
    archive: Archive, poison: dict[str, str]
) -> None:
    write_old(archive, **poison)
    assert await archive.seal() is None
    await archive.write("示A1")
    step = await archive.seal()
    assert step is not None
    assert step.entries == 1
    assert archive.verify(outside=True).finding is None
    found = fault(archive)
    assert found is not None
    assert (found.fault, found.entry_no) == (Fault.UNSEALED, 1)


async def test_a_window_that_is_too_wide_is_named(sealed: Archive) -> None:
    await sealed.write("示A7", "示A8")
    assert fault(sealed) is None
    found = fault(sealed, Window(most_entries=1, look_again_s=0))
    assert found is not None
    assert found.fault == Fault.UNSEALED
    assert "2 entries wait" in found.sentence


@pytest.mark.parametrize("forged", ["now()", "now() + interval '9 years'", "'infinity'"])
async def test_a_window_open_too_long_is_named_whatever_the_queue_says(
    sealed: Archive, forged: str
) -> None:
    await sealed.write("示A7")
    sealed.tamper("UPDATE journal SET at = at - interval '2 minutes' WHERE no = 7")
    sealed.tamper(f"UPDATE journal_pending SET since = {forged}")
    by_its_date = fault(sealed)
    assert by_its_date is not None
    assert by_its_date.fault == Fault.UNSEALED
    sealed.tamper("UPDATE journal SET at = now() WHERE no = 7")
    assert fault(sealed) is None
    # A later entry was sealed long ago: this one, of a lower number, waits for longer.
    sealed.tamper("UPDATE journal SET no = -7 WHERE no = 7")
    sealed.tamper("UPDATE journal_pending SET entry_no = -7")
    sealed.tamper("UPDATE journal_seal SET sealed_at = now() - interval '2 minutes' WHERE n = 6")
    by_a_later_seal = fault(sealed)
    assert by_a_later_seal is not None
    assert by_a_later_seal.fault == Fault.UNSEALED
