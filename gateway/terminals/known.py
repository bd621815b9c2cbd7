"""The register as the door sees it: looked up once, then remembered for a few seconds.

After an outage every terminal knocks at once: who waits together is looked up together.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from fleet.terminals import identity
from fleet.terminals.identity import KnownTerminal
from fleet.words import Protocol
from kit.database import Sessions, transaction
from kit.together import Together

_REMEMBERED_S = 5.0
_REMEMBERED_NUMBERS = 200_000


class KnownTerminals:
    """Answers who a number is; both yes and no are remembered for a short while."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._answers: dict[str, tuple[float, KnownTerminal | None]] = {}
        self._found = Together(self._find_all)
        self._taken_over = Together(self._take_over_all)

    async def find(self, phone: str, clock_s: float) -> KnownTerminal | None:
        """Return the terminal of this number, or None; `clock_s` is a monotonic time."""
        answer = self._answers.get(phone)
        if answer is not None and clock_s - answer[0] < _REMEMBERED_S:
            return answer[1]
        terminal = await self._found.ask(phone)
        if len(self._answers) >= _REMEMBERED_NUMBERS:
            self._answers.clear()
        self._answers[phone] = (clock_s, terminal)
        return terminal

    def forget(self, phone: str) -> None:
        """Look this number up anew the next time: its token may just have been given."""
        self._answers.pop(phone, None)

    async def register(
        self, terminal: KnownTerminal, maker: str, model: str, address: str, now: datetime
    ) -> str:
        """Note a registration; return the token."""
        self.forget(terminal.phone)
        async with transaction(self._sessions) as session:
            return await identity.register_terminal(
                session, terminal.no, maker=maker, model=model, address=address, now=now
            )

    async def take_over(self, terminal_no: int) -> int:
        """Return the epoch of a new link of this terminal."""
        return await self._taken_over.ask(terminal_no)

    async def overtaken(self, epochs: Mapping[int, int]) -> list[int]:
        """Return the terminals that have a newer link than the one of this epoch."""
        async with transaction(self._sessions) as session:
            return await identity.overtaken(session, epochs)

    async def _find_all(self, phones: Sequence[str]) -> list[KnownTerminal | None]:
        async with transaction(self._sessions) as session:
            found = await identity.find_terminals(session, Protocol.JT808, phones)
        return [found.get(phone) for phone in phones]

    async def _take_over_all(self, terminal_nos: Sequence[int]) -> list[int]:
        async with transaction(self._sessions) as session:
            return await identity.take_over(session, terminal_nos)
