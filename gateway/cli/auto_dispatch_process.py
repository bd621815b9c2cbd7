"""Auto-dispatch as a work of the worker: its steps, its back-off, and what it tells Prometheus."""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from dispatch.automatic.state import AutoDispatchState
from dispatch.automatic.worker import LOOK_EVERY_S, AutoDispatcher, back_off_s
from dispatch.roads.in_use import MapInUse
from dispatch.roads.speeds.following import SpeedsFollower
from dispatch.suggestions.weighing import Sources
from kit.clock import utc_now
from kit.database import Sessions
from kit.ending import is_ending, pause
from kit.isolation import Isolated
from kit.metrics import Figure, counter, gauge, histogram

log = logging.getLogger(__name__)


class LazySources:
    """Travel times on the map in use, read when the first request is ranked.

    Most workers never dispatch: a map takes memory, and only one of them holds the lease.
    """

    def __init__(self, sessions: Sessions, maps_dir: Path) -> None:
        self._sessions, self._maps_dir = sessions, maps_dir
        self._map: MapInUse | None = None
        self._speeds: SpeedsFollower | None = None

    def __call__(self) -> Sources:
        """Return travel times of this hour on the newest readable map; call from a thread."""
        if self._map is None:
            self._map = MapInUse(self._maps_dir)
        travel_times = self._map.travel_times().at(utc_now())
        return Sources(travel_times, travel_times.map_version)

    async def look(self) -> None:
        """Take newer speeds into use, once there is a map in use."""
        if self._map is None:
            return
        if self._speeds is None:
            self._speeds = SpeedsFollower(self._sessions, self._map)
        # The speeds before stay in use: nothing else of the worker may end by this.
        with Isolated(log, "it could not be looked whether speeds have been learned"):
            await self._speeds.look()


async def dispatch_by_itself(
    dispatcher: AutoDispatcher,
    put_off: Callable[[Exception], None],
    tried_again: tuple[type[Exception], ...],
    sleep: Callable[[float], Awaitable[None]] = pause,
) -> None:
    """Take one step after the other; ever more slowly while they fail."""
    failed = 0
    while True:
        try:
            await dispatcher.step()
            failed = 0
        except tried_again as error:
            if is_ending():
                raise
            failed += 1
            put_off(error)
        await sleep(back_off_s(failed) if failed else LOOK_EVERY_S)


def auto_dispatch_figures(state: AutoDispatchState) -> tuple[Figure, ...]:
    """Return what auto-dispatch keeps, named."""
    return (
        gauge(
            "gongche_auto_dispatch_held",
            "1 for the worker that dispatches by itself",
            lambda: state.held,
        ),
        gauge(
            "gongche_auto_dispatch_waiting",
            "Requests that await dispatch where auto-dispatch is on",
            lambda: state.waiting,
        ),
        counter(
            "gongche_auto_dispatch_rounds_total",
            "Rounds through what waits",
            lambda: state.rounds,
        ),
        histogram(
            "gongche_auto_dispatch_round_seconds",
            "A round through what waits",
            lambda: state.round_s,
        ),
        counter(
            "gongche_auto_dispatch_suggested_total",
            "Suggestions stored for requests as they came",
            lambda: state.suggested,
        ),
        counter(
            "gongche_auto_dispatch_assigned_total",
            "Requests assigned automatically",
            lambda: state.assigned,
        ),
        counter(
            "gongche_auto_dispatch_reassigned_total",
            "Automatic assignments changed for a better vehicle",
            lambda: state.reassigned,
        ),
        counter(
            "gongche_auto_dispatch_left_total",
            "Times that a request was left to the dispatcher, by what stopped it",
            lambda: state.left,
            "stop",
        ),
        counter(
            "gongche_auto_dispatch_conflicts_total",
            "Assignments given up because somebody was faster",
            lambda: state.conflicts,
        ),
        counter(
            "gongche_auto_dispatch_failures_total",
            "Requests passed over after something unforeseen",
            lambda: state.failures,
        ),
    )
