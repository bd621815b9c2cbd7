"""Orders over HTTP: service orders, steps, slips."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse, JSONResponse

from dispatch.cursors import Cursor, Limit, before_id, cursor_after
from dispatch.missions.looking import journal_order
from dispatch.orders import booking, service
from dispatch.orders.changing import Change, change_order
from dispatch.orders.in_the_way import told_what_is_busy
from dispatch.orders.schemas import (
    ChangeIn,
    ExtendIn,
    OrderItem,
    OrderPage,
    OrderStepName,
    ReassignIn,
    ServiceOrderIn,
    SwapDriverIn,
    SwapVehicleIn,
    TapIn,
)
from dispatch.orders.service import OrderFilter
from dispatch.orders.states import OrderAction, OrderState
from dispatch.orders.steps import Tap
from dispatch.orders.views import order_item, order_items
from dispatch.retrying import RetriedRoute
from dispatch.roads.serving import Roads
from dispatch.roads.travel_times import TravelTimes
from dispatch.slips.page import SlipPrinter
from dispatch.slips.schemas import SlipOut
from dispatch.slips.service import read_slip
from fleet.access import Actor, Allow, AllowAnyone
from fleet.acts import Act
from fleet.permissions import Permission
from kit.web import Address, AppSessions, DbSession, Now

router = APIRouter(tags=["dispatch"], route_class=RetriedRoute)

# Whoever drives or rides, and those who may read orders of the unit.
Concerned = Annotated[Actor, AllowAnyone(widened_by=(Permission.ORDER_READ,))]


@dataclass(frozen=True, slots=True)
class OrderDoor:
    """What everything needs that is done to an order: which, by whom, when and from where."""

    order_id: UUID
    actor: Concerned
    session: DbSession
    sessions: AppSessions
    now: Now
    address: Address

    async def change(
        self, action: OrderAction, wish: ChangeIn, roads: TravelTimes | None = None
    ) -> OrderItem:
        """Change who drives which vehicle until when."""
        asked = Change(action, **wish.model_dump())
        named = asked.suggestion_id
        async with told_what_is_busy(self.sessions, self.session, self.actor, self.now, named):
            order = await change_order(
                self.session,
                self.actor,
                self.order_id,
                asked,
                self.now,
                self.address,
                roads=roads,
            )
        return await order_item(self.session, self.actor, order)

    async def step(self, action: OrderAction, tap: TapIn) -> OrderItem:
        """Take a step."""
        taken = Tap(**tap.model_dump())
        async with told_what_is_busy(self.sessions, self.session, self.actor, self.now):
            order = await service.take_step(
                self.session, self.actor, self.order_id, action, taken, self.now, self.address
            )
        return await order_item(self.session, self.actor, order)


Door = Annotated[OrderDoor, Depends()]

_PRINTER = SlipPrinter()
# The page carries its own style and nothing else.
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@router.get("/orders")
async def list_orders(
    actor: Concerned,
    session: DbSession,
    state: Annotated[list[OrderState] | None, Query(max_length=len(OrderState))] = None,
    mine: bool = False,
    vehicle_id: UUID | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> OrderPage:
    """List one's own orders and those of the units in which one may read them, newest first."""
    which = OrderFilter(states=state or (), mine=mine, vehicle_id=vehicle_id)
    found = await service.list_seen(session, actor, which, before_id(cursor), limit + 1)
    return OrderPage(
        items=await order_items(session, actor, found[:limit]),
        next_cursor=cursor_after(found, limit),
    )


@router.post("/orders", status_code=201)
async def create_service_order(
    wish: ServiceOrderIn,
    actor: Annotated[Actor, Allow(Permission.SERVICE_ORDER_WRITE)],
    session: DbSession,
    sessions: AppSessions,
    now: Now,
    address: Address,
) -> OrderItem:
    """Issue an order for a vehicle's own needs (车务派车)."""
    async with told_what_is_busy(sessions, session, actor, now):
        order = await booking.issue_service_order(session, actor, wish, now, address)
    return await order_item(session, actor, order)


@router.get("/orders/{order_id}")
async def get_order(
    order_id: UUID, actor: Concerned, session: DbSession, now: Now, address: Address
) -> OrderItem:
    """Return an order with its history; who runs a mission is journalled reading one of its."""
    order = await service.find(session, actor, order_id)
    await journal_order(session, Act(actor, now, address), order.id)
    return await order_item(session, actor, order)


@router.get(
    "/orders/{order_id}/slip",
    response_model=SlipOut,
    responses={200: {"content": {"text/html": {}}, "description": "The slip, to be printed"}},
)
async def get_slip(
    order_id: UUID,
    actor: Concerned,
    session: DbSession,
    now: Now,
    address: Address,
    format: Literal["html", "json"] = "html",
) -> Response:
    """Return the slip (派车单) of an order as a page that prints on A4, or its content."""
    order = await service.find(session, actor, order_id)
    await journal_order(session, Act(actor, now, address), order.id)
    slip = await read_slip(session, actor, order)
    if format == "json":
        return JSONResponse(slip.model_dump(mode="json"))
    return HTMLResponse(_PRINTER.page(slip), headers={"Content-Security-Policy": _PAGE_POLICY})


@router.post("/orders/{order_id}/reassign")
async def reassign_order(wish: ReassignIn, door: Door, roads: Roads) -> OrderItem:
    """Give an order another vehicle, another driver, or both, before departure (改派)."""
    return await door.change(OrderAction.REASSIGN, wish, roads)


@router.post("/orders/{order_id}/swap_vehicle")
async def swap_vehicle(wish: SwapVehicleIn, door: Door, roads: Roads) -> OrderItem:
    """Let another vehicle take an order over, also on the road (换车)."""
    return await door.change(OrderAction.SWAP_VEHICLE, wish, roads)


@router.post("/orders/{order_id}/swap_driver")
async def swap_driver(wish: SwapDriverIn, door: Door) -> OrderItem:
    """Let another driver take an order over, also on the road (换驾)."""
    return await door.change(OrderAction.SWAP_DRIVER, wish)


@router.post("/orders/{order_id}/extend")
async def extend_order(wish: ExtendIn, door: Door) -> OrderItem:
    """Promise vehicle and driver of an order for longer (延时)."""
    return await door.change(OrderAction.EXTEND, wish)


@router.post("/orders/{order_id}/{action}")
async def act_on_order(action: OrderStepName, tap: TapIn, door: Door) -> OrderItem:
    """Move an order on; who may do what in which state stands in `dispatch/orders/states.py`."""
    return await door.step(OrderAction(action), tap)
