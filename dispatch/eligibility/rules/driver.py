"""The rule on drivers: the vehicle's unit has one on duty, free and licensed."""

from collections import Counter
from collections.abc import Sequence

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.driver_rules import driver_objection
from dispatch.eligibility.need import At, Need


def driver(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """The vehicle's unit has a driver to whom no rule on drivers objects (`driver_rules`).

    The sentence counts whom each rule struck, so that it is exact without naming anybody.
    """
    labels = []
    for one in vehicle.drivers:
        objection = driver_objection(one, vehicle, need)
        if objection is None:
            return None
        labels.append(objection[1])
    return sentence(Counter(labels).most_common())


def sentence(struck: Sequence[tuple[str, int]]) -> str:
    """Return the sentence on a unit's drivers of whom nobody may drive.

    struck: by which label, and how many
    """
    if not struck:
        return "所属单位没有登记驾驶员"
    told = "，".join(f"{count} 人{label}" for label, count in struck)
    return f"{sum(count for _, count in struck)} 名驾驶员：{told}"
