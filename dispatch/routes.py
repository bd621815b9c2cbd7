"""The doors of dispatch, put together; the edge includes `router` under /api/v1.

The edge may put a `MapInUse` into `app.state.map_in_use`; without one, suggestions rest on straight
lines and say so.
"""

from fastapi import APIRouter

import dispatch.missions.told
import dispatch.orders.promised  # noqa: F401  (from then on the register asks for orders)
from dispatch.approach.routes import router as approach
from dispatch.automatic.routes import router as automatic
from dispatch.board.routes import router as board
from dispatch.capacity.routes import router as capacity
from dispatch.checks.routes import router as checks
from dispatch.duty.routes import router as duty
from dispatch.filings.routes import router as filings
from dispatch.missions.routes import router as missions
from dispatch.mobilisation.routes import router as mobilisations
from dispatch.orders.routes import router as orders
from dispatch.plans.routes import router as plans
from dispatch.requests.routes import router as requests
from dispatch.roads.routes import router as roads
from dispatch.roads.serving import Roads
from dispatch.rolling.routes import router as rolling
from dispatch.sealed.routes import router as sealings
from dispatch.series.routes import router as series
from dispatch.shared_rides.routes import router as shared_rides
from dispatch.suggestions.routes import router as suggestions

__all__ = ["Roads", "router"]

router = APIRouter()
for _part in (
    suggestions,  # before the actions on requests and orders, which would take its paths
    capacity,  # before the requests too
    shared_rides,  # before the actions too
    requests,
    series,
    automatic,
    approach,
    checks,
    rolling,  # before the orders, one of which would be taken for `warnings`
    board,
    orders,
    missions,
    mobilisations,
    plans,
    filings,
    duty,
    sealings,
    roads,
):
    router.include_router(_part)
