"""SQL behind a suggestion: vehicles and drivers of a scope, where they are, until when busy."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, Range
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import BigInteger, DateTime, Text

from dispatch.eligibility.choices import DriverChoice, Fix, VehicleChoice
from dispatch.orders.states import OUT, PROMISED
from dispatch.sealed.sealed import sealed_in
from fleet.sealings.standing import UnitVehicle
from fleet.vehicles.words import Body, LifeState
from tracking.store import ACCEPTED

_INSTANT = DateTime(timezone=True)

# A position of the last day is looked for only where it can matter: one terminal at a time, in
# the index of its partition.
_VEHICLES = text("""
    SELECT v.no, v.id, v.plate, v.seats, v.body, v.category, v.holding, v.state,
           u.organisation_no AS unit_no, o.id AS unit_id, o.name AS unit_name,
           base.latitude AS base_latitude, base.longitude AS base_longitude,
           fix.latitude, fix.longitude, fix.time AS fix_time,
           (SELECT max(upper(r.period)) FROM orders r
             WHERE r.vehicle_no = v.no AND r.state = ANY(:promised) AND r.period && :period
           ) AS busy_until,
           (SELECT min(upper(r.period)) FROM orders r
             WHERE r.vehicle_no = v.no AND r.state = ANY(:out) AND upper(r.period) <= :now
           ) AS overdue_since
    FROM vehicle v
    JOIN vehicle_unit u ON u.vehicle_no = v.no AND u.period @> :now
    JOIN organisation o ON o.no = u.organisation_no
    LEFT JOIN place base ON base.no = u.base_no
    LEFT JOIN vehicle_terminal t
           ON t.vehicle_no = v.no AND t.is_primary AND t.period @> :now
    LEFT JOIN LATERAL (
        SELECT p.latitude, p.longitude, p.time
        FROM positions_once p
        WHERE p.terminal_no = t.terminal_no AND p.time > :seen_since AND p.time <= :seen_until
          AND p.reasons & :accepted = 0 AND p.latitude IS NOT NULL
        ORDER BY p.time DESC
        LIMIT 1
    ) fix ON true
    WHERE u.organisation_no = ANY(:scope) AND v.withdrawn_at IS NULL
    ORDER BY v.plate, v.no
""").bindparams(
    bindparam("scope", type_=ARRAY(BigInteger)),
    bindparam("promised", type_=ARRAY(Text)),
    bindparam("out", type_=ARRAY(Text)),
    bindparam("period", type_=TSTZRANGE),
    bindparam("now", type_=_INSTANT),
    bindparam("seen_since", type_=_INSTANT),
    bindparam("seen_until", type_=_INSTANT),
)

_DRIVERS = text("""
    SELECT d.no, d.id, p.name, u.organisation_no AS unit_no,
           coalesce(l.licence_class, d.licence_class) AS licence_class,
           CASE WHEN l.no IS NULL THEN d.licence_until ELSE l.licence_until END AS licence_until,
           EXISTS (SELECT FROM driver_leave a
             WHERE a.driver_no = d.no AND a.withdrawn_at IS NULL AND a.period && :period
           ) AS on_leave,
           EXISTS (SELECT FROM duty_shift s
             WHERE s.driver_no = d.no AND s.withdrawn_at IS NULL AND s.period && :day
           ) AND NOT EXISTS (SELECT FROM duty_shift s
             WHERE s.driver_no = d.no AND s.withdrawn_at IS NULL
               AND s.period @> lower(CAST(:period AS tstzrange))
           ) AS off_shift,
           (SELECT max(upper(r.period)) FROM orders r
             WHERE r.driver_no = d.no AND r.state = ANY(:promised) AND r.period && :period
           ) AS busy_until,
           (SELECT coalesce(sum(extract(epoch FROM upper(r.period * :day) - lower(r.period * :day))
                   ), 0)::bigint
            FROM orders r
             WHERE r.driver_no = d.no AND r.state <> 'cancelled' AND r.period && :day
           ) AS duty_s
    FROM driver d
    JOIN driver_unit u ON u.driver_no = d.no AND u.period @> :now
    JOIN person p ON p.no = d.person_no AND p.disabled_at IS NULL
    LEFT JOIN driver_licence l
           ON l.driver_no = d.no AND l.period @> upper(CAST(:period AS tstzrange))
    WHERE u.organisation_no = ANY(:scope)
    ORDER BY d.no
""").bindparams(
    bindparam("scope", type_=ARRAY(BigInteger)),
    bindparam("promised", type_=ARRAY(Text)),
    bindparam("period", type_=TSTZRANGE),
    bindparam("day", type_=TSTZRANGE),
    bindparam("now", type_=_INSTANT),
)

_PROMISED = [str(state) for state in PROMISED]
_OUT = [str(state) for state in OUT]


async def vehicle_choices(
    session: AsyncSession,
    scope: frozenset[int],
    period: Range[datetime],
    day: Range[datetime],
    seen: Range[datetime],
    now: datetime,
    *,
    breaks_seals: bool = False,
) -> Sequence[VehicleChoice]:
    """Return the vehicles that units of the scope use now, by plate.

    period: of the ride, in which an order makes vehicle or driver busy
    day: the Shanghai day on which the drivers' duty is counted
    seen: in which a position must lie to be taken for the vehicle's place
    breaks_seals: whether vehicles that stand sealed in the period may serve all the same
    """
    drivers = await _drivers_by_unit(session, scope, period, day, now)
    found = await session.execute(
        _VEHICLES,
        {
            "scope": sorted(scope),
            "promised": _PROMISED,
            "out": _OUT,
            "period": period,
            "now": now,
            "accepted": ACCEPTED,
            "seen_since": seen.lower,
            "seen_until": seen.upper,
        },
    )
    rows = found.all()
    around = [UnitVehicle(row.no, row.unit_no, row.category) for row in rows]
    sealed = {} if breaks_seals else await sealed_in(session, around, period, now)
    return [
        VehicleChoice(
            no=row.no,
            id=row.id,
            plate=row.plate,
            seats=row.seats,
            category=row.category,
            holding=row.holding,
            unit_no=row.unit_no,
            unit_id=row.unit_id,
            unit_name=row.unit_name,
            base=(row.base_latitude, row.base_longitude) if row.base_latitude is not None else None,
            fix=Fix((row.latitude, row.longitude), row.fix_time) if row.fix_time else None,
            busy_until=row.busy_until,
            overdue_since=row.overdue_since,
            drivers=drivers.get(row.unit_no, ()),
            body=Body(row.body) if row.body else None,
            state=LifeState(row.state),
            sealed_by=sealed[row.no].name if row.no in sealed else None,
        )
        for row in rows
    ]


async def _drivers_by_unit(
    session: AsyncSession,
    scope: frozenset[int],
    period: Range[datetime],
    day: Range[datetime],
    now: datetime,
) -> dict[int, list[DriverChoice]]:
    rows = await session.execute(
        _DRIVERS,
        {
            "scope": sorted(scope),
            "promised": _PROMISED,
            "period": period,
            "day": day,
            "now": now,
        },
    )
    by_unit: dict[int, list[DriverChoice]] = defaultdict(list)
    for row in rows:
        by_unit[row.unit_no].append(
            DriverChoice(
                no=row.no,
                id=row.id,
                name=row.name,
                licence_class=row.licence_class,
                licence_until=row.licence_until,
                busy_until=row.busy_until,
                duty_s=row.duty_s,
                on_leave=row.on_leave,
                off_shift=row.off_shift,
            )
        )
    return by_unit
