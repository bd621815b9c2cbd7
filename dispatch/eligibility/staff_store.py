"""SQL of the drivers of a scope: whose they are, their licences, and when they may be on duty."""

from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.choices import DriverChoice
from dispatch.eligibility.columns import UNSEEN, Coded, Ints, coded
from dispatch.eligibility.crews import Drivers
from dispatch.eligibility.facts_of import Asked
from dispatch.eligibility.sent import instants, spread, whole
from dispatch.eligibility.statements import statement
from dispatch.eligibility.weeks import hours_of_drivers

_DRIVERS = statement("""
    SELECT coalesce(l.licence_class, d.licence_class) AS licence_class,
           string_agg(int8send(d.no), '') AS nos,
           string_agg(int8send(u.organisation_no), '') AS units,
           string_agg(timestamptz_send(coalesce(
               CASE WHEN l.no IS NULL THEN d.licence_until ELSE l.licence_until END, '-infinity'
           )), '') AS until
    FROM driver_unit u
    JOIN driver d ON d.no = u.driver_no
    LEFT JOIN driver_licence l
           ON l.driver_no = d.no AND l.period @> upper(CAST(:period AS tstzrange))
    WHERE u.organisation_no = ANY(:scope) AND u.period @> :now
      AND d.person_no NOT IN (SELECT no FROM person WHERE disabled_at IS NOT NULL)
    GROUP BY coalesce(l.licence_class, d.licence_class)
""")
# Who is on leave; and who has shifts on that day, and begins the ride in none of them.
_AWAY = statement("""
    SELECT (
        SELECT string_agg(int8send(driver_no), '') FROM driver_leave
        WHERE withdrawn_at IS NULL AND period && :period
    ), (
        SELECT string_agg(int8send(driver_no), '') FROM (
            SELECT driver_no FROM duty_shift
            WHERE withdrawn_at IS NULL AND period && :day
            GROUP BY driver_no
            HAVING NOT bool_or(period @> lower(CAST(:period AS tstzrange)))
        ) off_shift
    )
""")


async def crews_by_unit(
    session: AsyncSession,
    ride: Asked,
    asked: Mapping[str, object],
    busy: tuple[Ints, Ints],
) -> Mapping[int, Sequence[DriverChoice]]:
    """Return the drivers of each unit of the scope that has any, by number.

    asked: what statements are asked by; busy: drivers' numbers, and until when each is promised
    """
    assert ride.period.lower is not None
    kinds = (await session.execute(_DRIVERS, asked)).all()
    nos, units = (
        whole(b"".join(sent)) for sent in ([k.nos for k in kinds], [k.units for k in kinds])
    )
    until = instants(b"".join([one.until for one in kinds]))
    kind = np.repeat(np.arange(len(kinds)), [len(whole(one.nos)) for one in kinds])
    order = np.lexsort((nos, units))
    by_no = np.argsort(nos)
    place = np.empty_like(by_no)
    place[by_no] = np.arange(len(nos))
    facts = await _facts(session, nos[by_no], ride, asked, busy)
    everybody = Drivers(
        numbers={"no": nos, "duty_s": facts["duty_s"][place], "week_s": facts["week_s"][place]},
        instants={"licence_until": until, "busy_until": facts["busy_until"][place]},
        coded={
            "licence_class": coded([one.licence_class for one in kinds]).take(kind),
            "on_leave": Coded(facts["on_leave"][place], (False, True)),
            "off_shift": Coded(facts["off_shift"][place], (False, True)),
        },
    ).take(order)
    unit_nos, counts = np.unique(units, return_counts=True)
    return dict(zip(unit_nos.tolist(), everybody.crews(counts.tolist()), strict=True))


async def _facts(
    session: AsyncSession,
    nos: Ints,
    ride: Asked,
    asked: Mapping[str, object],
    busy: tuple[Ints, Ints],
) -> dict[str, Ints]:
    """Return what the period of a ride decides about drivers by number, ascending."""
    start = ride.period.lower
    assert start is not None
    hours = await hours_of_drivers(session, start, apart_from=ride.apart_from)
    on_leave, off_shift = map(whole, (await session.execute(_AWAY, asked)).one())
    return {
        "duty_s": spread(nos, hours.driver_nos, hours.day_s),
        "week_s": spread(nos, hours.driver_nos, hours.week_s),
        "busy_until": spread(nos, *busy, otherwise=int(UNSEEN)),
        "on_leave": np.isin(nos, on_leave).astype(np.int64),
        "off_shift": np.isin(nos, off_shift).astype(np.int64),
    }
