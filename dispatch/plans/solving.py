"""A proposal for a day: vehicles, then plates, then drivers; what fails is tried otherwise."""

from collections.abc import Sequence

from dispatch.capacity.model import Booking
from dispatch.capacity.placing import units_of
from dispatch.plans.chains import CarStock, Chain, find_chains, stocks_of
from dispatch.plans.crews import give_out
from dispatch.plans.duty import NOBODY
from dispatch.plans.model import Day, Line, Proposal

_ROUNDS = 4
"""How often what no battery lasts for, or nobody can drive, is tried otherwise."""


def propose(day: Day) -> Proposal:
    """Return the best proposal found; promised rides come before others.

    Vehicles and drivers are each chosen by the best of all choices, one after the other: where a
    chain of rides finds no driver, or a battery doesn't last for a vehicle's day, it is taken
    apart, or given to another stock, and both are chosen anew.
    """
    stocks = stocks_of(day)
    forbidden: set[tuple[int, int]] = set()
    unlinked: set[tuple[int, int]] = set()
    best: Proposal | None = None
    for _ in range(_ROUNDS):
        chains = find_chains(day, stocks, forbidden, unlinked)
        cars, too_far = _plates(stocks, chains)
        driven = [c for c in range(len(chains)) if c not in too_far]
        kept = [chains[c] for c in driven]
        crews = give_out(day, kept, [cars[c] for c in driven])
        proposal = _told(day, kept, [cars[c] for c in driven], crews)
        if best is None or _worth(day, proposal) > _worth(day, best):
            best = proposal
        forbidden |= {(r, chains[c].stock) for c in too_far for r in chains[c].rides[-1:]}
        nobody = [kept[k] for k, d in enumerate(crews) if d == NOBODY]
        apart = {
            (one, following)
            for chain in nobody
            for one, following in zip(chain.rides, chain.rides[1:], strict=False)
        }
        if not too_far and not apart - unlinked:
            break
        unlinked |= apart
    assert best is not None
    return best


def _plates(stocks: Sequence[CarStock], chains: Sequence[Chain]) -> tuple[dict[int, int], set[int]]:
    """Return the vehicle of each chain, and the chains for which no battery lasts."""
    cars: dict[int, int] = {}
    too_far: set[int] = set()
    for s, stock in enumerate(stocks):
        own = [c for c, chain in enumerate(chains) if chain.stock == s]
        if stock.sample.range_m is None:
            spans = [Booking(*chain.span, frozenset()) for chain in chains]
            unit = units_of(spans, own, len(stock.cars))
            cars |= {c: stock.cars[u] for c, u in unit.items()}
        else:
            within, beyond = _in_range(stock, chains, own)
            cars |= within
            too_far |= beyond
    return cars, too_far


def _in_range(
    stock: CarStock, chains: Sequence[Chain], own: Sequence[int]
) -> tuple[dict[int, int], set[int]]:
    """Give each chain the free vehicle whose charge just lasts, the longest chains first."""
    assert stock.sample.range_m is not None
    left = dict.fromkeys(stock.cars, stock.sample.range_m)
    busy: dict[int, list[tuple[int, int]]] = {car: [] for car in stock.cars}
    cars: dict[int, int] = {}
    for c in sorted(own, key=lambda c: (-chains[c].metres, c)):
        start, end = chains[c].span
        able = [
            car
            for car in stock.cars
            if left[car] >= chains[c].metres
            and all(until <= start or end <= since for since, until in busy[car])
        ]
        if able:
            cars[c] = min(able, key=lambda car: (left[car], car))
            left[cars[c]] -= chains[c].metres
            busy[cars[c]].append((start, end))
    return cars, set(own) - cars.keys()


def _told(day: Day, chains: Sequence[Chain], cars: Sequence[int], crews: Sequence[int]) -> Proposal:
    lines = []
    for chain, car, crew in zip(chains, cars, crews, strict=True):
        at = day.cars[car].base
        for r in chain.rides if crew != NOBODY else ():
            lines.append(Line(r, car, crew, day.roads.metres(at, day.rides[r].origin)))
            at = day.rides[r].ends_at
    with_car = {r for chain in chains for r in chain.rides}
    served = {line.ride for line in lines}
    empty_m = sum(
        chain.empty_m for chain, crew in zip(chains, crews, strict=True) if crew != NOBODY
    )
    return Proposal(
        lines=tuple(sorted(lines, key=lambda line: line.ride)),
        without_car=tuple(r for r in range(len(day.rides)) if r not in with_car),
        without_crew=tuple(sorted(with_car - served)),
        empty_m=empty_m,
    )


def _worth(day: Day, proposal: Proposal) -> tuple[int, int, int]:
    rides = [day.rides[line.ride] for line in proposal.lines]
    promised = sum(ride.promised for ride in rides)
    return promised, sum(ride.requests for ride in rides), -proposal.empty_m
