"""The labels in spreadsheets are those of the glossary, and every word has one."""

import re
from pathlib import Path

import pytest

from dispatch.requests.states import RequestState
from dispatch.sheets import REQUEST_STATE
from fleet.exchange.kinds import Code
from gateway.http.exchange import SHEETS

GLOSSARY = (Path(__file__).parents[3] / "docs/glossary.md").read_text(encoding="utf-8")
PAIRS = set(re.findall(r"`([a-z_]+)` ([^·|（`]+?)(?= ·| \||（)", GLOSSARY)) | {
    (word, label) for label, word in re.findall(r"\| ([^|`]+?) \| `([a-z_]+)`", GLOSSARY)
}
CODES = [
    (sheet.name, column)
    for sheet in SHEETS
    for column in sheet.columns
    if isinstance(column.kind, Code)
]


@pytest.mark.parametrize(("name", "column"), CODES, ids=lambda one: getattr(one, "name", one))
def test_a_label_is_the_glossarys(name: str, column: object) -> None:
    labels = column.kind.labels.items()  # type: ignore[attr-defined]
    missing = {(word, label) for word, label in labels if (word, label) not in PAIRS}
    assert not missing


def test_every_state_of_a_request_has_a_label() -> None:
    assert set(REQUEST_STATE) == set(RequestState)
