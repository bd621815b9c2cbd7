"""Canonical bytes are those of RFC 8785, whichever way they are made."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from fleet.journal.canonical import canonical
from fleet.journal.errors import NotRecordable
from fleet.words import Role

_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
_ODD = st.sampled_from([0.0, -0.0, 1.0, 1e-4, 1e-5, 9.9e-5, 1e15, 1e16, 1e21, 123456789012345.6])
_LEAF = st.none() | st.booleans() | _WHOLE | st.floats(allow_nan=False, allow_infinity=False)
_JSON = st.recursive(
    _LEAF | _ODD | _TEXT | st.sampled_from(Role),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(_TEXT, inner),
)


@given(_JSON)
def test_any_json_is_written_as_rfc_8785_says(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), [float("inf")]])
def test_a_number_that_json_cannot_hold_exactly_is_refused(value: object) -> None:
    with pytest.raises(NotRecordable):
        canonical({"value": value})


@pytest.mark.parametrize("value", ["\ud800", {1: 2}, object()])
def test_what_is_no_json_is_refused(value: object) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical([value])
