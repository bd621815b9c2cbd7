"""Which vehicles were nearest to a place at an instant, by the last position known then."""

from datetime import datetime, timedelta

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.refs import Named, VehicleRef
from tracking.geo import distances_m
from tracking.history.looking import Look
from tracking.questions import store
from tracking.questions.schemas import NearbyItem, NearbyList
from tracking.questions.where import fix


async def nearest_at(
    session: AsyncSession,
    look: Look,
    latitude: float,
    longitude: float,
    at: datetime,
    within_s: int,
    limit: int,
) -> NearbyList:
    """Return the nearest vehicles whose last position is at most `within_s` old. Raises CaseNeeded.

    Equal distances are told by vehicle.
    """
    look.require_case()
    look.journal(
        session,
        "near.read",
        None,
        {
            "latitude": latitude,
            "longitude": longitude,
            "at": at.isoformat(),
            "within_s": within_s,
            "limit": limit,
        },
    )
    rows = await store.last_of_each(session, look.reach, at, timedelta(seconds=within_s))
    metres = distances_m(
        np.array([row.latitude for row in rows], np.float64),
        np.array([row.longitude for row in rows], np.float64),
        latitude,
        longitude,
    )
    nearest = [(rows[i], metres[i]) for i in np.argsort(metres, kind="stable")[:limit]]
    names = await store.names(
        session, [(row.vehicle_no, row.organisation_no) for row, _ in nearest]
    )
    items = []
    for row, distance_m in nearest:
        name = names[row.vehicle_no, row.organisation_no]
        items.append(
            NearbyItem(
                vehicle=VehicleRef(id=name.vehicle_id, plate=name.plate),
                unit=Named(id=name.unit_id, name=name.name),
                distance_m=round(float(distance_m), 1),
                position=fix(row, at),
            )
        )
    return NearbyList(at=at, within_s=within_s, items=items)
