"""Who takes part: vehicles with terminals of both habits, and terminals in no vehicle."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import fleet.tables  # noqa: F401  (every table that a vehicle's refers to)
from fleet.acts import Act
from fleet.organisations.tree import add_organisation
from fleet.terminals.bindings import add_terminal, bind_terminal
from fleet.vehicles.plates import PlateColour
from fleet.vehicles.register import add_vehicle
from fleet.words import Category, Energy, Holding, OrganisationKind
from kit.database import open_engine, open_sessions, transaction


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of terminals.

    storing, forgetful: by habit, each in a vehicle; quiet: in no vehicle, they report when told to
    """

    storing: tuple[str, ...]
    forgetful: tuple[str, ...]
    quiet: tuple[str, ...]


def numbers(storing: int, forgetful: int, quiet: int) -> Numbers:
    """Return so many numbers of each kind."""
    return Numbers(
        tuple(f"1370000{n:04d}" for n in range(storing)),
        tuple(f"1380000{n:04d}" for n in range(forgetful)),
        tuple(f"1390000{n:04d}" for n in range(quiet)),
    )


def enrol(url: str, who: Numbers, since: datetime) -> None:
    """Write all of them to the register of the database at `url`, in force since an instant."""
    asyncio.run(_enrol(url, (*who.storing, *who.forgetful), who.quiet, since))


async def _enrol(url: str, driving: Sequence[str], quiet: Sequence[str], since: datetime) -> None:
    engine = open_engine(url)
    act = Act(actor=None, now=since)
    async with transaction(open_sessions(engine)) as session:
        unit = await add_organisation(
            session, act, name="示例单位", kind=OrganisationKind.UNIT, parent=None
        )
        for n, phone in enumerate(driving):
            vehicle = await add_vehicle(
                session,
                act,
                plate=f"示A{10000 + n}",
                plate_colour=PlateColour.BLUE,
                model="轿车",
                category=Category.OTHER_PRESCRIBED,
                seats=5,
                energy=Energy.PETROL,
                holding=Holding.RETAINED,
                organisation=unit,
                demo=True,
            )
            terminal = await add_terminal(session, act, phone=phone, organisation=unit)
            await bind_terminal(session, act, terminal=terminal, vehicle=vehicle)
        for phone in quiet:
            await add_terminal(session, act, phone=phone, organisation=unit)
    await engine.dispose()
