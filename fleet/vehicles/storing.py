"""Storing vehicles with their units, plates and events by date: one statement for each table.

Rows travel as one JSON text, which the database reads by the table's own types: thousands of rows
cost a tenth of what they cost as objects, one parameter for each of their fields.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Result, TextClause, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.errors import PlateTaken
from fleet.vehicles.attributes import ATTRIBUTE_NAMES, as_json
from fleet.vehicles.entries import Entry
from fleet.vehicles.errors import VinTaken
from fleet.vehicles.words import EventKind, LifeState
from kit.database import violated_constraint
from kit.ids import new_id

TAKEN = {
    "uq_vehicle_plate_plate_colour": PlateTaken,
    "one_holder_of_a_plate_at_a_time": PlateTaken,
    "uq_vehicle_vin_present": VinTaken,
}

Steps = Sequence[tuple[EventKind, date]]
_Row = Mapping[str, object]

_OF_VEHICLE = (
    *("id", "plate", "plate_colour", "vin", "model", "category", "seats", "energy", "holding"),
    *("state", "excess"),
    *ATTRIBUTE_NAMES,
)


@dataclass(frozen=True, slots=True)
class Coming:
    """A vehicle whose rules have been kept, ready to be stored.

    id: its public id; plate: in its stored form; state: to which `steps` lead
    excess: of what it is in excess and is let pass
    """

    id: UUID
    entry: Entry
    plate: str
    steps: Steps
    state: LifeState
    excess: Sequence[str]

    def row(self) -> dict[str, object]:
        """Return the columns of `vehicle`."""
        entry = self.entry
        known = {name: as_json(value) for name, value in entry.attributes.values().items()}
        return known | {
            "id": str(self.id),
            "plate": self.plate,
            "plate_colour": entry.plate_colour,
            "vin": entry.vin,
            "model": entry.model,
            "category": entry.category,
            "seats": entry.seats,
            "energy": entry.energy,
            "holding": entry.holding,
            "state": self.state,
            "excess": self.excess,
        }


def _insert(table: str, columns: Sequence[str], returning: str = "") -> TextClause:
    names = ", ".join(columns)
    return text(
        f"INSERT INTO {table} ({names}) SELECT {names} "  # noqa: S608  (names of this file only)
        f"FROM json_populate_recordset(NULL::{table}, CAST(:rows AS json)){returning}"
    )


_VEHICLES = _insert("vehicle", _OF_VEHICLE, " RETURNING id, no")
_UNITS = _insert("vehicle_unit", ("vehicle_no", "organisation_no", "base_no", "period"))
_PLATES = _insert("vehicle_plate", ("vehicle_no", "plate", "plate_colour", "period"))
_EVENTS = _insert(
    "vehicle_event",
    ("id", "vehicle_no", "kind", "day", "facts", "organisation_no", "recorded_by_no"),
)


async def store(session: AsyncSession, act: Act, comings: Sequence[Coming]) -> None:
    """Store all vehicles or none. Raises PlateTaken, VinTaken."""
    made = await _execute(session, _VEHICLES, [one.row() for one in comings])
    nos: dict[UUID, int] = {row[0]: row[1] for row in made}
    units: list[_Row] = []
    plates: list[_Row] = []
    events: list[_Row] = []
    recorder = act.actor.person_no if act.actor else None
    for one in comings:
        entry, no = one.entry, nos[one.id]
        since = f"[{(entry.since or act.now).isoformat()},)"
        unit_no = entry.organisation.no
        units.append(
            {
                "vehicle_no": no,
                "organisation_no": unit_no,
                "base_no": entry.base.no if entry.base else None,
                "period": since,
            }
        )
        plates.append(
            {
                "vehicle_no": no,
                "plate": one.plate,
                "plate_colour": entry.plate_colour,
                "period": since,
            }
        )
        events += [
            {
                "id": str(new_id()),
                "vehicle_no": no,
                "kind": kind,
                "day": day.isoformat(),
                "facts": _facts(kind, one.excess),
                "organisation_no": unit_no,
                "recorded_by_no": recorder,
            }
            for kind, day in one.steps
        ]
    for statement, rows in ((_UNITS, units), (_PLATES, plates), (_EVENTS, events)):
        await _execute(session, statement, rows)


def _facts(kind: EventKind, excess: Sequence[str]) -> _Row:
    return {"excess": excess} if excess and kind is EventKind.REGISTERED else {}


async def _execute(
    session: AsyncSession, statement: TextClause, rows: Sequence[_Row]
) -> Result[*tuple[Any, ...]]:
    """Store rows; a violated constraint becomes the error that `TAKEN` names."""
    said = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    try:
        return await session.execute(statement, {"rows": said})
    except IntegrityError as error:
        refusal = TAKEN.get(violated_constraint(error) or "")
        if refusal is None:
            raise
        raise refusal from error


@asynccontextmanager
async def many_rows(session: AsyncSession) -> AsyncIterator[None]:
    """Let the database plan once what it asks for each row, such as whether a foreign key exists.

    Sessions plan every statement anew for its values (`kit.database`). For the questions behind
    foreign keys that is waste: tens of thousands of them cost half of an import. Where the block
    raises, the way stays until the savepoint or transaction is rolled back, and goes with it.
    """
    before: str = (await session.execute(text("SHOW plan_cache_mode"))).scalar_one()
    set_to = text("SELECT set_config('plan_cache_mode', :mode, true)")
    await session.execute(set_to, {"mode": "auto"})
    yield
    await session.execute(set_to, {"mode": before})
