"""`gongche redecode`: read stored positions anew after a fix of the codec."""

from datetime import datetime
from typing import Annotated

import typer

from fleet.terminals.identity import normal_phone
from gateway.cli.running import read_settings, run
from gateway.terminals.rereading import jt808_codec
from kit.database import plain_url
from tracking.path.judgement import JudgementRules
from tracking.redecoding.redecoding import redecode as read_anew


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
    done = run(
        read_anew(
            plain_url(settings.required_database_url),
            codec,
            first.date(),
            last.date(),
            None if terminal is None else normal_phone(terminal),
        )
    )
    typer.echo(
        f"{done.read:,} positions read anew by version {codec.version} of the codec; "
        f"{done.changed:,} say something else now."
    )
