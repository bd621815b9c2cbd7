"""Unit A's objects, one of each kind that a route may be asked for."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import httpx
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from audit.rule_versions import rule_book
from audit.tables import ExplainedDay, Finding
from fleet.tables import Organisation, Person, Vehicle
from fleet.words import Role
from kit.clock import shanghai_day
from kit.ids import new_id
from tests.access.cast import Cast, Where, log_in_as
from tests.dispatch.office import wish
from tests.support.world import World
from tracking.cells import cell_of
from tracking.quality.figures import COUNTS, DayFigures
from tracking.quality.store import save_day
from tracking.tables import QuarantinedFrame, Stop, Trip, UnknownTerminal

API = "/api/v1"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)


@dataclass
class Seeds:
    """The world, everybody in it, and the ids of what was made beyond it."""

    world: World
    cast: Cast
    ids: dict[str, object] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """When the world was made."""
        return self.world.now

    @property
    def unit(self) -> Organisation:
        """Unit A."""
        return self.world.organisations["a"]

    @property
    def vehicle(self) -> Vehicle:
        """A vehicle of A."""
        return self.world.vehicles["a1"]

    def person(self, username: str) -> Person:
        """Somebody of the world, by account."""
        return self.world.people[username]

    def later(self, **delta: float) -> str:
        """Return an instant after now, as the API takes it."""
        return (self.now + timedelta(**delta)).isoformat()

    def hours(self, start: float, end: float) -> dict[str, str]:
        """Return a period between two hours from now."""
        return {"start": self.later(hours=start), "end": self.later(hours=end)}


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


async def seed_by_api(client: httpx.AsyncClient, session: AsyncSession, seeds: Seeds) -> None:
    """Let A's people ask for rides, approve and assign, as they would; and keep the register."""
    tokens = {
        name: await log_in_as(session, seeds.person(name), seeds.now)
        for name in ("applicant_a", "approver_a", "clerk_a", "dispatcher")
    }
    tokens |= {
        role.value: member.token for (role, at), member in seeds.cast.items() if at is Where.INSIDE
    }
    tokens["bureau"] = seeds.cast[Role.AUTHORITY_APPROVER, Where.TOP].token
    await session.commit()

    async def post(name: str, path: str, body: object) -> dict[str, object]:
        method, _, rest = path.rpartition(" ")
        answer = await client.request(
            method or "POST",
            API + rest,
            json=body,
            headers={"Authorization": f"Bearer {tokens[name]}"},
        )
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        made: dict[str, object] = answer.json()
        return made

    async def ask(hours: float, **more: object) -> dict[str, object]:
        return await post("applicant_a", "/requests", wish(timedelta(hours=hours), 1, **more))

    async def approved(hours: float) -> dict[str, object]:
        asked = await ask(hours)
        path = f"/requests/{asked['id']}/approve"
        return await post("approver_a", path, {"revision": asked["revision"]})

    async def assigned(hours: float, vehicle: str, driver: str) -> dict[str, object]:
        request = await approved(hours)
        body = {
            "vehicle_id": str(seeds.world.vehicles[vehicle].id),
            "driver_id": str(seeds.world.drivers[driver].id),
            "revision": request["revision"],
        }
        return await post("dispatcher", f"/requests/{request['id']}/assignment", body)

    seeds.ids["asked"] = await ask(20)
    seeds.ids["approved"] = await approved(30)
    approved_id = id_of(seeds.ids["approved"])
    seeds.ids["suggestion"] = await post("dispatcher", f"/requests/{approved_id}/suggestions", None)
    seeds.ids["order"] = await assigned(40, "a1", "a1")
    seeds.ids["due_order"] = await assigned(-0.2, "a1", "a2")
    seeds.ids["filing"] = await post(
        "clerk_a",
        "/filings",
        {
            "vehicle_id": str(seeds.vehicle.id),
            "kind": "night_away",
            "reason": "跨夜出差",
            **seeds.hours(50, 60),
        },
    )
    await _register(post, seeds)


