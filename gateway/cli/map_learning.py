"""`gongche map learn`: speeds of the week from the fleet's own tracks."""

import os
from datetime import date, datetime, timedelta
from getpass import getuser
from typing import Annotated

import typer

from dispatch.roads.network import RoadNetwork
from dispatch.roads.speeds.learning import Days, Learned, Roads, learn
from dispatch.roads.speeds.store import learned_days
from dispatch.roads.versions import current_version
from fleet.acts import Act
from gateway.cli.at_hand import known_database
from gateway.cli.running import read_settings, run
from kit.clock import shanghai_day, utc_now
from kit.database import open_engine, open_sessions, transaction

_AT_FIRST_DAYS = 28
_DAY = ["%Y-%m-%d"]


def map_learn(
    since: Annotated[
        datetime | None,
        typer.Option(formats=_DAY, help="the first day; the first one learned, or four weeks ago"),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="the last day, itself included; yesterday")
    ] = None,
) -> None:
    """Learn from tracks how fast roads are driven in each hour of the week.

    No vehicle and no person is kept, nor anything that fewer than three vehicles have driven.
    """
    settings = read_settings()
    version = current_version(settings.maps_dir)
    if version is None:
        raise typer.BadParameter("there is no map yet: import one with `gongche map import`")
    roads = Roads(RoadNetwork.load(version.folder), version.folder.name)
    with known_database(settings) as url:
        run(_learn(url, roads, _day(since), _day(until)))


def _day(option: datetime | None) -> date | None:
    return None if option is None else option.date()


async def _learn(url: str, roads: Roads, since: date | None, until: date | None) -> None:
    engine = open_engine(url)
    sessions = open_sessions(engine)
    now = utc_now()
    try:
        async with transaction(sessions) as session:
            learned = [Days(first, last) for first, last in await learned_days(session)]
        yesterday = shanghai_day(now) - timedelta(days=1)
        if until is not None and until > yesterday:
            typer.echo(f"{yesterday} is the last day that has ended: it is learned up to there.")
        last = min(until or yesterday, yesterday)
        at_first = learned[0].first if learned else last - timedelta(days=_AT_FIRST_DAYS - 1)
        asked = Days(since or at_first, last)
        stretches = asked.without(learned)
        known = len(asked) - sum(map(len, stretches))
        if since is not None and known > 0:
            typer.echo(f"Learned from before: {known} of these {len(asked)} days.")
        if not stretches:
            typer.echo("There is nothing new to learn from.")
            return
        act = Act(None, now, reason=f"gongche map learn, by the account {_account()}")
        await learn(sessions, roads, stretches, act, _tell)
    finally:
        await engine.dispose()


def _tell(learned: Learned) -> None:
    typer.echo(
        f"{learned.days.first} to {learned.days.last}: {learned.positions:,} positions, "
        f"{learned.matched_m / 1000:,.0f} km on roads; speeds of {learned.kept:,} ways and hours "
        f"learned, {learned.withheld:,} withheld that fewer than three vehicles have driven."
    )


def _account() -> str:
    """Return who runs the command on this machine; a container's user may have no name."""
    try:
        return getuser()
    except (KeyError, OSError):
        return str(os.getuid())
