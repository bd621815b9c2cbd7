"""Fuzzed frames through everything that reads them (a million of them by `loadtests.faults`)."""

import logging
import os
from random import Random, SystemRandom

import pytest

from loadtests.faults.fuzzing import fuzzed_frames, made_up_samples, real_samples
from loadtests.faults.readers import ReaderFailed, Readers

log = logging.getLogger(__name__)

SEED = int(os.environ.get("GONGCHE_TEST_SEED", "0")) or SystemRandom().randrange(1, 10**6)


def test_fuzzed_frames_raise_nothing_and_are_read_or_refused() -> None:
    log.warning("repeat these frames with GONGCHE_TEST_SEED=%d", SEED)  # shown on failure
    made_up = made_up_samples(500, SEED)
    frames = list(fuzzed_frames(real_samples(), made_up, 20_000, Random(SEED)))
    readers = Readers()
    for start in range(0, len(frames), 500):
        readers.feed(frames[start : start + 500])
    assert readers.refused > 1_000
    assert readers.events - readers.refused > 1_000
    assert readers.read > 1_000


def test_a_stage_that_fails_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("gateway.terminals.reading.judged_columns", fail)
    with pytest.raises(ReaderFailed):
        Readers().feed(list(fuzzed_frames(real_samples(), real_samples(), 500, Random(1))))
