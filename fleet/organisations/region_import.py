"""Bringing in the table of regions (GB/T 2260) that the operator supplies; none is shipped.

A CSV file in UTF-8 with the columns code, name, valid_from, valid_to, successor; days as
2020-01-31; an empty valid_to means still valid. A row replaces the one of the same code and
valid_from. All rows are read before any is written.
"""

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.errors import flush_or_refuse
from fleet.organisations import region_codes
from fleet.organisations.tables import Region
from kit.errors import BadRequest, Conflict

COLUMNS = ("code", "name", "valid_from", "valid_to", "successor")
_SHOWN_ERRORS = 20


class BadRegionFile(BadRequest):
    """The file of regions has rows that can't be read; nothing was imported."""


class RegionOverlap(Conflict):
    """A code would have two names on one day."""


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A row of the file."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None
    successor: str | None


def read_regions(lines: Iterable[str]) -> list[RegionRow]:
    """Return the rows of a file. Raises BadRegionFile with the number of each bad line."""
    reader = csv.DictReader(lines)
    if reader.fieldnames is None or [*reader.fieldnames] != [*COLUMNS]:
        raise BadRegionFile(f"The first line must be {','.join(COLUMNS)}.")
    rows, bad = [], []
    for number, cells in enumerate(reader, start=2):
        try:
            rows.append(_row(cells))
        except ValueError as error:
            bad.append(f"line {number}: {error}")
    if bad:
        more = f"; and {len(bad) - _SHOWN_ERRORS} more" if len(bad) > _SHOWN_ERRORS else ""
        raise BadRegionFile("; ".join(bad[:_SHOWN_ERRORS]) + more)
    return rows


def _row(cells: dict[str | None, str | None]) -> RegionRow:
    values = {column: (cells.get(column) or "").strip() for column in COLUMNS}
    code, successor = values["code"], values["successor"]
    for one in filter(None, (code, successor)):
        if not re.fullmatch(region_codes.PATTERN, one) or not region_codes.is_well_formed(one):
            raise ValueError(f"{one!r} is no code of GB/T 2260")
    if not code or not 1 <= len(values["name"]) <= 100:
        raise ValueError("code and a name of up to 100 characters are needed")
    begins = date.fromisoformat(values["valid_from"])
    ends = date.fromisoformat(values["valid_to"]) if values["valid_to"] else None
    if ends is not None and ends <= begins:
        raise ValueError("valid_to must lie after valid_from")
    return RegionRow(code, values["name"], begins, ends, successor or None)


async def import_regions(session: AsyncSession, act: Act, rows: list[RegionRow]) -> int:
    """Write the rows; return how many differ from what was there. Raises RegionOverlap.

    Journalled as one entry with the count and the SHA-256 of the rows.
    """
    there = {(one.code, one.valid_from): one for one in await session.scalars(select(Region))}
    changed = 0
    for row in rows:
        region = there.get((row.code, row.valid_from))
        if region is None:
            region = Region(code=row.code, valid_from=row.valid_from)
            session.add(region)
        elif (region.name, region.valid_to, region.successor) == (
            row.name,
            row.valid_to,
            row.successor,
        ):
            continue
        region.name, region.valid_to, region.successor = row.name, row.valid_to, row.successor
        there[row.code, row.valid_from] = region
        changed += 1
    await flush_or_refuse(session, {"one_region_a_code": RegionOverlap})
    digest = hashlib.sha256("\n".join(_lines(rows)).encode()).hexdigest()
    act.record(
        session,
        "region.import",
        "region",
        None,
        after={"rows": len(rows), "changed": changed, "sha256": digest},
    )
    await session.flush()
    return changed


def _lines(rows: list[RegionRow]) -> Iterator[str]:
    for row in rows:
        ends = row.valid_to.isoformat() if row.valid_to else ""
        yield f"{row.code},{row.name},{row.valid_from},{ends},{row.successor or ''}"
