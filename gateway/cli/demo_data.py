"""Commands of invented data on a large scale."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import nullcontext
from typing import Annotated

import typer
from sqlalchemy import text

from demo.province import Province, Shape, draw
from demo.province.writing import RegisterNotEmpty, require_room, write_province
from fleet.acts import Act
from fleet.identity.passwords import hash_password
from gateway.cli.at_hand import database_at_hand
from gateway.cli.backup import migrate_safely
from gateway.cli.running import read_settings, run
from kit import database
from kit.clock import utc_now
from kit.trouble import Trouble


class NoRoom(Trouble):
    """The register is in use already; an invented province needs an empty one, or --demo."""


class NothingChosen(Trouble):
    """Say which data to make: --province."""


def demo_data(
    province: Annotated[
        bool, typer.Option("--province", help="a province with cities, counties, units, vehicles")
    ] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="also beside organisations that are already there")
    ] = False,
    seed: Annotated[int, typer.Option(help="the same seed makes the same province")] = 1,
    url: Annotated[
        str | None,
        typer.Option(help="the database; GONGCHE_DATABASE_URL, or else our own, if left out"),
    ] = None,
) -> None:
    """Fill an empty register with invented data; its accounts are told once."""
    if not province:
        raise NothingChosen("Say which data to make: --province.")
    settings = read_settings()
    with nullcontext(url) if url else database_at_hand(settings) as target:
        for line in migrate_safely(settings, target):
            typer.echo(line)
        if not demo:
            run(_require_room(target))
        typer.echo("Drawing a province")
        drawn = draw(seed, Shape())
        passwords = {one.username: secrets.token_urlsafe(12) for one in drawn.people if one.logs_in}
        typer.echo("Writing it; this takes a few minutes")
        run(_write(target, drawn, passwords, beside=demo))
    typer.echo(
        f"{len(drawn.organisations)} organisations, {len(drawn.vehicles)} vehicles, "
        f"{len(drawn.terminals)} terminals, {len(drawn.people)} people; sha256 {drawn.digest}"
    )
    typer.echo("Accounts, told this once:")
    for one in drawn.people:
        if one.logs_in:
            where = drawn.organisations[one.organisation].name
            typer.echo(f"  {one.username:<34} {passwords[one.username]}   {where}")


async def _require_room(url: str) -> None:
    engine = database.open_engine(url)
    try:
        async with database.open_sessions(engine)() as session:
            await require_room(session)
    except RegisterNotEmpty as refusal:
        raise NoRoom from refusal
    finally:
        await engine.dispose()


async def _write(url: str, drawn: Province, passwords: dict[str, str], *, beside: bool) -> None:
    engine = database.open_engine(url)
    act = Act(actor=None, now=utc_now(), reason="gongche demo-data --province")
    hashes = await asyncio.to_thread(
        lambda: {name: hash_password(password) for name, password in passwords.items()}
    )
    try:
        async with database.transaction(database.open_sessions(engine)) as session:
            await write_province(session, act, drawn, hashes, beside=beside)
        async with engine.begin() as connection:
            await connection.execute(text("ANALYZE"))
    finally:
        await engine.dispose()
