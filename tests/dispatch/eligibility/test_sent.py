"""What PostgreSQL sends as bytes is what it has."""

from datetime import UTC, datetime

import numpy as np
from sqlalchemy import text

from dispatch.eligibility.columns import UNSEEN, instant
from dispatch.eligibility.sent import instants, spread, whole
from kit.database import Sessions

_SENT = text("""
    SELECT string_agg(int8send(n), '' ORDER BY n), string_agg(timestamptz_send(at), '' ORDER BY n)
    FROM (VALUES (-9223372036854775808, timestamptz '-infinity'),
                 (7, timestamptz '1969-12-31 23:59:59.999999+00'),
                 (9223372036854775807, timestamptz '2199-12-31 23:59:59.123456+00')) told(n, at)
    WHERE n > :above
""")


async def test_numbers_and_instants_come_as_they_are(sessions: Sessions) -> None:
    async with sessions() as session:
        numbers, times = (await session.execute(_SENT, {"above": -(2**63) - 1})).one()
        nothing = (await session.execute(_SENT, {"above": 2**63 - 1})).one()
    assert whole(numbers).tolist() == [-(2**63), 7, 2**63 - 1]
    unknown, before, late = instants(times).tolist()
    assert unknown == UNSEEN
    assert instant(before) == datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert instant(late) == datetime(2199, 12, 31, 23, 59, 59, 123_456, tzinfo=UTC)
    assert tuple(nothing) == (None, None)
    assert (len(whole(None)), len(instants(None))) == (0, 0)


def test_values_are_spread_over_those_who_have_them() -> None:
    nos, found = np.array([2, 5, 9]), np.array([9, 3, 5, 9])
    assert spread(nos, found, np.array([4, 8, 1, 7])).tolist() == [0, 1, 7]
    assert spread(nos, found[:0], found[:0], otherwise=-1).tolist() == [-1, -1, -1]
    assert spread(nos[:0], found, found).tolist() == []
