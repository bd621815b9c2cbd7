"""A level says otherwise only where every level above it left the rule open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.rules.keys import Excess, RuleKey, UseType
from fleet.rules.known import KNOWN, BadRuleValue
from fleet.rules.resolving import Said, may_speak, resolve
from fleet.words import Category

OVER = KNOWN[RuleKey.OVER_QUOTA]
USES = KNOWN[RuleKey.USE_TYPES]

_SAID = st.builds(
    Said,
    organisation_no=st.integers(1, 9),
    version=st.integers(1, 9),
    value=st.sampled_from(["refuse", "flag"]),
    open_below=st.booleans(),
)
_LEVELS = st.lists(st.none() | _SAID, max_size=6)


def said(no: int, value: object, open_below: bool) -> Said:
    return Said(no, 1, value, open_below)


@given(_LEVELS)
def test_the_value_in_force_is_the_last_that_everyone_above_allowed(
    levels: list[Said | None],
) -> None:
    allowed = True  # the root may always speak
    expected: Said | None = None
    for depth, one in enumerate(levels):
        if one is not None and allowed:
            expected, allowed = one, one.open_below
        elif depth == 0:
            allowed = OVER.open_below
    found = resolve(OVER, levels)
    if expected is None:
        assert (found.value, found.organisation_no, found.version) == (OVER.default, None, 0)
    else:
        assert (found.value, found.organisation_no) == (expected.value, expected.organisation_no)
        assert found.open_below == expected.open_below


@given(_LEVELS, _SAID)
def test_whoever_may_speak_is_obeyed_and_nobody_else(levels: list[Said | None], last: Said) -> None:
    before, after = resolve(OVER, [*levels, None]), resolve(OVER, [*levels, last])
    if may_speak(OVER, levels):
        assert (after.value, after.organisation_no) == (last.value, last.organisation_no)
    else:
        assert after == before


def test_what_an_upper_level_closed_later_is_without_effect() -> None:
    county = said(3, "flag", open_below=False)
    opened = resolve(OVER, [said(1, "refuse", open_below=True), None, county])
    closed = resolve(OVER, [said(1, "refuse", open_below=False), None, county])
    assert (opened.value, opened.organisation_no) == (Excess.FLAG, 3)
    assert (closed.value, closed.organisation_no) == (Excess.REFUSE, 1)


def test_lower_levels_add_to_a_code_list_and_never_change_it() -> None:
    def use(code: str, name: str) -> dict[str, str]:
        return {"category": "enforcement", "code": code, "name": name}

    found = resolve(
        USES,
        [
            said(1, [use("police", "警务")], True),
            said(2, [use("police", "x"), use("road", "路政")], True),
        ],
    )
    assert found.value == (
        UseType(category=Category.ENFORCEMENT, code="police", name="警务"),
        UseType(category=Category.ENFORCEMENT, code="road", name="路政"),
    )


@pytest.mark.parametrize("value", [None, "", "maybe", 1, ["flag"], {"value": "flag"}])
def test_a_value_of_another_form_is_refused(value: object) -> None:
    with pytest.raises(BadRuleValue):
        OVER.read(value)


def test_a_code_stands_once_in_a_list() -> None:
    one = {"category": "emergency", "code": "fire", "name": "消防"}
    assert len(USES.read([one])) == 1
    with pytest.raises(BadRuleValue, match="twice"):
        USES.read([one, one])
