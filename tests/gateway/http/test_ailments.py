"""Since when something ails."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.http.ailments import SENTENCES, Ailment, HealthRules, began, longer_than
from tests.docs.markdown import ROOT

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_what_is_known_by_itself_goes_before_what_was_noted_and_that_before_now() -> None:
    before = {Ailment.DISK_LOW: NOW - MINUTE, Ailment.WORKER_BEHIND: NOW - MINUTE}
    found = {
        Ailment.MAP_ABSENT: None,
        Ailment.DISK_LOW: None,
        Ailment.WORKER_BEHIND: NOW - 3 * MINUTE,
    }
    since = began(before, found, NOW)
    assert since == {
        Ailment.WORKER_BEHIND: NOW - 3 * MINUTE,
        Ailment.DISK_LOW: NOW - MINUTE,
        Ailment.MAP_ABSENT: NOW,
    }
    assert list(since) == [one for one in Ailment if one in found]


def test_what_has_passed_begins_anew_when_it_comes_back() -> None:
    first = began({}, {Ailment.BUS_AWAY: None}, NOW)
    passed = began(first, {}, NOW + MINUTE)
    again = began(passed, {Ailment.BUS_AWAY: None}, NOW + 2 * MINUTE)
    assert passed == {}
    assert again == {Ailment.BUS_AWAY: NOW + 2 * MINUTE}


def test_only_what_lasts_longer_than_allowed_ails() -> None:
    assert not longer_than(None, MINUTE, NOW)
    assert not longer_than(NOW - MINUTE, MINUTE, NOW)
    assert longer_than(NOW - MINUTE - timedelta(microseconds=1), MINUTE, NOW)


def test_every_ailment_has_a_sentence_of_its_own_and_a_line_for_operators() -> None:
    assert SENTENCES.keys() == set(Ailment)
    assert len(set(SENTENCES.values())) == len(Ailment)
    told = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").splitlines()
    assert [one for one in Ailment if not any(t.startswith(f"| `{one}` |") for t in told)] == []


@pytest.mark.parametrize("wrong", [{"answer_within_s": 0.0}, {"database_slow_s": 3.0}])
def test_rules_that_can_not_be_kept_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        HealthRules(**wrong)  # type: ignore[arg-type]
