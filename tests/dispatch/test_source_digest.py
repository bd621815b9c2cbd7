"""By which source a suggestion says that it was made."""

from pathlib import Path

import dispatch.eligibility.rules
from dispatch.suggestions.version import source_digest, sources


def test_digest_covers_ranking_and_every_rule_and_nothing_that_reads_or_matches_batches() -> None:
    found = sources()
    rules = Path(dispatch.eligibility.rules.__path__[0]).glob("*.py")
    names = {path.stem for path in rules} - {"__init__", "hard"}
    assert {f"dispatch.eligibility.rules.{name}" for name in names} <= set(found)
    assert "dispatch.matching.ranking" in found
    assert "dispatch.matching.weights.Weights" in found
    assert "dispatch.eligibility.store" not in found
    assert "dispatch.matching.batch" not in found
    assert len(source_digest()) == 64
