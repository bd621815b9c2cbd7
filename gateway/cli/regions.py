"""Commands of regions (行政区划)."""

import csv
from pathlib import Path
from typing import Annotated

import typer

from fleet.acts import Act
from fleet.organisations.region_import import BadRegionFile, RegionRow, import_regions, read_regions
from gateway.cli.running import read_settings, run
from kit import database
from kit.clock import utc_now

regions = typer.Typer(help="Regions: the table of GB/T 2260 that the operator supplies.")


@regions.callback()
def _regions() -> None:
    """Regions: the table of GB/T 2260 that the operator supplies."""


@regions.command("import")
def region_import(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV in UTF-8: code,name,valid_from,valid_to,successor",
            exists=True,
            dir_okay=False,
        ),
    ],
) -> None:
    """Import a table of regions; all its rows or none."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = read_regions(lines)
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadRegionFile("The file is no CSV in UTF-8.") from error
    changed = run(_import(read_settings().required_database_url, rows))
    typer.echo(f"{len(rows)} regions read, {changed} of them new or changed.")


async def _import(url: str, rows: list[RegionRow]) -> int:
    engine = database.open_engine(url)
    act = Act(actor=None, now=utc_now(), reason="gongche region import")
    try:
        async with database.transaction(database.open_sessions(engine)) as session:
            return await import_regions(session, act, rows)
    finally:
        await engine.dispose()
