"""A round that was kept is matched to the same again, whatever has moved since."""

import random
from dataclasses import replace

import pytest

from dispatch.eligibility.columns import Choices
from dispatch.matching.batch import match_batch
from dispatch.matching.kept_ways import KeptWays
from dispatch.matching.weights import Weights
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.suggestions.rounds import (
    Weighed,
    differences,
    match_again,
    pack_round,
    unpack_round,
)
from tests.dispatch.matching import worlds
from tests.dispatch.matching.worlds import AT


@pytest.mark.parametrize("seed", range(4))
def test_a_kept_round_is_matched_to_the_same_again(seed: int) -> None:
    chance = random.Random(seed)
    choices = Choices.of(worlds.vehicles(chance, 30))
    asked, weights = worlds.waiting(chance, 20), Weights(nearest=2)
    ways = KeptWays(StraightLineTravelTimes())
    matching = match_batch(asked, choices, AT, ways, weights)
    kept = pack_round(Weighed(asked, choices, AT, weights, ways.ways(), str(ways.label)))
    again = unpack_round(kept.content, kept.sha256)
    assert list(again.asked) == asked
    assert match_again(again) == matching
    told = [
        {
            "request": str(one.request),
            "vehicle_no": one.vehicle_no,
            "driver_no": one.driver_no,
            "cost_s": one.cost.total_s,
        }
        for one in matching.matches
    ]
    assert differences(match_again(again), told) == []
    assert matching.matches, "there is something to tell"
    told[0]["vehicle_no"] = None
    assert len(differences(match_again(again), told)) == 1


def test_a_round_that_was_changed_is_not_read() -> None:
    chance = random.Random(1)
    choices, asked = Choices.of(worlds.vehicles(chance, 5)), worlds.waiting(chance, 3)
    ways = KeptWays(StraightLineTravelTimes())
    match_batch(asked, choices, AT, ways)
    weighed = Weighed(asked, choices, AT, Weights(), ways.ways(), str(ways.label))
    kept, other = pack_round(weighed), pack_round(replace(weighed, weights=Weights(nearest=3)))
    with pytest.raises(ValueError, match="SHA-256"):
        unpack_round(other.content, kept.sha256)
    with pytest.raises(ValueError, match="can't be read"):
        unpack_round(b"nothing", kept.sha256)
