"""The states of an order (派车任务) and who moves it on, for rides and service orders.

The table is the rule: `MOVES[kind][state][action]`. A service order (车务派车) has no passenger,
so the dispatcher accepts the vehicle back as soon as it has returned; a ride whose passenger did
not come goes on as one (`course`). What changes an order's vehicle, driver or end leaves it in its
state, but a driver who is new to it before departure is asked anew.
"""

from collections.abc import Set
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from dispatch.errors import (
    OdometerBackwards,
    OdometerNeeded,
    StepNotAllowed,
    StepNotYours,
    TapBeforePreviousStep,
    TapInTheFuture,
)
from dispatch.moves import Move, move
from dispatch.words import OrderKind, Part


class OrderState(StrEnum):
    """Where an order stands."""

    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    RETURNING = "returning"
    RETURNED = "returned"
    CONFIRMING = "confirming"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


class OrderAction(StrEnum):
    """What a person does to an order."""

    ACCEPT = "accept"
    DEPART = "depart"
    ARRIVE = "arrive"
    START_RETURN = "start_return"
    RETURN = "return"
    CONFIRM = "confirm"
    ACCEPT_BACK = "accept_back"
    CANCEL = "cancel"
    INTERRUPT = "interrupt"
    UNDO = "undo"
    REASSIGN = "reassign"
    SWAP_VEHICLE = "swap_vehicle"
    SWAP_DRIVER = "swap_driver"
    EXTEND = "extend"
    NO_SHOW = "no_show"
    BREAKDOWN = "breakdown"


_S, _A, _P = OrderState, OrderAction, Part
_CANCEL = move(_S.CANCELLED, _P.DISPATCHER)
_INTERRUPT = move(_S.INTERRUPTED, _P.DRIVER, _P.DISPATCHER)
_ACCEPT_BACK = move(_S.ARCHIVED, _P.DISPATCHER)

_BREAKDOWN = move(_S.INTERRUPTED, _P.DRIVER, _P.DISPATCHER)


def _changes_on_the_road(state: OrderState) -> dict[OrderAction, Move[OrderState]]:
    return {
        _A.SWAP_VEHICLE: move(state, _P.DISPATCHER),
        _A.SWAP_DRIVER: move(state, _P.DISPATCHER),
        _A.EXTEND: move(state, _P.DRIVER, _P.DISPATCHER),
        _A.INTERRUPT: _INTERRUPT,
    }


_DRIVE: dict[OrderState, dict[OrderAction, Move[OrderState]]] = {
    _S.ASSIGNED: {
        _A.ACCEPT: move(_S.ACCEPTED, _P.DRIVER),
        _A.UNDO: move(_S.CANCELLED, _P.DISPATCHER),
        _A.CANCEL: _CANCEL,
        _A.REASSIGN: move(_S.ASSIGNED, _P.DISPATCHER),
        _A.SWAP_VEHICLE: move(_S.ASSIGNED, _P.DISPATCHER),
        _A.SWAP_DRIVER: move(_S.ASSIGNED, _P.DISPATCHER),
        _A.EXTEND: move(_S.ASSIGNED, _P.DISPATCHER),
    },
    _S.ACCEPTED: {
        _A.DEPART: move(_S.DEPARTED, _P.DRIVER),
        _A.CANCEL: _CANCEL,
        _A.REASSIGN: move(_S.ASSIGNED, _P.DISPATCHER),
        _A.SWAP_VEHICLE: move(_S.ACCEPTED, _P.DISPATCHER),
        _A.SWAP_DRIVER: move(_S.ASSIGNED, _P.DISPATCHER),
        _A.EXTEND: move(_S.ACCEPTED, _P.DISPATCHER),
    },
    _S.DEPARTED: {
        _A.ARRIVE: move(_S.ARRIVED, _P.DRIVER),
        **_changes_on_the_road(_S.DEPARTED),
    },
    _S.ARRIVED: {
        _A.START_RETURN: move(_S.RETURNING, _P.DRIVER),
        **_changes_on_the_road(_S.ARRIVED),
    },
    _S.RETURNING: {
        _A.RETURN: move(_S.RETURNED, _P.DRIVER),
        **_changes_on_the_road(_S.RETURNING),
    },
}
_WITH_PASSENGER: dict[OrderState, dict[OrderAction, Move[OrderState]]] = {
    state: _DRIVE[state] | {_A.NO_SHOW: move(_S.RETURNING, *waited), _A.BREAKDOWN: _BREAKDOWN}
    # A driver has waited in vain only where the passenger was to come; a dispatcher may be told.
    for state, waited in (
        (_S.DEPARTED, (_P.DISPATCHER,)),
        (_S.ARRIVED, (_P.DRIVER, _P.DISPATCHER)),
    )
}

