"""`gongche dispatch`: why an order has its vehicle, from what was recorded at the time."""

from pathlib import Path
from typing import Annotated

import typer

from dispatch.suggestions.choice_store import orders_named
from dispatch.suggestions.explanation import sentences
from dispatch.suggestions.reading import told_of
from fleet.acts import Act
from gateway.cli.at_hand import known_database
from gateway.cli.running import read_settings, run
from gateway.cli.simulating import simulate
from kit.clock import utc_now
from kit.database import open_engine, open_sessions, transaction
from kit.trouble import Trouble

dispatch = typer.Typer(help="Dispatch: explain what was decided, simulate.", no_args_is_help=True)
dispatch.command()(simulate)


@dispatch.command()
def explain(
    order: Annotated[str, typer.Argument(help="an order's id, or its slip's number: 2026-12")],
) -> None:
    """Say why an order has its vehicle, and whether a replay gives the same ranking."""
    settings = read_settings()
    with known_database(settings) as url:
        lines = run(_explained(url, order, settings.maps_dir))
    for line in lines:
        typer.echo(line)


async def _explained(url: str, name: str, maps_dir: Path) -> list[str]:
    engine = open_engine(url)
    now = utc_now()
    try:
        async with transaction(open_sessions(engine)) as session:
            orders = await orders_named(session, name)
            if not orders:
                raise Trouble(f"There is no order or slip {name}.")
            lines: list[str] = []
            for one in orders:
                act = Act(None, now, reason="gongche dispatch explain")
                act.record(session, "order.explain", "order", one.id)
                if len(orders) > 1:
                    lines.append(f"Order {one.id}:")
                lines += sentences(await told_of(session, one, now, maps_dir=maps_dir))
            return lines
    finally:
        await engine.dispose()
