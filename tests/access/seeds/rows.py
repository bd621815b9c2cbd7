"""What only terminals and workers write, put in as rows."""

from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from audit.rule_versions import rule_book
from audit.tables import ExplainedDay, Finding
from kit.clock import shanghai_day
from kit.ids import new_id
from tests.access.seeds.made import Seeds
from tracking.cells import cell_of
from tracking.quality.figures import COUNTS, DayFigures
from tracking.quality.store import save_day
from tracking.tables import QuarantinedFrame, Stop, Trip, UnknownTerminal

_FIGURES = DayFigures(**dict.fromkeys(COUNTS, 0), interval_s=None, clock_offset_s=1.0)


async def seed_rows(session: AsyncSession, seeds: Seeds) -> None:
    """Write what a driven hour of yesterday would have left."""
    vehicle, unit = seeds.vehicle, seeds.unit
    start = (seeds.now - timedelta(days=1)).replace(microsecond=0)
    end, day = start + timedelta(minutes=1), shanghai_day(start)
    trip = Trip(
        id=new_id(),
        vehicle_no=vehicle.no,
        organisation_no=unit.no,
        period=Range(start, end, bounds="[)"),
        start_latitude=40.05,
        start_longitude=110.05,
        end_latitude=40.06,
        end_longitude=110.05,
        distance_m=600,
        odometer_m=None,
        max_speed_kmh=36.0,
        gaps=0,
        offsets_s=[0, 60],
        pair_m=[600],
    )
    stop = Stop(
        id=new_id(),
        vehicle_no=vehicle.no,
        period=Range(end, None, bounds="[)"),
        latitude=40.06,
        longitude=110.05,
    )
    session.add_all([trip, stop])
    await session.flush()
    await _position(session, seeds, start)
    await save_day(session, seeds.world.terminals["a1"].no, day, _FIGURES, seeds.now)
    seeds.ids |= {"trip": trip.id, "stop": stop.id, "day": day, "since": start, "until": end}
    await _audit(session, seeds, trip, day)
    session.add(
        QuarantinedFrame(
            id=new_id(),
            received_at=seeds.now,
            protocol="jt808",
            phone=seeds.world.terminals["a1"].phone,
            address="192.0.2.1",
            reason="bad_checksum",
            raw=b"\x7e\x00\x7e",
        )
    )
    session.add(
        UnknownTerminal(
            protocol="jt808",
            phone="13099990001",
            id=new_id(),
            first_seen_at=seeds.now,
            last_seen_at=seeds.now,
            address="192.0.2.2",
            frames=1,
            claimed_plate=None,
        )
    )
    await session.flush()


async def _position(session: AsyncSession, seeds: Seeds, time: datetime) -> None:
    await session.execute(text("SELECT ensure_position_day(:day)"), {"day": shanghai_day(time)})
    await session.execute(
        text(
            "INSERT INTO position (terminal_no, time, own_time, time_raw, digest, received_at,"
            " writer_no, batch_n, row_n, latitude, longitude, fixed, alarm, status, reasons,"
            " backfilled, cell, raw) VALUES (:terminal_no, :time, :time, 0, 0, :time, 0, 0, 0,"
            " 40.05, 110.05, true, 0, 3, 0, false, :cell, '')"
        ),
        {
            "terminal_no": seeds.world.terminals["a1"].no,
            "time": time,
            "cell": cell_of(40.05, 110.05),
        },
    )


async def _audit(session: AsyncSession, seeds: Seeds, trip: Trip, day: date) -> None:
    book = await rule_book(session, seeds.now)
    rule = next(v for v in book.versions if v.rule == "moved_without_order")
    finding = Finding(
        id=new_id(),
        rule="moved_without_order",
        rule_version_id=rule.id,
        vehicle_no=trip.vehicle_no,
        organisation_no=seeds.unit.no,
        subject=str(trip.id),
        day=day,
        period=trip.period,
        trip_id=trip.id,
        figures={"unexplained_m": 600},
        counter_evidence=[],
        state="suspected",
    )
    parts = {"ordered_m": 0, "service_m": 0, "filed_m": 0, "unexplained_m": 600}
    session.add_all(
        [
            finding,
            ExplainedDay(
                vehicle_no=trip.vehicle_no,
                organisation_no=seeds.unit.no,
                day=day,
                driven_m=600,
                parts=[],
                **parts,
            ),
        ]
    )
    seeds.ids["finding"] = finding.id
