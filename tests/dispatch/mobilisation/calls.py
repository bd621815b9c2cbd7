"""What is sent to mobilisations: call-ups, rides to order, drives to enter."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range

from dispatch.tables import Mobilisation
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.office import Json, Office, ok
from tests.support.world import LATITUDE, LONGITUDE, PASSWORD

HERE = {"name": "指挥部", "latitude": LATITUDE, "longitude": LONGITUDE}
THERE = {"name": "堤防", "latitude": LATITUDE + 0.05, "longitude": LONGITUDE}


def call_up(office: Office, top: str = "bureau", **changes: object) -> Json:
    return {
        "organisation_id": str(office.world.organisations[top].id),
        "level": 2,
        "name": "防汛应急响应",
        "basis": "市防指〔2026〕3号",
        "statement": "同意启动应急调用",
        "password": PASSWORD,
        **changes,
    }


async def mobilised(office: Office, top: str = "bureau") -> str:
    made = ok(await office.post("authority", "/mobilisations", call_up(office, top)), 201)
    return f"/mobilisations/{made['id']}"


def ride(
    office: Office, vehicle: str | None = None, driver: str | None = None, **more: object
) -> Json:
    world = office.world
    return {
        "passengers": 3,
        "purpose_text": "运送抢险人员",
        "origin": HERE,
        "destination": THERE,
        "end": (utc_now() + timedelta(hours=3)).isoformat(),
        "vehicle_id": str(world.vehicles[vehicle].id) if vehicle else None,
        "driver_id": str(world.drivers[driver].id) if driver else None,
        **more,
    }


def drive(office: Office, vehicle: str, driver: str, departed_at: datetime, **more: object) -> Json:
    told = ride(office, vehicle, driver)
    told.pop("end")
    return {**told, "departed_at": departed_at.isoformat(), **more}


async def began(office: Office, path: str, ago: timedelta) -> None:
    """Let a mobilisation have been signed so long ago."""
    id = UUID(path.rsplit("/", 1)[-1])
    async with transaction(office.sessions) as session:
        since = Range(utc_now() - ago, None, bounds="[)")
        await session.execute(
            update(Mobilisation).where(Mobilisation.id == id).values(period=since)
        )


async def entered(office: Office, path: str, *drives: Json) -> list[str]:
    """Enter drives afterwards; return the types of what is refused."""
    answer = ok(await office.post("dispatcher", f"{path}/back-entries", {"drives": [*drives]}), 201)
    return [one["type"].rsplit("/", 1)[-1] for one in answer["refused"]]
