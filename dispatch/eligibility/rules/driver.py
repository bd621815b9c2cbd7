"""The rule on drivers: the vehicle's unit has one on duty, free and licensed."""

from collections import Counter

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.driver_rules import driver_objection
from dispatch.eligibility.need import At, Need


def driver(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """The vehicle's unit has a driver to whom no rule on drivers objects (`driver_rules`).

    The sentence counts whom each rule struck, so that it is exact without naming anybody.
    """
    if not vehicle.drivers:
        return "所属单位没有登记驾驶员"
    struck: Counter[str] = Counter()
    for one in vehicle.drivers:
        objection = driver_objection(one, vehicle, need)
        if objection is None:
            return None
        struck[objection[1]] += 1
    told = "，".join(f"{count} 人{label}" for label, count in struck.most_common())
    return f"{len(vehicle.drivers)} 名驾驶员：{told}"