async def _register(
    post: Callable[[str, str, object], Awaitable[dict[str, object]]], seeds: Seeds
) -> None:
    """Make one of each further object of A, by whoever of A may."""
    unit, vehicle = str(seeds.unit.id), str(seeds.vehicle.id)
    driver = f"/drivers/{seeds.world.drivers['a2'].id}"
    for name, role, path, body in (
        ("leaf", "fleet_manager", "/organisations", _leaf(unit, "甲局三处")),
        ("twin", "fleet_manager", "/organisations", _leaf(unit, "甲局 三处")),
        (
            "registered",
            "fleet_manager",
            "/vehicles",
            {
                "plate": seeds.world.vehicles["a2"].plate,
                "plate_colour": "yellow",
                "model": "轿车",
                "category": "other_prescribed",
                "seats": 5,
                "energy": "petrol",
                "holding": "retained",
                "organisation_id": unit,
                "stage": "registered",
            },
        ),
        ("secret", "authority_approver", f"PUT /secret-vehicle-counts/{unit}", {"count": 1}),
        ("heir", "fleet_manager", "/organisations", _leaf(unit, "甲局四处")),
        (
            "custody",
            "fleet_manager",
            "/custodies",
            {"vehicle_id": vehicle, "kind": "key", "holder": {"organisation_id": unit}},
        ),
        (
            "document",
            "fleet_manager",
            f"/vehicles/{vehicle}/documents",
            {"kind": "annual_inspection", "title": "年检", "expires_on": "2027-01-01"},
        ),
        (
            "empty_document",
            "fleet_manager",
            f"/vehicles/{vehicle}/documents",
            {"kind": "insurance", "title": "保险"},
        ),
        (
            "leave",
            "fleet_manager",
            f"{driver}/leaves",
            {"kind": "annual", "reason": "年休假", **seeds.hours(200, 210)},
        ),
        ("shift", "unit_clerk", f"{driver}/shifts", {"kind": "day_shift", **seeds.hours(220, 228)}),
        (
            "roster",
            "unit_clerk",
            "/rosters",
            {
                "organisation_id": unit,
                "kind": "regular_duty",
                "vehicle_id": vehicle,
                **seeds.hours(230, 240),
            },
        ),
        (
            "duty_dispatcher",
            "fleet_manager",
            "/duty-dispatchers",
            {
                "organisation_id": unit,
                "person_id": str(seeds.cast[Role.DISPATCHER, Where.INSIDE].person.id),
                **seeds.hours(900, 910),
            },
        ),
        (
            "outage",
            "fleet_manager",
            f"/vehicles/{vehicle}/outages",
            {"kind": "maintenance", "reason": "保养", **seeds.hours(250, 260)},
        ),
        (
            "hold",
            "supervisor_officer",
            "/holds",
            {
                "case_number": "核〔2026〕1",
                "reason": "复核",
                "vehicle_id": vehicle,
                **seeds.hours(-48, 1),
            },
        ),
        (
            "sealing",
            "authority_approver",
            "/sealings",
            {
                "name": "节日封存",
                "basis": "通知〔2026〕1",
                "organisation_id": unit,
                **seeds.hours(300, 400),
            },
        ),
    ):
        seeds.ids[name] = await post(role, path, body)
    await _say(post, unit)
    await _apply(post, seeds)


async def _say(post: Callable[[str, str, object], Awaitable[dict[str, object]]], unit: str) -> None:
    """Let the bureau open two rules, and A say something about one of them."""
    for key in ("over_quota", "over_standard"):
        await post("bureau", f"PUT /rules/values/{key}", {"value": "flag", "open_below": True})
    said = {"value": "refuse", "organisation_id": unit}
    await post("authority_approver", "PUT /rules/values/over_standard", said)


async def _apply(
    post: Callable[[str, str, object], Awaitable[dict[str, object]]], seeds: Seeds
) -> None:
    """File one application for each state that the matrix acts upon."""
    decided = (("unit_clerk", "submit"), ("authority_approver", "approve"))
    disposal = {
        "kind": "disposal",
        "vehicle_id": str(seeds.world.vehicles["a3"].id),
        "method": "scrap",
        "grounds": "报废",
    }
    for state, wanted, acts in (
        ("draft", quota_wanted(seeds, 5), ()),
        ("submitted", quota_wanted(seeds, 6), decided[:1]),
        ("granted", quota_wanted(seeds, 7), decided),
        ("disposal", disposal, decided),
    ):
        made = await post("unit_clerk", "/applications", wanted)
        for role, act in acts:
            await post(role, f"/applications/{made['id']}/{act}", {})
        seeds.ids[f"application_{state}"] = made


def quota_wanted(seeds: Seeds, count: int) -> dict[str, object]:
    """Return an application of A for a quota."""
    return {
        "kind": "quota_approval",
        "organisation_id": str(seeds.unit.id),
        "category": "other_prescribed",
        "count": count,
        "basis": "编办〔2026〕1",
    }


def _leaf(parent: str, name: str) -> dict[str, str]:
    return {"name": name, "kind": "unit", "parent_id": parent}


def id_of(made: object) -> UUID:
    """Return the id of an object that the API made."""
    assert isinstance(made, Mapping)
    return UUID(str(made["id"]))
