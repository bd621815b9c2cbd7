"""What goes wrong with one piece of a round keeps nothing else from being decided."""

import logging
from types import TracebackType

from sqlalchemy.exc import InterfaceError, OperationalError

import kit.isolation
from dispatch.automatic.state import AutoDispatchState
from tracking.leases import LeaseLost

log = logging.getLogger(__name__)

# The lease or the database itself is away: the whole round is put off, and tried again.
_ENDS_THE_ROUND = (LeaseLost, OperationalError, InterfaceError, OSError)


class Isolated(kit.isolation.Isolated):
    """Tries one piece of a round, and counts it among the round's failures when it fails."""

    def __init__(self, state: AutoDispatchState, sentence: str, **about: object) -> None:
        """sentence: what comes of it, for the log; about: the ids of what was tried."""
        super().__init__(log, sentence, passing=_ENDS_THE_ROUND, **about)
        self._state = state

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        ended_here = super().__exit__(kind, error, traceback)
        self._state.failures += self.failed
        return ended_here
