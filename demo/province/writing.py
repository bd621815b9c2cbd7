"""Puts a province into the database: by COPY, in one transaction, with one entry in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from psycopg import AsyncConnection, sql
from psycopg.types.json import Jsonb
from psycopg.types.range import TimestamptzRange
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from demo.province.model import SINCE, Province, VehicleDraft
from fleet.acts import Act
from fleet.names import sort_key
from fleet.organisations.tree import correct, rename
from fleet.tables import Organisation, Vehicle
from fleet.vehicles.words import EventKind, Funding, Marking
from fleet.words import Authentication, Matter, OrganisationKind, Protocol
from kit.clock import shanghai_day
from kit.errors import Conflict
from kit.ids import new_id

MOVED_AT = SINCE + timedelta(days=120)
"""When what has a `former_name` or `moved_from` became what it is."""

Connection = AsyncConnection[tuple[Any, ...]]
Rows = Iterable[tuple[object, ...]]
V = TypeVar("V")


class RegisterNotEmpty(Conflict):
    """The register is in use already; nothing invented belongs beside what it holds."""


class ProvinceThere(Conflict):
    """The invented province, or something with its plates or accounts, is already there."""


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The first number of each table's rows; the others follow without a gap."""

    organisation: int
    person: int
    driver: int
    vehicle: int
    terminal: int


async def write_province(
    session: AsyncSession,
    act: Act,
    province: Province,
    password_hashes: Mapping[str, str],
    *,
    beside: bool,
) -> None:
    """Write everything in the session's transaction; the caller commits.

    password_hashes: by account name; the others cannot log in
    beside: whether other organisations may be there already; else the province's bureau is the
        organisation that a first start has made
    Raises RegisterNotEmpty, ProvinceThere.
    """
    root = None if beside else await require_room(session)
    raw = await (await session.connection()).get_raw_connection()
    connection: Connection = raw.driver_connection  # type: ignore[assignment]
    await _check(connection, province)
    if root is not None:
        await _adopt(session, act, root, province)
    numbers = _Numbers(
        organisation=(
            await _reserve(connection, "organisation", len(province.organisations))
            if root is None
            else await _reserve_after(connection, root.no, len(province.organisations))
        ),
        person=await _reserve(connection, "person", len(province.people)),
        driver=await _reserve(connection, "driver", len(province.people)),
        vehicle=await _reserve(connection, "vehicle", len(province.vehicles)),
        terminal=await _reserve(connection, "terminal", len(province.terminals)),
    )
    for table, columns, rows in (
        *_organisations(province, numbers, adopted=root is not None),
        *_people(province, numbers, password_hashes),
        *_vehicles(province, numbers),
        *_terminals(province, numbers),
    ):
        await _copy(connection, table, columns, rows)
    act.record(
        session,
        "province.make",
        "organisation",
        province.organisations[0].id if root is None else root.id,
        organisation_no=numbers.organisation,
        after={
            "organisations": len(province.organisations),
            "vehicles": len(province.vehicles),
            "terminals": len(province.terminals),
            "people": len(province.people),
            "sha256": province.digest,
        },
    )
    await session.flush()


async def require_room(session: AsyncSession) -> Organisation | None:
    """Return the organisation that a first start has made, when it is all that there is.

    It becomes the province's own bureau, so that there is one root. None for an empty register.
    Raises RegisterNotEmpty.
    """
    found = (await session.scalars(select(Organisation).limit(2))).all()
    vehicles = await session.scalar(select(Vehicle.no).limit(1))
    if len(found) > 1 or vehicles is not None:
        raise RegisterNotEmpty
    if found and (found[0].kind != OrganisationKind.BUREAU or found[0].ended_at is not None):
        raise RegisterNotEmpty
    return found[0] if found else None


async def _adopt(session: AsyncSession, act: Act, root: Organisation, province: Province) -> None:
    """Let the first organisation be the province's bureau; what it was called stays."""
    top = province.organisations[0]
    await rename(session, act, root, top.name)
    codes: dict[str, str | None] = {"region_code": top.region_code, "uscc": top.uscc}
    await correct(session, act, root, codes)


