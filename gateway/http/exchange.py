"""Which lists come and go as spreadsheets: the one place where the rooms' sheets meet."""

from fastapi import APIRouter

import audit.sheets
import dispatch.sheets
import tracking.quality.sheets
from dispatch.orders.double import refuse_double_orders
from fleet.exchange.double_routes import doubles_router
from fleet.exchange.files import MAX_FILE_BYTES
from fleet.exchange.lists import duties, orders_of_authority
from fleet.exchange.lists.custodies import CUSTODIES
from fleet.exchange.lists.drivers import DRIVERS
from fleet.exchange.lists.organisations import ORGANISATIONS
from fleet.exchange.lists.people import PEOPLE
from fleet.exchange.lists.places import PLACES
from fleet.exchange.lists.quotas import QUOTAS
from fleet.exchange.lists.terminals import TERMINALS
from fleet.exchange.lists.vehicles import VEHICLES
from fleet.exchange.routes import exchange_router
from fleet.exchange.sheets import Sheet

# The form around a file of the largest size is small.
MAX_UPLOAD_BYTES = MAX_FILE_BYTES + 65_536

SHEETS: tuple[Sheet, ...] = (
    ORGANISATIONS,
    PEOPLE,
    DRIVERS,
    VEHICLES,
    TERMINALS,
    PLACES,
    QUOTAS,
    CUSTODIES,
    *duties.SHEETS,
    *orders_of_authority.SHEETS,
    *dispatch.sheets.SHEETS,
    *audit.sheets.SHEETS,
    *tracking.quality.sheets.SHEETS,
)

router = APIRouter()
router.include_router(exchange_router(SHEETS))
router.include_router(doubles_router(refuse_double_orders))
