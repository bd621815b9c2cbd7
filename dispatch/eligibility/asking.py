"""What a request asks of a vehicle."""

from dispatch.allowance.service import refusal
from dispatch.eligibility.need import Need
from dispatch.eligibility.ride_length import ride_m
from dispatch.tables import Request


def need_of(request: Request) -> Need:
    """Return the need of a request, with the length of its ride estimated by the straight line."""
    start, end = request.period.lower, request.period.upper
    assert start is not None
    assert end is not None
    origin = (request.origin_latitude, request.origin_longitude)
    destination = (request.destination_latitude, request.destination_longitude)
    return Need(
        unit_no=request.organisation_no,
        category=request.category,
        passengers=request.passengers,
        start=start,
        end=end,
        origin=origin,
        ride_m=ride_m(origin, destination, round_trip=request.round_trip),
        no_allowance=refusal(request),
    )
