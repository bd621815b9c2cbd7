"""Words of shared rides; they are those of docs/glossary.md."""

from enum import StrEnum


class SharingLimit(StrEnum):
    """What keeps a request out of an order (合乘限制)."""

    NEVER_SHARED = "never_shared"
    CONSENT = "consent"
    SEATS = "seats"
    DETOUR = "detour"
    PROMISED_PICKUP = "promised_pickup"
    TIMES = "times"


class WhoseLimit(StrEnum):
    """Whose limit it is: that of whoever joins, of somebody who rides already, of the vehicle."""

    JOINING = "joining"
    ABOARD = "aboard"
    VEHICLE = "vehicle"


_WHO = {
    WhoseLimit.JOINING: "本申请",
    WhoseLimit.ABOARD: "同车的另一申请",
    WhoseLimit.VEHICLE: "车辆",
}
_WHAT = {
    SharingLimit.NEVER_SHARED: "属于机要通信、执法执勤或保障任务，不合乘",
    SharingLimit.CONSENT: "的乘车人未同意合乘",
    SharingLimit.SEATS: "座位不足",
    SharingLimit.DETOUR: "的绕行将超过乘车人同意的限度",
    SharingLimit.PROMISED_PICKUP: "已告知的上车时间将推迟",
    SharingLimit.TIMES: "的用车时间排不下",
}


def sentence_of(limit: SharingLimit, whose: WhoseLimit) -> str:
    """Return in one sentence which limit breaks and whose, without saying who they are."""
    return f"{_WHO[whose]}{_WHAT[limit]}"
