"""Bureaus and units of the province, its cities and counties."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from demo.province import wording
from demo.province.ids import Ids
from demo.province.model import OrganisationDraft, Shape
from fleet.organisations.uscc import ALPHABET, check_digit
from fleet.words import OrganisationKind

_CODE = "99"  # no province of GB/T 2260 has it
_RENAMED = 40  # one unit in so many had another name in the first months


def draw_organisations(
    random: Random, ids: Ids, shape: Shape
) -> tuple[tuple[tuple[str, str], ...], tuple[OrganisationDraft, ...]]:
    """Return the regions as (code, name) and the organisations, parents first."""
    names = wording.places(shape.cities + shape.counties)
    regions = [(f"{_CODE}0000", wording.PROVINCE)]
    drafts = [_bureau(random, ids, regions[0], None, weight=150)]
    for n in range(shape.cities):
        regions.append((f"{_CODE}{n + 1:02}00", f"{names[n]}市"))
        drafts.append(_bureau(random, ids, regions[-1], 0, weight=100))
    for n in range(shape.counties):
        city, place = n % shape.cities, n // shape.cities
        code = f"{_CODE}{city + 1:02}{21 + place:02}"
        regions.append((code, f"{names[shape.cities + n]}县"))
        drafts.append(_bureau(random, ids, regions[-1], 1 + city, weight=40))
    drafts += _units(random, ids, shape, regions)
    return tuple(regions), tuple(drafts)


def _bureau(
    random: Random, ids: Ids, region: tuple[str, str], parent: int | None, weight: int
) -> OrganisationDraft:
    code, name = region
    return OrganisationDraft(
        id=ids.next(),
        name=f"{name}机关事务管理局",
        kind=OrganisationKind.BUREAU,
        parent=parent,
        region_code=code,
        uscc=_uscc(random, code),
        weight=weight,
    )


def _units(
    random: Random, ids: Ids, shape: Shape, regions: list[tuple[str, str]]
) -> list[OrganisationDraft]:
    """Spread the units: a few with the province, some with each city, most with the counties."""
    shares = [60] + [30] * shape.cities + [20] * shape.counties
    made = []
    for level, count in enumerate(_spread(shape.units, shares)):
        code, place = regions[level]
        for n in range(count):
            kind = wording.UNITS[n % len(wording.UNITS)]
            turn = n // len(wording.UNITS)
            name = f"{place}{kind}" if turn == 0 else f"{place}{kind}第{turn + 1}分局"
            draft = OrganisationDraft(
                id=ids.next(),
                name=name,
                kind=OrganisationKind.UNIT,
                parent=level,
                region_code=code,
                uscc=_uscc(random, code),
                weight=random.randint(4, 32),
            )
            if random.randrange(_RENAMED) == 0:
                draft = replace(draft, former_name=f"{name}筹备处")
            made.append(draft)
    return made


def _spread(total: int, shares: list[int]) -> list[int]:
    """Divide `total` in proportion to `shares`; the parts add up to it exactly."""
    whole, given, parts = sum(shares), 0, []
    passed = 0
    for share in shares:
        passed += share
        parts.append(total * passed // whole - given)
        given += parts[-1]
    return parts


def _uscc(random: Random, region: str) -> str:
    """Return a code of a government body (11) with a fitting check digit."""
    body = f"11{region}" + "".join(random.choice(ALPHABET) for _ in range(9))
    return body + check_digit(body)
