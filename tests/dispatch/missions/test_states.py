"""Who moves a mission on, by its table."""

from itertools import product

import pytest

from dispatch.errors import OwnApproval, StepNotAllowed, StepNotYours
from dispatch.missions.guard_duty import HINTS, hints_at_guard_duty
from dispatch.missions.states import (
    MOVES,
    Doer,
    MissionAction,
    MissionState,
    legal_actions,
    next_state,
)

SETS = [
    frozenset(doer for doer, holds in zip(Doer, bits, strict=True) if holds)
    for bits in product((False, True), repeat=len(Doer))
]


@pytest.mark.parametrize("doers", SETS, ids=lambda doers: "+".join(sorted(d.value for d in doers)))
def test_what_is_told_to_be_legal_is_what_may_be_done(doers: frozenset[Doer]) -> None:
    for state, action in product(MissionState, MissionAction):
        if action in legal_actions(state, doers):
            assert next_state(state, action, doers) is MOVES[state][action].to
            continue
        with pytest.raises((StepNotAllowed, StepNotYours, OwnApproval)):
            next_state(state, action, doers)


def test_nobody_who_is_concerned_decides_about_a_mission() -> None:
    concerned = frozenset({Doer.APPROVER, Doer.CONCERNED})
    decisions = {MissionAction.APPROVE, MissionAction.SEND_BACK, MissionAction.REJECT}
    assert not decisions & set(legal_actions(MissionState.UNIT_REVIEW, concerned))


@pytest.mark.parametrize("hint", HINTS)
def test_a_hint_at_guard_duty_is_found_between_other_words_and_blanks(hint: str) -> None:
    spaced = " ".join(hint)
    assert hints_at_guard_duty(f"关于{spaced}的安排")
    assert not hints_at_guard_duty("年度工作会议保障")
