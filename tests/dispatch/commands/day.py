"""A day written by hand: it takes every step that there is, and meets every refusal once."""

from datetime import timedelta

from dispatch.orders.states import OrderAction as A
from dispatch.requests.states import RequestAction as R
from fleet.outages.words import OutageKind
from tests.dispatch.commands.absences import ComeBack, GoOnLeave, TakeOutOfUse
from tests.dispatch.commands.asking import Ask, Decide
from tests.dispatch.commands.desk import AUTOMATIC, Command
from tests.dispatch.commands.ordering import Alter, Assign, Step
from tests.dispatch.commands.rides import BringIn, Ride, TakenBack, WaitInVain

ONE, OTHER = ("a1", "a1"), ("a2", "a2")

_DECIDED: tuple[Command, ...] = (
    Ask("applicant_a", "applicant_a", 0, draft=True),
    Decide("applicant_a", R.SUBMIT),
    Decide("approver_a", R.SEND_BACK),  # reason-needed
    Decide("approver_a", R.SEND_BACK, reason="写明事由"),
    Decide("applicant_a", R.WITHDRAW),
    Ask("applicant_a", "applicant_a", 0),
    Decide("applicant_b", R.APPROVE),  # not-found
    Decide("applicant_a", R.APPROVE),  # step-not-yours
    Decide("deputy", R.REJECT, reason="可乘公共交通"),
    Ask("approver_a", "approver_a", 0),
    Decide("approver_a", R.APPROVE),  # own-approval
    Decide("deputy", R.APPROVE),  # own-approval
    Ride(ONE, 0, 0),
    Decide("applicant_a", R.CANCEL, reason="会议取消"),
)
_OUT_TWICE: tuple[Command, ...] = (
    Ride(ONE, 0, 2),
    Ride(("a1", "a2"), 1, 2, "理由"),  # vehicle-out
    Step("dispatcher", A.CANCEL, reason="首车未归"),
    Ride(("a2", "a1"), 1, 2, "理由"),  # driver-out
    Step("dispatcher", A.CANCEL, reason="首车未归"),
)
# The order that is out is the third from the last by now.
_CHANGED: tuple[Command, ...] = (
    Alter("dispatcher", A.EXTEND, ONE, 2, reason=""),  # reason-needed
    Alter("dispatcher", A.EXTEND, ONE, 2, timedelta(minutes=-5)),  # end-not-later
    Alter("dispatcher", A.EXTEND, ONE, 2, timedelta(hours=6), override=True),
    Alter("dispatcher", A.SWAP_DRIVER, ONE, 2, override=True),  # nothing-changed
    Alter(AUTOMATIC, A.SWAP_DRIVER, OTHER, 2, override=True),  # step-not-yours
    Alter("dispatcher", A.SWAP_VEHICLE, OTHER, 2, override=True),
    Alter("dispatcher", A.SWAP_DRIVER, OTHER, 2, override=True),
    Step("driver", A.ARRIVE, 2, by_page=False),
    Step("driver", A.BREAKDOWN, 2, by_page=False),  # reason-needed
    Step("driver", A.BREAKDOWN, 2, "发动机故障", by_page=False),
    Assign(OTHER, 2, reason="理由"),  # vehicle-defective
    ComeBack(),
)
_PROMISED: tuple[Command, ...] = (
    Ride(ONE, 0, 1, "理由"),
    Step("dispatcher", A.CANCEL, reason="改派", by_page=False),  # revision-needed
    Step("dispatcher", A.CANCEL, reason="改派", behind=1),  # stale-revision
    Alter("dispatcher", A.REASSIGN, OTHER, override=True),
    Step("dispatcher", A.UNDO),
    Step("dispatcher", A.UNDO),  # step-not-allowed
    TakenBack(ONE, 0, 0, 3600),
    TakenBack(ONE, 3, 0, 3600, None, AUTOMATIC),  # promise-worsened
    Ride(OTHER, 4, 0, "理由"),
    Ride(("a2", "a1"), 4, 0, "理由"),  # vehicle-busy
    Ride(("a1", "a2"), 4, 0, "理由"),  # driver-busy
)
_AWAY: tuple[Command, ...] = (
    BringIn(),
    TakeOutOfUse("a1", OutageKind.MAINTENANCE, 0, 4),
    Ride(ONE, 0, 0),  # override-needs-reason
    ComeBack(),
    GoOnLeave("a1", 0, 4),
    Ride(ONE, 0, 0, "理由"),  # driver-on-leave
    ComeBack(),
)
_DRIVEN: tuple[Command, ...] = (
    Ride(ONE, 6, 1, "理由"),
    Step("driver", A.DEPART, by_page=False),  # too-early
    Step("dispatcher", A.CANCEL, reason="改日"),
    Ride(ONE, 6, 1, "理由"),
    Ride(OTHER, 6, 3, "理由"),
    Step("driver", A.NO_SHOW, reason="未到", by_page=False),  # not-due-yet
    WaitInVain(),
    Step("driver", A.RETURN, odometer_m=None, by_page=False),  # odometer-needed
    Step("driver", A.RETURN, odometer_m=1, by_page=False),  # odometer-backwards
    Step("driver", A.RETURN, by_page=False),
    Step("dispatcher", A.ACCEPT_BACK),
    Ride(ONE, 6, reason="理由"),
    Ride(ONE, 6, 2, "理由"),
    BringIn(),
)

A_DAY = (*_DECIDED, *_OUT_TWICE, *_CHANGED, *_PROMISED, *_AWAY, *_DRIVEN)

REFUSED = {
    "reason-needed",
    "not-found",
    "step-not-yours",
    "own-approval",
    "vehicle-out",
    "driver-out",
    "end-not-later",
    "nothing-changed",
    "vehicle-defective",
    "revision-needed",
    "stale-revision",
    "step-not-allowed",
    "promise-worsened",
    "vehicle-busy",
    "driver-busy",
    "override-needs-reason",
    "driver-on-leave",
    "too-early",
    "not-due-yet",
    "odometer-needed",
    "odometer-backwards",
}
