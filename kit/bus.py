"""The bus is a hint: it wakes consumers, and everything that it says stands in the database.

One capped stream tells that a writer has committed a batch. Whoever misses an entry reads the
missing batches from PostgreSQL, so the stream may be flushed or away without harm.
"""

import logging
from collections.abc import AsyncIterator, Mapping

from redis.asyncio import Redis
from redis.exceptions import RedisError
from redis.typing import EncodableT, FieldT

from kit.ending import is_ending, pause

# The braces keep one topic's keys in one slot when the bus is a cluster.
BATCHES = "gongche:{batches}"
_KEPT_ENTRIES = 10_000
_KEPT_SIGNS = 1_000

log = logging.getLogger(__name__)


class Bus:
    """Sends and receives hints; a bus that is away is logged, never raised.

    hinted, unheard: how many hints were given, and how many of them the bus did not take
    """

    def __init__(self, url: str) -> None:
        self._redis: Redis = Redis.from_url(
            url, socket_timeout=5, socket_connect_timeout=2, health_check_interval=15
        )
        self.behind = False
        self.hinted = 0
        self.unheard = 0

    async def hint(self, topic: str, writer_no: int, n: int) -> None:
        """Wake the consumers of `topic`: this writer has committed its batch `n`."""
        self.hinted += 1
        try:
            await self._redis.xadd(
                topic, {"writer": writer_no, "n": n}, maxlen=_KEPT_ENTRIES, approximate=True
            )
            self.behind = False
        except (RedisError, OSError) as error:
            self.unheard += 1
            await self._look_whether_away(error)

    async def show(self, topic: str, sign: Mapping[str, str]) -> None:
        """Give a sign of life, which everybody can look up for some seconds."""
        try:
            fields: dict[FieldT, EncodableT] = {}
            fields.update(sign)
            await self._redis.xadd(topic, fields, maxlen=_KEPT_SIGNS, approximate=True)
        except (RedisError, OSError):
            log.debug("a sign of life was not taken", extra={"topic": topic})

    async def shown(self, topic: str, within_s: float) -> list[dict[str, str]] | None:
        """Return the signs of the last seconds by the bus's own clock, oldest first.

        None while it is away.
        """
        try:
            seconds, microseconds = await self._redis.time()
            since_ms = round((seconds + microseconds / 1e6 - within_s) * 1000)
            entries = await self._redis.xrange(topic, min=since_ms) or ()
        except (RedisError, OSError):
            return None
        return [{_text(k): _text(v) for k, v in (sign or {}).items()} for _, sign in entries]

    async def ping(self) -> bool:
        """Return whether the bus answers."""
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError):
            return False

    async def wakes(self, topic: str, idle_s: float) -> AsyncIterator[bool]:
        """Yield whenever work may be waiting: True on a hint, False after `idle_s` of silence."""
        last = "$"
        while not is_ending():
            try:
                answer = await self._redis.xread(
                    {topic: last}, block=int(idle_s * 1000), count=1000
                )
                self.behind = False
                if answer:
                    last = _last_entry(answer)
                yield bool(answer)
            except (RedisError, OSError) as error:
                if is_ending():
                    raise
                await self._look_whether_away(error)
                await pause(idle_s)
                yield False

    async def _look_whether_away(self, error: Exception) -> None:
        """Hold the bus away only when it fails twice: one late answer sends nobody away."""
        is_away = not await self.ping()
        if is_away and not self.behind:
            log.warning("bus is away, consumers will poll", extra={"error": str(error)})
        self.behind = is_away

    async def close(self) -> None:
        """Give the connections back."""
        await self._redis.aclose()


def _text(told: bytes | str) -> str:
    return told.decode() if isinstance(told, bytes) else told


def _last_entry(answer: object) -> str:
    """Return the newest entry id of an XREAD answer (RESP2 lists or RESP3 maps)."""
    streams = list(answer.values()) if isinstance(answer, dict) else [s[1] for s in answer]  # type: ignore[attr-defined]
    entries = streams[0]
    while entries and isinstance(entries[0], list) and isinstance(entries[0][0], (list, tuple)):
        entries = entries[0]
    newest = entries[-1][0]
    return newest.decode() if isinstance(newest, bytes) else str(newest)
