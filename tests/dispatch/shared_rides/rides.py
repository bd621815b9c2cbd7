"""Rides of two units as tests of sharing need them: asked for, approved and joined."""

from datetime import timedelta

from tests.dispatch.office import Json, Office, ok, wish
from tests.support.world import LATITUDE, LONGITUDE

A_TOLD, B_TOLD = "甲局密会事由", "乙局专题会"


A_PLACE, B_PLACE = "甲局东门", "乙局北门"


RIDERS = {"applicant_a": ("赵甲甲", "13800010001"), "applicant_b": ("钱乙乙", "13900020002")}


AHEAD = timedelta(hours=4)


def beside(north: float, name: str) -> Json:
    return {"name": name, "latitude": LATITUDE + north, "longitude": LONGITUDE + north}


async def asked(office: Office, unit: str, **changes: object) -> Json:
    more: Json = {
        "passengers": 1,
        "may_share": True,
        "purpose_text": A_TOLD if unit == "a" else B_TOLD,
        "origin": beside(0.0, A_PLACE) if unit == "a" else beside(0.002, B_PLACE),
        **changes,
    }
    body = wish(AHEAD if unit == "a" else AHEAD + timedelta(minutes=1), **more)
    made = ok(await office.post(f"applicant_{unit}", "/requests", body), 201)
    return await office.approve(made, f"approver_{unit}")


async def join(office: Office, request: Json, order: Json, **more: object) -> Json:
    body = {
        "order_id": order["id"],
        "revision": request["revision"],
        "order_revision": order["revision"],
        **more,
    }
    return ok(await office.post("dispatcher", f"/requests/{request['id']}/join", body))
