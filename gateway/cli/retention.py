"""`gongche retention run`: erase what has had its time; the worker does so once a day by itself."""

from typing import Annotated

import typer

import audit.retention
import dispatch.retention
import fleet.retention.erasers
import tracking.retention.erasers
from fleet.retention.kinds import DataKind
from fleet.retention.running import Erased, Eraser, run_retention
from gateway.cli.running import read_settings, run
from kit import database
from kit.clock import utc_now
from kit.settings import Settings

retention = typer.Typer(help="How long data are kept.", no_args_is_help=True)

# What others cite goes after them; the journal tells of all that went before it.
ERASERS: tuple[tuple[DataKind, Eraser], ...] = (
    *audit.retention.ERASERS,
    *dispatch.retention.ERASERS,
    *tracking.retention.erasers.ERASERS,
    *fleet.retention.erasers.ERASERS,
)


@retention.callback()
def _group() -> None:
    """Keep `run` a word of its own, though it is the only one."""


@retention.command("run")
def retention_run(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="only count what would be erased")
    ] = False,
) -> None:
    """Erase what has had its time and what no hold covers."""
    for one in run(_run(read_settings(), dry_run)):
        counts = ", ".join(f"{table} {n}" for table, n in one.counts.items())
        typer.echo(f"{one.kind} before {one.before:%Y-%m-%d %H:%M}Z: {counts}")
    if dry_run:
        typer.echo("Nothing was erased: this was a dry run.")


async def _run(settings: Settings, dry_run: bool) -> list[Erased]:
    engine = database.open_engine(settings.required_database_url)
    try:
        sessions = database.open_sessions(engine)
        return await run_retention(sessions, ERASERS, utc_now(), dry_run=dry_run)
    finally:
        await engine.dispose()
