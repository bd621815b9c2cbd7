"""One word for one thing: the code's words stand in the glossary, forbidden ones in no label."""

import enum
import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import audit
import dispatch
import fleet
import gateway.protocols
import tracking
from dispatch.words import PURPOSE_LABEL, SERVICE_LABEL
from fleet.permissions import Permission
from tests.docs.markdown import ROOT

_ROOMS = (fleet, tracking, dispatch, audit, gateway.protocols)
_GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
_PAGES = ROOT / "web" / "src"
_LABELS = "".join(
    path.read_text(encoding="utf-8")
    for path in (
        *(_PAGES / name for name in ("i18n/zh.ts", "i18n/console/zh.ts", "console/pages.tsx")),
        *sorted((_PAGES / "register" / "zh").glob("*.ts")),
    )
)
_FORBIDDEN = (
    *("公车", "专车", "VIP", "领导用车", "订单", "拼车", "借用", "司机"),
    *("案件", "问题线索", "违规"),
)
_FAMILIES = (
    *("state", "role", "category", "holding", "energy"),
    *("purpose", "service", "rule", "act"),
    *("life", "event", "document", "application", "step", "method", "excess", "exceeding"),
    *("colour", "secrecy", "body", "funding", "marking", "condition"),
    *("kind", "matter", "shift", "leave", "custody", "roster", "day", "days", "issuer", "data"),
)


def _enumerations() -> Iterator[type[enum.StrEnum]]:
    for room in _ROOMS:
        for module in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
            for one in vars(importlib.import_module(module.name)).values():
                if isinstance(one, type) and issubclass(one, enum.StrEnum) and len(one):
                    yield one


# A permission is made of a thing and an act; it is no word of its own.
_CODE_LISTS = sorted(set(_enumerations()) - {Permission}, key=lambda one: one.__qualname__)


def _chinese(code: str) -> set[str]:
    """Return the Chinese that the glossary gives a code name, in tables and in code lists."""
    in_table = re.findall(rf"\| ([^|`]+) \| `{code}` \|", _GLOSSARY)
    in_list = re.findall(rf"`{code}` ([^·|`]+?) *(?:·|\|)", _GLOSSARY)
    return {word.strip() for word in in_table + in_list}


@pytest.mark.parametrize("words", _CODE_LISTS, ids=lambda words: words.__qualname__)
def test_every_word_of_a_code_list_stands_in_the_glossary(words: type[enum.StrEnum]) -> None:
    assert [word.value for word in words if f"`{word.value}`" not in _GLOSSARY] == []


def test_no_label_uses_a_forbidden_word() -> None:
    labels = re.findall(r'(?:"[^"]+"|\w+):\s*"([^"]*)"', _LABELS)
    assert len(labels) > 500
    assert [label for label in labels if any(word in label for word in _FORBIDDEN)] == []


def test_a_code_names_label_is_the_glossarys_chinese() -> None:
    found = re.findall(rf'"(?:{"|".join(_FAMILIES)})\.(\w+)":\s*"([^"]*)"', _LABELS)
    assert found
    told = {code: _chinese(code) for code, _ in found}
    assert [(c, label) for c, label in found if told[c] and label not in told[c]] == []


@pytest.mark.parametrize("labels", [PURPOSE_LABEL, SERVICE_LABEL], ids=["purpose", "service"])
def test_what_stands_on_paper_is_the_glossarys_chinese(labels: dict[enum.StrEnum, str]) -> None:
    assert [(c, label) for c, label in labels.items() if label not in _chinese(c)] == []