MOVES: MappingProxyType[OrderKind, dict[OrderState, dict[OrderAction, Move[OrderState]]]] = (
    MappingProxyType(
        {
            OrderKind.RIDE: _DRIVE
            | _WITH_PASSENGER
            | {
                _S.RETURNED: {_A.CONFIRM: move(_S.CONFIRMING, _P.PASSENGER)},
                _S.CONFIRMING: {_A.ACCEPT_BACK: _ACCEPT_BACK},
            },
            OrderKind.SERVICE: _DRIVE | {_S.RETURNED: {_A.ACCEPT_BACK: _ACCEPT_BACK}},
        }
    )
)

# The vehicle and the driver are promised: the database lets no second order overlap these.
PROMISED = (_S.ASSIGNED, _S.ACCEPTED, _S.DEPARTED, _S.ARRIVED, _S.RETURNING)
OUT = (_S.DEPARTED, _S.ARRIVED, _S.RETURNING)
# These change who drives which vehicle until when: each has a body of its own.
CHANGES = frozenset({_A.REASSIGN, _A.SWAP_VEHICLE, _A.SWAP_DRIVER, _A.EXTEND})
NEEDS_REASON = CHANGES | {_A.CANCEL, _A.INTERRUPT, _A.NO_SHOW, _A.BREAKDOWN}
# The ride is still to be made, by another order: its requests go back to await one.
REQUEUES = frozenset({_A.UNDO, _A.BREAKDOWN})
NEEDS_ODOMETER = frozenset({_A.DEPART, _A.RETURN})
# After these steps other kilometres are explained than before.
MOVES_KILOMETRES = frozenset({_A.DEPART, _A.RETURN, _A.INTERRUPT, _A.BREAKDOWN, _A.SWAP_VEHICLE})
# The order ends on the road with these.
BREAKS_OFF = frozenset({_A.INTERRUPT, _A.BREAKDOWN})

_CLOCK_SKEW = timedelta(seconds=60)


def course(kind: OrderKind, no_show_at: datetime | None) -> OrderKind:
    """Return whose table an order follows: with no passenger there is nobody to confirm."""
    return kind if no_show_at is None else OrderKind.SERVICE


def legal_actions(kind: OrderKind, state: OrderState, parts: Set[Part]) -> list[OrderAction]:
    """Return what somebody with these parts may do to an order in this state, in table order."""
    return [action for action, move in MOVES[kind].get(state, {}).items() if move.by & parts]


def next_state(
    kind: OrderKind, state: OrderState, action: OrderAction, parts: Set[Part]
) -> OrderState:
    """Return the state after the action.

    Raises StepNotAllowed when the state has no such action, StepNotYours when it has but the
    action is somebody else's.
    """
    move = MOVES[kind].get(state, {}).get(action)
    if move is None:
        legal = [str(a) for a in legal_actions(kind, state, parts)]
        raise StepNotAllowed(state=state, action=action, actions=legal)
    if not move.by & parts:
        raise StepNotYours(state=state, action=action)
    return move.to


def is_drivers(kind: OrderKind, state: OrderState, action: OrderAction, parts: Set[Part]) -> bool:
    """Whether somebody with these parts takes the action as the driver of the order."""
    move = MOVES[kind].get(state, {}).get(action)
    return move is not None and Part.DRIVER in move.by & parts


def tap_time(tapped_at: datetime | None, previous: datetime, now: datetime) -> datetime:
    """Return when a step was taken: the tap's own time, however late it arrives.

    A phone's clock may run up to a minute ahead; such a tap counts as now. Raises TapInTheFuture
    or TapBeforePreviousStep.
    """
    if tapped_at is None:
        return max(now, previous)
    if tapped_at > now + _CLOCK_SKEW:
        raise TapInTheFuture(tapped_at=tapped_at.isoformat(), now=now.isoformat())
    if tapped_at < previous:
        raise TapBeforePreviousStep(
            tapped_at=tapped_at.isoformat(), previous_step_at=previous.isoformat()
        )
    return max(min(tapped_at, now), previous)


def check_odometer(action: OrderAction, odometer_m: int | None, odometer_out_m: int | None) -> None:
    """Refuse a departure or return without odometer, and any reading that runs backwards.

    Raises OdometerNeeded or OdometerBackwards.
    """
    if odometer_m is None:
        if action in NEEDS_ODOMETER:
            raise OdometerNeeded(action=action)
        return
    if odometer_out_m is not None and odometer_m < odometer_out_m:
        raise OdometerBackwards(odometer_out_m=odometer_out_m, odometer_m=odometer_m)
