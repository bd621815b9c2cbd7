"""`gongche journal`: prove that nobody has changed the journal, and hand out what proves it."""

import asyncio
import heapq
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from fleet.acts import Act
from fleet.journal import chain_store
from fleet.journal.errors import NothingSealed
from fleet.journal.exporting import export_lines, seals_between
from fleet.journal.heads import HeadsFile, OutsideHead
from fleet.journal.heads_store import add_lost, heads_begun
from fleet.journal.verify_store import open_chain
from fleet.journal.verify_window import Window, window_fault
from fleet.journal.verifying import Finding, Verdict
from fleet.journal.verifying import verify as verify_chain
from fleet.journal.words import Fault
from gateway.cli.running import read_settings, run
from kit.clock import SHANGHAI, utc_now
from kit.database import open_engine, open_sessions, transaction
from kit.settings import Settings
from kit.trouble import Trouble

journal = typer.Typer(
    help="The journal: verify it, keep its root, export it.", no_args_is_help=True
)

_WINDOW = Window()
_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]


@journal.command()
def verify(
    heads: Annotated[
        list[Path] | None,
        typer.Option(help="a file of heads kept outside; the one of the settings if left out"),
    ] = None,
    window_s: Annotated[
        float, typer.Option(min=0, help="for how many seconds an entry may wait for its seal")
    ] = _WINDOW.most_s,
    window_entries: Annotated[
        int, typer.Option(min=0, help="how many entries may wait for their seal")
    ] = _WINDOW.most_entries,
) -> None:
    """Follow the whole chain, and name the first entry that is not what it was."""
    settings = read_settings()
    files = heads or [settings.journal_heads_path]
    missing = [str(file) for file in files if not file.exists()]
    if heads and missing:
        raise Trouble(f"There is no file {', '.join(missing)}.")
    outside = heapq.merge(*(HeadsFile(file).heads() for file in files), key=_seal)
    with open_chain(settings.required_database_url) as chain:
        verdict = verify_chain(chain, outside)
    if verdict.finding is None:
        verdict.finding = run(_heads_gone(settings, files))
    if verdict.finding is None:
        window = Window(window_entries, window_s)
        verdict.finding = window_fault(settings.required_database_url, window)
    for line in told(verdict):
        typer.echo(line)
    if verdict.finding is not None:
        raise typer.Exit(1)


@journal.command("heads-lost")
def heads_lost(
    reason: Annotated[str, typer.Argument(help="what became of them; the journal keeps it")],
) -> None:
    """Declare that the heads kept until now are lost, so that `verify` asks for them no more."""
    run(_declare_lost(read_settings(), reason))
    typer.echo("Heads kept from now on are asked for; that the earlier are lost is journalled.")


@journal.command()
def root() -> None:
    """Print what a third party keeps: seal, head, time and algorithm of the newest seal."""
    typer.echo(run(_root(read_settings())))


@journal.command()
def export(
    file: Annotated[Path, typer.Argument(help="where to write JSON lines")],
    start: Annotated[
        datetime | None,
        typer.Option("--from", formats=_FORMATS, help="sealed at or after, Shanghai time"),
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", formats=_FORMATS, help="sealed before")
    ] = None,
) -> None:
    """Write sealed entries as JSON lines, which docs/verify_journal.py verifies."""
    count = run(_export(read_settings(), file, _shanghai(start), _shanghai(end)))
    typer.echo(f"{count} entries are written to {file}.")


def told(verdict: Verdict) -> list[str]:
    """Return the lines of a verdict."""
    finding = verdict.finding
    lines = [f"FAULT {finding.fault}: {finding.sentence}"] if finding else []
    lines.append(f"{verdict.entries} sealed entries hold, up to the head {verdict.head.hex()}.")
    lines += [
        f"{count} of them are erased under rule {rule}." for rule, count in verdict.erased.items()
    ]
    if verdict.outside:
        lines.append(f"{verdict.outside} heads kept outside agree with the chain.")
    elif finding is None:
        lines.append(
            "No head kept outside was compared: "
            "a cut tail or a chain recomputed as a whole would not show."
        )
    lines.append(
        f"{verdict.unsealed} entries wait for their seal, the oldest for {verdict.oldest_s:.1f} s: "
        "that an entry was deleted before its seal can't be proved."
    )
    return lines


async def _heads_gone(settings: Settings, files: list[Path]) -> Finding | None:
    """Return the fault of heads that were kept outside and are not among these files."""
    firsts = [head.n for file in files if (head := HeadsFile(file).first()) is not None]
    engine = open_engine(settings.required_database_url)
    try:
        async with transaction(open_sessions(engine)) as session:
            begun = await heads_begun(session)
    finally:
        await engine.dispose()
    if begun is None or begun.first_seal is None or any(n <= begun.first_seal for n in firsts):
        return None
    sentence = (
        f"Heads were kept outside in {begun.place} from seal {begun.first_seal} on, and are gone: "
        "name a copy with --heads, or declare them lost (gongche journal heads-lost)."
    )
    return Finding(Fault.HEADS_GONE, begun.first_seal, None, sentence)


async def _declare_lost(settings: Settings, reason: str) -> None:
    engine = open_engine(settings.required_database_url)
    try:
        async with transaction(open_sessions(engine)) as session:
            now = utc_now()
            add_lost(session, now)
            Act(None, now, reason=reason).record(session, "journal.lose_heads", "journal", None)
    finally:
        await engine.dispose()


async def _root(settings: Settings) -> str:
    engine = open_engine(settings.required_database_url)
    try:
        async with transaction(open_sessions(engine)) as session:
            found = await chain_store.last_root(session)
    finally:
        await engine.dispose()
    if found is None:
        raise NothingSealed
    return found.to_line()


async def _export(
    settings: Settings, file: Path, start: datetime | None, end: datetime | None
) -> int:
    engine = open_engine(settings.required_database_url)
    sessions = open_sessions(engine)
    try:
        async with transaction(sessions) as session:
            seals = await seals_between(session, start, end)
            told = None if seals is None else {"first": seals.first, "last": seals.last}
            act = Act(None, utc_now(), reason="gongche journal export")
            act.record(session, "journal.export", "journal", None, after=told)
        with await asyncio.to_thread(file.open, "w", encoding="utf-8") as target:
            async for lines in export_lines(sessions, seals, is_shown=lambda _: True):
                await asyncio.to_thread(target.write, lines)
    finally:
        await engine.dispose()
    return 0 if seals is None else seals.last - seals.first + 1


def _seal(head: OutsideHead) -> int:
    return head.n


def _shanghai(local: datetime | None) -> datetime | None:
    return None if local is None else local.replace(tzinfo=SHANGHAI).astimezone(UTC)
