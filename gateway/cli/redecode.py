"""`gongche redecode`: read stored positions anew after a fix of the codec."""

import os
from datetime import datetime
from getpass import getuser
from typing import Annotated

import typer

from fleet.acts import Act
from fleet.terminals.identity import normal_phone
from gateway.cli.running import read_settings, run
from gateway.terminals.rereading import jt808_codec
from kit.clock import utc_now
from kit.database import open_engine, open_sessions
from kit.settings import Settings
from tracking.path.judgement import JudgementRules
from tracking.redecoding import redecoding
from tracking.redecoding.redecoding import Asked, Codec, Redecoded


def redecode(
    first: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="the first day, in China")
    ],
    last: Annotated[
        datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="the last day, itself included")
    ],
    terminal: Annotated[
        str | None, typer.Option(help="the number of one terminal; all without it")
    ] = None,
) -> None:
    """Read the positions of these days anew whose bytes an older version of the codec has read."""
    if last < first:
        raise typer.BadParameter("the last day lies before the first")
    settings = read_settings()
    codec = jt808_codec(JudgementRules.of(settings))
    phone = None if terminal is None else normal_phone(terminal)
    done = run(_redecode(settings, codec, Asked(first.date(), last.date(), phone)))
    typer.echo(
        f"{done.read:,} positions read anew by version {codec.version} of the codec; "
        f"{done.changed:,} say something else now."
    )
    if done.without_raw:
        typer.echo(
            f"{done.without_raw:,} positions stay as an older version has read them: "
            "retention has erased their raw frames."
        )


async def _redecode(settings: Settings, codec: Codec, asked: Asked) -> Redecoded:
    engine = open_engine(settings.required_database_url)
    try:
        act = Act(None, utc_now(), reason=f"gongche redecode, by the account {_account()}")
        return await redecoding.redecode(open_sessions(engine), codec, asked, act)
    finally:
        await engine.dispose()


def _account() -> str:
    """Return who runs the command on this machine; a container's user may have no name."""
    try:
        return getuser()
    except (KeyError, OSError):
        return str(os.getuid())
