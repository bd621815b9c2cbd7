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
from fleet.journal.verify_heads import Begun, heads_fault
from fleet.journal.verify_store import open_chain
from fleet.journal.verify_window import Window, window_fault
from fleet.journal.verifying import Verdict
from fleet.journal.verifying import verify as verify_chain
from gateway.cli.at_hand import known_database
from gateway.cli.running import read_settings, run
from kit.clock import SHANGHAI, utc_now
from kit.database import open_engine, open_sessions, transaction
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
    paths = heads or [settings.journal_heads_path]
    missing = [str(path) for path in paths if not path.exists()]
    if heads and missing:
        raise Trouble(f"There is no file {', '.join(missing)}.")
    with known_database(settings) as url:
        verdict = _verified(url, [HeadsFile(path) for path in paths], window_entries, window_s)
    for line in told(verdict):
        typer.echo(line)
    if verdict.finding is not None:
        raise typer.Exit(1)


@journal.command("heads-lost")
def heads_lost(
    reason: Annotated[str, typer.Argument(help="what became of them; the journal keeps it")],
) -> None:
    """Declare that the heads kept until now are lost, so that `verify` asks for them no more."""
    with known_database(read_settings()) as url:
        run(_declare_lost(url, reason))
    typer.echo("Heads kept from now on are asked for; that the earlier are lost is journalled.")


@journal.command()
def root() -> None:
    """Print what a third party keeps: seal, head, time and algorithm of the newest seal."""
    with known_database(read_settings()) as url:
        typer.echo(run(_root(url)))


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
    with known_database(read_settings()) as url:
        count = run(_export(url, file, _shanghai(start), _shanghai(end)))
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
        lines.append(
            f"{verdict.outside} heads kept outside agree with the chain, "
            f"up to seal {verdict.compared}."
        )
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


def _verified(url: str, files: list[HeadsFile], window_entries: int, window_s: float) -> Verdict:
    """Verify in this order: what is asked for first can only be less than what stands later."""
    begun = run(_begun(url))
    outside = heapq.merge(*(file.heads() for file in files), key=_seal)
    with open_chain(url) as chain:
        verdict = verify_chain(chain, outside)
    if verdict.finding is None and begun is not None:
        verdict.finding = heads_fault(begun, files, verdict, window_s)
    if verdict.finding is None:
        verdict.finding = window_fault(url, Window(window_entries, window_s))
    return verdict


async def _begun(url: str) -> Begun | None:
    engine = open_engine(url)
    try:
        async with transaction(open_sessions(engine)) as session:
            found = await heads_begun(session)
    finally:
        await engine.dispose()
    if found is None or found.first_seal is None:
        return None
    return Begun(found.first_seal, found.place or "a file")


async def _declare_lost(url: str, reason: str) -> None:
    engine = open_engine(url)
    try:
        async with transaction(open_sessions(engine)) as session:
            now = utc_now()
            add_lost(session, now)
            Act(None, now, reason=reason).record(session, "journal.lose_heads", "journal", None)
    finally:
        await engine.dispose()


async def _root(url: str) -> str:
    engine = open_engine(url)
    try:
        async with transaction(open_sessions(engine)) as session:
            found = await chain_store.last_root(session)
    finally:
        await engine.dispose()
    if found is None:
        raise NothingSealed
    return found.to_line()


async def _export(url: str, file: Path, start: datetime | None, end: datetime | None) -> int:
    engine = open_engine(url)
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