async def _check(connection: Connection, province: Province) -> None:
    async def found(query: str, *values: object) -> bool:
        return await (await connection.execute(query, values)).fetchone() is not None

    plates = [one.plate for one in province.vehicles]
    names = [one.username for one in province.people]
    if (
        await found("SELECT FROM organisation WHERE id = %s", province.organisations[1].id)
        or await found("SELECT FROM vehicle WHERE plate = ANY(%s) LIMIT 1", plates)
        or await found("SELECT FROM person WHERE username = ANY(%s) LIMIT 1", names)
    ):
        raise ProvinceThere


async def _reserve_after(connection: Connection, first: int, count: int) -> int:
    """Take the numbers from `first`, the only organisation's, on; return it."""
    await connection.execute(
        "SELECT setval(s, greatest(nextval(s), %s)) FROM"
        " (SELECT pg_get_serial_sequence('organisation', 'no')::regclass AS s) AS sequence",
        (first + count,),
    )
    return first


async def _reserve(connection: Connection, table: str, count: int) -> int:
    """Take the next `count` numbers of a table; return the first of them."""
    cursor = await connection.execute(
        "SELECT setval(s, first + %s - 1, true), first FROM ("
        "SELECT pg_get_serial_sequence(%s, 'no') AS s,"
        " nextval(pg_get_serial_sequence(%s, 'no')) AS first) AS reserved",
        (max(count, 1), table, table),
    )
    row = await cursor.fetchone()
    assert row is not None
    first: int = row[1]
    return first


async def _copy(connection: Connection, table: str, columns: tuple[str, ...], rows: Rows) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    async with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            await copy.write_row(row)


_Tables = Iterator[tuple[str, tuple[str, ...], Rows]]


def _organisations(province: Province, numbers: _Numbers, *, adopted: bool) -> _Tables:
    first, drafts = numbers.organisation, province.organisations
    made = list(enumerate(drafts))[1 if adopted else 0 :]
    yield (
        "region",
        ("code", "name", "valid_from"),
        ((code, name, shanghai_day(SINCE)) for code, name in province.regions),
    )
    yield (
        "organisation",
        ("no", "id", "name", "sort_key", "kind", "region_code", "uscc"),
        (
            (first + n, d.id, d.name, sort_key(d.name), str(d.kind), d.region_code, d.uscc)
            for n, d in made
        ),
    )
    yield (
        "organisation_name",
        ("organisation_no", "name", "period"),
        (
            (first + n, name, period)
            for n, d in made
            for name, period in _halves(d.former_name, d.name)
        ),
    )
    yield (
        "organisation_parent",
        ("organisation_no", "parent_no", "period"),
        (
            (first + n, first + d.parent, _open(SINCE))
            for n, d in enumerate(drafts)
            if d.parent is not None
        ),
    )
    yield (
        "mandate",
        ("id", "holder_no", "over_no", "matter", "period"),
        (
            (new_id(), first + n, first + n, str(matter), _open(SINCE))
            for n in province.bureaus
            for matter in Matter
        ),
    )


def _people(province: Province, numbers: _Numbers, password_hashes: Mapping[str, str]) -> _Tables:
    first, of = numbers.person, numbers.organisation
    yield (
        "person",
        ("no", "id", "username", "name", "sort_key", "password_hash"),
        (
            (first + n, p.id, p.username, p.name, sort_key(p.name), password_hashes.get(p.username))
            for n, p in enumerate(province.people)
        ),
    )
    yield (
        "person_role",
        ("person_no", "organisation_no", "role", "period"),
        (
            (first + n, of + p.organisation, str(p.role), _open(SINCE))
            for n, p in enumerate(province.people)
        ),
    )
    drivers = [(n, p) for n, p in enumerate(province.people) if p.driver_id is not None]
    yield (
        "driver",
        ("no", "id", "person_no", "licence_class"),
        ((numbers.driver + n, p.driver_id, first + n, p.licence_class) for n, p in drivers),
    )
    yield (
        "driver_licence",
        ("driver_no", "licence_class", "period"),
        ((numbers.driver + n, p.licence_class, _open(SINCE)) for n, p in drivers),
    )
    yield (
        "driver_unit",
        ("driver_no", "organisation_no", "period"),
        ((numbers.driver + n, of + p.organisation, _open(SINCE)) for n, p in drivers),
    )


