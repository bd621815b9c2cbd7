"""Whoever is picked up second still waits while the vehicle stands at the first."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from dispatch.tables import Promise
from kit.database import transaction
from tests.dispatch.office import Office, instant, let_leave_early, ok, wish
from tests.dispatch.rolling.test_warnings import place
from tests.dispatch.shared_rides.rides import beside, join
from tests.dispatch.shared_rides.test_putting_off import soon
from tests.dispatch.test_suggestions import see
from tests.support.world import LATITUDE

ON_THE_WAY = 0.08
LATE = timedelta(minutes=90)


@pytest.mark.parametrize(("taps", "comes"), [(True, True), (True, False), (False, True)])
async def test_the_second_pickup_is_watched_and_told_until_it_is_made(
    app: FastAPI, office: Office, taps: bool, comes: bool
) -> None:
    await let_leave_early(office)
    there = {"destination": {**beside(0.0, "会场"), "latitude": LATITUDE + 0.2}}
    first = await soon(office, "a", **there)
    order = ok(await office.assign(first, "a1", "a1", override=True, reason="近"), 201)
    north = {"origin": {**beside(0.0, "北门"), "latitude": LATITUDE + ON_THE_WAY}}
    later = wish(timedelta(minutes=25))
    when = {"start": later["start"], "end": later["end"]}
    second = await soon(office, "b", **there, **north, **when)
    order = await join(office, second, order, override=True, reason="顺路")
    order = await office.drive(order, until="arrive" if taps else "depart")
    if not taps:
        await see(office, "a1", 0.0)
    async with transaction(office.sessions) as session:
        await session.execute(update(Promise).values(pickup_at=Promise.pickup_at - LATE))
    if not comes:
        absent = {"reason": "未到", "request_id": first["id"]}
        ok(await office.step("driver_a1", order, "no_show", **absent))
    told = ok(await office.get("applicant_b", f"/requests/{second['id']}"))["promised_pickup_at"]

    place(app, office, "a1", away=0.0)
    (warning,) = ok(await office.get("dispatcher", "/orders/warnings"))["items"]
    assert (warning["kind"], warning["state"]) == ("late_pickup", order["state"])
    assert instant(warning["promised_pickup_at"]) == instant(told)
    assert warning["late_s"] > 3600
    waits = ok(await office.get("applicant_b", f"/requests/{second['id']}/approach"))
    # Where it stands for somebody else is theirs; alone, one sees it come.
    assert (waits["phase"], waits["position"] is None) == ("approaching", comes)
    assert waits["late_s"] > 3600
    rides = ok(await office.get("applicant_a", f"/requests/{first['id']}/approach"))
    phase = ("under_way" if taps else "here") if comes else "over"
    assert (rides["phase"], rides["late_s"]) == (phase, None)

    # Once the vehicle has been there, both are under way.
    await see(office, "a1", ON_THE_WAY)
    place(app, office, "a1", away=ON_THE_WAY + 0.02)
    rides = ok(await office.get("applicant_b", f"/requests/{second['id']}/approach"))
    assert rides["phase"] == "under_way"
    kinds = [one["kind"] for one in ok(await office.get("dispatcher", "/orders/warnings"))["items"]]
    assert "late_pickup" not in kinds
