"""The rule on the transport allowance (公务交通补贴): it concerns the request, not the vehicle."""

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Need


def allowance(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """The passenger draws no allowance for this ride, or its purpose is listed.

    The sentence is the one that stood beside the approval, by the lists of that time. Source:
    党政机关公务用车管理办法 art 16 and 26 (no allowance and vehicle at once).
    """
    return need.no_allowance