def _vehicles(province: Province, numbers: _Numbers) -> _Tables:
    first, of, drafts = numbers.vehicle, numbers.organisation, province.vehicles
    yield (
        "vehicle",
        (
            *("no", "id", "plate", "plate_colour", "vin", "model", "body", "category", "seats"),
            *("energy", "holding", "price_fen", "displacement_ml", "purchase_date", "funding"),
            "marking",
        ),
        (
            (
                *(first + n, d.id, d.plate, str(d.plate_colour), d.vin, d.model, d.body),
                *(str(d.category), d.seats, str(d.energy), str(d.holding), d.price_fen),
                *(d.displacement_ml, d.purchase_date, str(Funding.BUDGET), str(Marking.MARKED)),
            )
            for n, d in enumerate(drafts)
        ),
    )
    yield (
        "vehicle_unit",
        ("vehicle_no", "organisation_no", "period"),
        (
            (first + n, of + unit, period)
            for n, d in enumerate(drafts)
            for unit, period in _halves(d.moved_from, d.organisation)
        ),
    )
    yield (
        "vehicle_plate",
        ("vehicle_no", "plate", "plate_colour", "period"),
        ((first + n, d.plate, str(d.plate_colour), _open(SINCE)) for n, d in enumerate(drafts)),
    )
    yield (
        "vehicle_event",
        ("id", "vehicle_no", "kind", "day", "facts", "organisation_no"),
        (
            (new_id(), first + n, str(kind), day, Jsonb({}), of + unit)
            for n, d in enumerate(drafts)
            for kind, day, unit in _life(d)
        ),
    )


def _life(draft: VehicleDraft) -> Iterator[tuple[EventKind, date, int]]:
    """Return what happened to a vehicle, on which day, and with which organisation it then was."""
    first = draft.organisation if draft.moved_from is None else draft.moved_from
    yield EventKind.REGISTERED, min(draft.purchase_date, shanghai_day(SINCE)), first
    yield EventKind.ALLOCATED, shanghai_day(SINCE), first
    yield EventKind.PUT_IN_USE, shanghai_day(SINCE), first
    if first != draft.organisation:
        yield EventKind.TRANSFERRED, shanghai_day(MOVED_AT), draft.organisation


def _terminals(province: Province, numbers: _Numbers) -> _Tables:
    first, vehicles = numbers.terminal, province.vehicles
    yield (
        "terminal",
        ("no", "id", "protocol", "phone", "organisation_no", "authentication"),
        (
            (
                first + n,
                d.id,
                str(Protocol.JT808),
                d.phone,
                numbers.organisation + vehicles[d.vehicle].organisation,
                str(Authentication.TOKEN),
            )
            for n, d in enumerate(province.terminals)
        ),
    )
    yield (
        "vehicle_terminal",
        ("vehicle_no", "terminal_no", "period"),
        (
            (numbers.vehicle + d.vehicle, first + n, _open(SINCE))
            for n, d in enumerate(province.terminals)
        ),
    )


def _halves(former: V | None, present: V) -> Iterator[tuple[V, TimestamptzRange]]:
    """Return what held in the first months and since, or the one that holds throughout."""
    if former is None or former == present:
        yield present, _open(SINCE)
    else:
        yield former, TimestamptzRange(SINCE, MOVED_AT, "[)")
        yield present, _open(MOVED_AT)


def _open(start: datetime) -> TimestamptzRange:
    return TimestamptzRange(start, None, "[)")
