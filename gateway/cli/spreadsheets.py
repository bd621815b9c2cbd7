"""Commands that take lists in and out as spreadsheets, as the system itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.exchange.errors import ImportRefused
from fleet.exchange.exporting import Exporting, Form, export_file
from fleet.exchange.importing import Importing, dry_run, import_file
from fleet.exchange.knowing import everything
from fleet.exchange.plan import Plan, Problem
from fleet.exchange.sheets import Sheet
from gateway.cli.running import read_settings, run
from gateway.http.exchange import SHEETS
from kit import database
from kit.clock import utc_now
from kit.settings import Settings
from kit.trouble import Trouble

_SHOWN = 200


class NoSuchList(Trouble):
    """There is no such list."""


def import_list(
    file: Annotated[Path, typer.Argument(help="an .xlsx or .csv file", exists=True)],
    name: Annotated[str, typer.Option("--list", help="which list it holds")] = "vehicles",
    try_only: Annotated[
        bool, typer.Option("--dry-run", help="say what it would do, and change nothing")
    ] = False,
) -> None:
    """Import a list from a spreadsheet: all rows or none."""
    sheet = _sheet(name)
    if sheet.writer is None:
        raise NoSuchList(f"{name} can be exported only.")
    try:
        plan = run(_import(read_settings(), sheet, file.name, file.read_bytes(), try_only=try_only))
    except ImportRefused as error:
        _tell_problems(error.plan)
        raise
    _tell_problems(plan)
    done = "would be" if try_only else "were"
    typer.echo(
        f"{len(plan.additions)} rows {done} added, {len(plan.alterations)} changed; "
        f"{plan.unchanged} stand so already."
    )
    if plan.problems:
        raise typer.Exit(1)


def export_list(
    name: Annotated[str, typer.Argument(metavar="LIST", help="which list")],
    file: Annotated[Path, typer.Argument(help="an .xlsx or .csv file to write")],
) -> None:
    """Export a list to a spreadsheet, whole."""
    form: Form = "csv" if file.suffix.lower() == ".csv" else "xlsx"
    content, count = run(_export(read_settings(), _sheet(name), form))
    file.write_bytes(content)
    typer.echo(f"{count} rows are in {file}.")


def _sheet(name: str) -> Sheet:
    for sheet in SHEETS:
        if sheet.name == name:
            return sheet
    known = ", ".join(sheet.name for sheet in SHEETS)
    raise NoSuchList(f"There is no list {name}; known are {known}.")


@asynccontextmanager
async def _session(settings: Settings) -> AsyncIterator[AsyncSession]:
    engine = database.open_engine(settings.required_database_url)
    try:
        async with database.transaction(database.open_sessions(engine)) as session:
            yield session
    finally:
        await engine.dispose()


async def _import(
    settings: Settings, sheet: Sheet, name: str, content: bytes, *, try_only: bool
) -> Plan:
    async with _session(settings) as session:
        act = Act(None, utc_now(), reason=f"gongche import {name}")
        one = Importing(sheet, act, await everything(session), settings)
        if try_only:
            return await dry_run(session, one, content)
        with typer.progressbar(length=100, label=sheet.name) as bar:

            def progress(done: int, of: int) -> None:
                bar.update(100 * done // max(of, 1) - bar.pos)

            return await import_file(session, one, content, progress)


async def _export(settings: Settings, sheet: Sheet, form: Form) -> tuple[bytes, int]:
    async with _session(settings) as session:
        extent = await everything(session)
        act = Act(None, utc_now(), reason="gongche export")
        one = Exporting(sheet, act, extent, settings, extent.everything)
        return await export_file(session, one, form)


def _tell_problems(plan: Plan) -> None:
    for problem in plan.problems[:_SHOWN]:
        typer.echo(_line(problem), err=True)
    if len(plan.problems) > _SHOWN:
        typer.echo(f"… and {len(plan.problems) - _SHOWN} more problems", err=True)
    for double in plan.doubles:
        typer.echo(f"row {double.row}: seems to be {double.with_name} ({double.same})", err=True)


def _line(problem: Problem) -> str:
    place = problem.cell or (f"row {problem.row}" if problem.row else "file")
    value = f" ({problem.value})" if problem.value else ""
    return f"{place}{value}: {problem.reason.zh} {problem.reason.en}"
