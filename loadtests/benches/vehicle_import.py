"""How fast ten thousand vehicles come in from a spreadsheet, and sixty thousand go out.

The file passes the same code as an upload: XLSX read without trust, every cell and every rule
checked, quotas counted, one transaction, each vehicle with its events and its journal entry.
"""

import asyncio
import time
from io import BytesIO
from itertools import islice, product

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from xlsxwriter import Workbook

import fleet.tables  # noqa: F401  (every table that others refer to)
from fleet.acts import Act
from fleet.exchange.exporting import Exporting, export_file
from fleet.exchange.importing import Importing, dry_run, import_file
from fleet.exchange.knowing import everything
from fleet.exchange.lists.vehicles import VEHICLES
from fleet.organisations.tree import add_organisation
from fleet.words import OrganisationKind
from kit.clock import utc_now
from kit.database import Sessions, open_engine, open_sessions, transaction
from kit.settings import Settings
from loadtests.measuring import Figure, Meter, Place, Spent

VEHICLES_IN_FILE, UNITS = 10_000, 500
IMPORT_S = 30.0
_HEAD = ("plate", "plate_colour", "unit", "model", "category", "holding", "seats", "energy",
         "vin", "price_fen", "displacement_ml", "purchase_date")  # fmt: skip
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def run(place: Place) -> list[Figure]:
    """Measure a dry run, an import and an export of the same vehicles."""
    return asyncio.run(_run(place.fresh_database()))


async def _run(url: str) -> list[Figure]:
    engine = open_engine(url)
    sessions = open_sessions(engine)
    settings = Settings(database_url=url, demo=True)
    try:
        async with transaction(sessions) as session:
            await _units(session)
        content = _file()
        told: list[int] = []
        tried = await _spent(sessions, settings, content, None)
        came = await _spent(sessions, settings, content, told)
        went = await _exported(sessions, settings)
    finally:
        await engine.dispose()
    return [
        Figure(f"dry run of {VEHICLES_IN_FILE} vehicles", tried.wall_s, "s"),
        Figure(f"import of {VEHICLES_IN_FILE} vehicles", came.wall_s, "s", at_most=IMPORT_S),
        Figure("CPU of the import, this process", came.own_cpu_s, "s"),
        Figure("CPU of the import, the database's process", came.server_cpu_s, "s"),
        Figure("times that progress was told", len(told), "", at_least=10),
        Figure(f"export of {VEHICLES_IN_FILE} vehicles as XLSX", went, "s"),
    ]


async def _spent(
    sessions: Sessions, settings: Settings, content: bytes, told: list[int] | None
) -> Spent:
    """Return what an import took, or a dry run where nobody is to be told."""
    took: list[Spent] = []
    async with sessions() as session:
        meter = Meter((await session.execute(text("SELECT pg_backend_pid()"))).scalar_one())
        with meter.measured(took):
            one = Importing(VEHICLES, Act(None, utc_now()), await everything(session), settings)
            if told is None:
                plan = await dry_run(session, one, content)
                await session.rollback()
            else:
                plan = await import_file(session, one, content, lambda done, _: told.append(done))
                await session.commit()
    assert not plan.problems
    assert len(plan.additions) == VEHICLES_IN_FILE
    return took[0]


async def _exported(sessions: Sessions, settings: Settings) -> float:
    begin = time.perf_counter()
    async with transaction(sessions) as session:
        extent = await everything(session)
        one = Exporting(VEHICLES, Act(None, utc_now()), extent, settings, extent.everything)
        _, count = await export_file(session, one, "xlsx")
    assert count == VEHICLES_IN_FILE
    return time.perf_counter() - begin


async def _units(session: AsyncSession) -> None:
    act = Act(None, utc_now())
    top = await add_organisation(session, act, name="示范省", kind=OrganisationKind.BUREAU)
    for n in range(UNITS):
        await add_organisation(
            session, act, name=f"第{n}单位", kind=OrganisationKind.UNIT, parent=top
        )


def _file() -> bytes:
    file = BytesIO()
    with Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, _HEAD)
        for n, letters in enumerate(islice(product(_LETTERS, repeat=2), VEHICLES_IN_FILE // 50)):
            for k in range(50):
                at = 50 * n + k
                plate = f"示{letters[0]}{letters[1]}{1000 + at % 9000:04d}"
                row = (plate, "蓝", f"第{at % UNITS}单位", "轿车", "其他", "保留车辆", 5, "汽油",
                       f"LSVAA49J1{at:08d}", 120_000, 1598, "2024-03-01")  # fmt: skip
                sheet.write_row(at + 1, 0, row)
    return file.getvalue()
