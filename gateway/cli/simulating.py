"""`gongche dispatch simulate`: what a way of working would do to a week, and how many vehicles."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

import numpy as np
import typer

from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.roads.travel_times import TravelTimes, load_travel_times
from dispatch.simulation.weeks.history import History, history_of
from dispatch.simulation.weeks.model import Demand, Fleet, House, Network
from dispatch.simulation.weeks.placing import network_of, place
from dispatch.simulation.weeks.running import Policy
from dispatch.simulation.weeks.running import simulate as run_policy
from dispatch.simulation.weeks.scenario_file import BadScenario, read_scenario
from dispatch.simulation.weeks.sizing import size_fleet, smallest
from dispatch.simulation.weeks.telling import (
    COMPARED,
    Language,
    chart_of_policies,
    chart_of_sizes,
    table_of_policies,
    table_of_sizes,
)
from dispatch.simulation.weeks.words import Assigning
from fleet.acts import Act
from gateway.cli.at_hand import known_database
from gateway.cli.running import read_settings, run
from kit.clock import SHANGHAI, utc_now
from kit.database import open_engine, open_sessions, transaction
from kit.trouble import Trouble

_DAY = ["%Y-%m-%d"]
_YEARS = range(2000, 2100)
MOST_SIZES = 20


class BadChoice(Trouble):
    """The options contradict one another."""


@dataclass(frozen=True, slots=True)
class _Given:
    network: Network
    fleet: Fleet
    demand: Demand
    house: House


def simulate(
    scenario: Annotated[
        Path | None, typer.Option(help="TOML or JSON; the demo city's week, if left out")
    ] = None,
    from_history: Annotated[
        datetime | None,
        typer.Option(formats=_DAY, help="the first day of one's own requests to run again"),
    ] = None,
    days: Annotated[int, typer.Option(help="how many days of it", min=1, max=31)] = 7,
    organisation: Annotated[
        UUID | None, typer.Option(help="whose history: it and all below; everybody's")
    ] = None,
    policy: Annotated[Assigning, typer.Option(help="how vehicles are given out")] = Assigning.OURS,
    plans: Annotated[bool, typer.Option(help="promise advance bookings, bind plates late")] = True,
    sharing: Annotated[bool, typer.Option(help="let those share who agreed to")] = True,
    compare: Annotated[bool, typer.Option("--compare", help="all policies beside one another")] = (
        False
    ),
    sizes: Annotated[str | None, typer.Option(help="numbers of vehicles to try: 40,60,80")] = None,
    seed: Annotated[int, typer.Option(help="of what is invented", min=0, max=2**31 - 1)] = 1,
    chart: Annotated[Path | None, typer.Option(help="write an SVG chart to this file")] = None,
    language: Annotated[Language, typer.Option(help="of the chart and the table")] = Language.EN,
    straight: Annotated[
        bool, typer.Option("--straight-lines", help="ask no map, also where there is one")
    ] = False,
) -> None:
    """Run days of demand under a policy, far faster than they last, and say what came of them.

    The same seed, or the same history, gives the same answer. Nothing is changed by it; that a
    history was read stands in the journal.
    """
    if scenario is not None and from_history is not None:
        raise BadChoice("Name either a scenario or a history, not both.")
    if chart is not None and scenario is not None and chart.resolve() == scenario.resolve():
        raise BadChoice("The chart would overwrite the scenario: name another file.")
    if organisation is not None and from_history is None:
        raise BadChoice("An organisation is for --from-history.")
    if from_history is not None and from_history.year not in _YEARS:
        raise BadChoice(f"There is no history of the year {from_history.year}.")
    counts = _counts(sizes)
    if chart is not None:
        _check_writable(chart)
    given = _given(scenario, from_history, days, organisation, seed, straight=straight)
    typer.echo(_told(given))
    chosen = Policy(policy, plans, sharing)
    picture = None
    if counts:
        sized = size_fleet(given.network, given.fleet, given.demand, chosen, counts, given.house)
        _say(table_of_sizes(sized, language))
        enough = smallest(sized, 0.95)
        typer.echo(
            f"95 % in time from {enough} vehicles on." if enough else "95 % in time with none."
        )
        picture = chart_of_sizes(sized, language)
    else:
        outcomes = [
            (one, run_policy(given.network, given.fleet, given.demand, one, given.house))
            for one in (COMPARED if compare else (chosen,))
        ]
        _say(table_of_policies(outcomes, language))
        picture = chart_of_policies(outcomes, language)
    if chart is not None:
        _write(chart, picture)


def _counts(sizes: str | None) -> list[int]:
    if sizes is None:
        return []
    parts = sizes.split(",")
    if not all(part.strip().isdecimal() and len(part) <= 5 for part in parts):
        raise BadChoice("Sizes are numbers of vehicles with commas between them: 40,60,80.")
    counts = sorted({int(part) for part in parts})
    if counts[0] < 1 or counts[-1] > 5_000 or len(counts) > MOST_SIZES:
        raise BadChoice(f"Name up to {MOST_SIZES} sizes of 1 to 5000 vehicles.")
    return counts


def _given(
    scenario: Path | None,
    since: datetime | None,
    days: int,
    organisation: UUID | None,
    seed: int,
    *,
    straight: bool,
) -> _Given:
    settings = read_settings()
    roads: TravelTimes = StraightLineTravelTimes()
    if not straight:
        roads = load_travel_times(settings.maps_dir)
    try:
        if scenario is not None:
            told = read_scenario(scenario)
            network = network_of(told.points, roads)
            return _Given(network, told.fleet(), told.demand(seed), House(**told.house))
        if since is not None:
            start = since.replace(tzinfo=SHANGHAI)
            with known_database(settings) as url:
                history = run(_history(url, start, days, organisation))
            places, numbers = place(history.points)
            fleet, demand = history.numbered(numbers)
            return _Given(network_of(places, roads), fleet, demand, House())
    except ValueError as error:
        raise BadScenario(f"{error}.") from error
    return _demo(roads, seed)


def _demo(roads: TravelTimes, seed: int) -> _Given:
    from demo import cast
    from demo.city import generate
    from demo.places import Places
    from demo.week import points_of, week_of

    city = Places(generate(cast.CITY_SEED).places)
    fleet, demand = week_of(city, seed)
    return _Given(network_of(points_of(city), roads), fleet, demand, House())


async def _history(url: str, since: datetime, days: int, organisation: UUID | None) -> History:
    engine = open_engine(url)
    try:
        async with transaction(open_sessions(engine)) as session:
            until = since + timedelta(days=days)
            history = await history_of(session, since, until, organisation)
            told = {
                "organisation": str(organisation) if organisation else None,
                "start": since.isoformat(),
                "end": until.isoformat(),
                "requests": len(history.asked),
                "vehicles": len(history.vehicles),
            }
            act = Act(None, utc_now(), reason="gongche dispatch simulate")
            act.record(session, "requests.simulate", "request", None, after=told)
            return history
    finally:
        await engine.dispose()


def _told(given: _Given) -> str:
    asked = len(given.demand)
    booked = int((given.demand.start_s - given.demand.asked_s >= given.house.booked_s).sum())
    return (
        f"{asked:,} requests, {booked:,} of them in advance; {len(given.fleet.base):,} vehicles; "
        f"{len(np.unique(given.demand.origin)):,} places asked from; ways by {given.network.label}."
    )


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        typer.echo(line)


def _check_writable(path: Path) -> None:
    """Say so before anything is simulated where the chart can't be written afterwards."""
    if path.is_dir():
        raise BadChoice(f"{path} is a folder: name a file for the chart.")
    if not path.parent.is_dir():
        raise BadChoice(f"There is no folder {path.parent} for the chart.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise BadChoice(f"{path} can't be written.")


def _write(path: Path, picture: str) -> None:
    try:
        path.write_text(picture, encoding="utf-8")
    except OSError as error:
        raise Trouble(f"{path} can't be written: {error.strerror}.") from error
    typer.echo(f"Chart: {path}")
