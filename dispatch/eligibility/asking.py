"""What a request asks of a vehicle."""

from dispatch.allowance.service import refusal
from dispatch.eligibility.need import Need
from dispatch.eligibility.ride_length import way_m
from dispatch.requests.way import driven_places
from dispatch.tables import Request


def need_of(request: Request) -> Need:
    """Return the need of a request, with the length of its ride estimated by the straight line."""
    start, end = request.period.lower, request.period.upper
    assert start is not None
    assert end is not None
    origin = request.pickup
    return Need(
        unit_no=request.organisation_no,
        category=request.category,
        passengers=request.passengers,
        start=start,
        end=end,
        origin=origin,
        ride_m=way_m(driven_places(request)),
        no_allowance=refusal(request),
    )
