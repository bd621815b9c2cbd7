"""What is shown of phone and ID numbers: rules without a database."""

import secrets
import string
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.access import Actor, Grant
from fleet.people import id_numbers
from fleet.people.masking import masked_phone, shown_phone
from fleet.words import Role
from kit.secrets import SealBroken, Sealer

ONE, OTHER = UUID(int=1), UUID(int=2)


def reader(no: int, role: Role, *scope: int) -> Actor:
    return Actor(no, UUID(int=no), "reader", "某", (Grant(role, 1, frozenset(scope)),))


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("0471-1234567", "047****4567"),
        ("110", "****10"),
        ("12345678", "****78"),
    ],
)
def test_the_middle_of_a_phone_number_is_hidden(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown


@given(st.text(string.digits, min_size=3, max_size=24))
def test_at_least_two_digits_of_a_longer_number_stay_hidden(phone: str) -> None:
    shown = sum(one.isdigit() for one in masked_phone(phone))
    assert shown <= max(2, len(phone) - 2)


def test_a_phone_number_is_whole_to_its_owner_and_to_who_may_call_in_their_organisation() -> None:
    def seen(by: Actor) -> str | None:
        return shown_phone("13812345678", person_no=7, organisation_nos={1, 2}, reader=by)

    assert seen(reader(8, Role.DISPATCHER, 2, 3)) == "13812345678"
    assert seen(reader(8, Role.DISPATCHER, 3)) == "138****5678"
    assert seen(reader(8, Role.SUPERVISOR_OFFICER, 1, 2)) == "138****5678"
    assert seen(reader(7, Role.APPLICANT)) == "13812345678"


def test_the_check_digit_and_birthday_of_an_id_number_are_held_against_the_standard() -> None:
    # GB 11643-1999, the example of annex A.
    assert id_numbers.check_digit("11010519491231002") == "X"
    assert id_numbers.warnings_of("11010519491231002x") == ()
    assert id_numbers.warnings_of("110105194912310021") == ("id_number_check_digit",)
    assert "id_number_birthday" in id_numbers.warnings_of("110105194913310021")


@given(st.dates(date(1900, 1, 1)), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_changed_digit_of_an_id_number_is_always_noticed(
    birthday: date, serial: int, place: int, change: int
) -> None:
    first = f"110105{birthday:%Y%m%d}{serial:03d}"
    number = first + id_numbers.check_digit(first)
    changed = list(number)
    changed[place] = str((int(changed[place]) + change) % 10)
    assert "id_number_check_digit" in id_numbers.warnings_of("".join(changed))


def test_equal_numbers_have_one_index_and_a_seal_opens_in_its_own_row_alone() -> None:
    sealer, elsewhere = Sealer((secrets.token_bytes(32),)), Sealer((secrets.token_bytes(32),))
    one = id_numbers.keep("11010519491231002x", sealer, ONE)
    same = id_numbers.keep("11010519491231002X", sealer, OTHER)
    assert one.index == same.index
    assert one.sealed != same.sealed
    assert one.tail == "002X"
    assert b"194912" not in one.sealed
    assert b"194912" not in one.index
    assert one.index != id_numbers.keep("11010519491231002X", elsewhere, ONE).index
    assert sealer.open(one.sealed, context=id_numbers.context(ONE)) == b"11010519491231002X"
    with pytest.raises(SealBroken):
        sealer.open(one.sealed, context=id_numbers.context(OTHER))
    assert "194912" not in repr(one)


@pytest.mark.parametrize("number", ["", "1101051949123100", "11010519491231002Y", "0" * 18])
def test_what_has_not_the_form_of_an_id_number_is_not_kept(number: str) -> None:
    with pytest.raises(ValueError, match="17 digits"):
        id_numbers.keep(number, Sealer((secrets.token_bytes(32),)), ONE)
