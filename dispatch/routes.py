"""The doors of dispatch, put together; the edge includes `router` under /api/v1.

The edge may put a `MapInUse` into `app.state.map_in_use`; without one, suggestions rest on straight
lines and say so.
"""

from fastapi import APIRouter

import dispatch.promised  # noqa: F401  (from then on the register asks for orders)
from dispatch import duty_routes, filing_routes, order_routes, request_routes, sealing_routes
from dispatch.request_routes import Roads

__all__ = ["Roads", "router"]

router = APIRouter()
for _part in (request_routes, order_routes, filing_routes, duty_routes, sealing_routes):
    router.include_router(_part.router)
