"""Rules on the vehicle's documents: insured and inspected until the ride's end.

What the register doesn't know passes: a missing document is a gap of the register, which is told
elsewhere, and no proof that the vehicle may not drive.
"""

from datetime import datetime, timedelta

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Need
from kit.clock import shanghai_day


def insured(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """The compulsory insurance is not known to have ended before the ride's end.

    Source: 道路交通安全法 art 17, 98; 机动车交通事故责任强制保险条例 art 2.
    """
    return _sentence("交强险", vehicle.insurance_ended, need.end)


def inspected(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """The annual inspection is not known to have ended before the ride's end.

    Source: 道路交通安全法 art 13; 道路交通安全法实施条例 art 16.
    """
    return _sentence("年检", vehicle.inspection_ended, need.end)


def _sentence(what: str, ended: datetime | None, end: datetime) -> str | None:
    if ended is None or end <= ended:
        return None
    last = shanghai_day(ended - timedelta(microseconds=1))
    return f"{what}有效期至 {last:%Y-%m-%d}，用车结束前到期"
