"""What Hypothesis draws: any command by anybody, and more of those that lead somewhere."""

from datetime import timedelta

from hypothesis import strategies as st

from dispatch.orders.states import CHANGES, OrderAction
from dispatch.requests.states import RequestAction
from fleet.outages.words import OutageKind
from tests.dispatch.commands.absences import ComeBack, GoOnLeave, TakeOutOfUse
from tests.dispatch.commands.asking import Ask, Decide
from tests.dispatch.commands.desk import AUTOMATIC, PEOPLE
from tests.dispatch.commands.ordering import Alter, Assign, Step
from tests.dispatch.commands.rides import (
    COURSE,
    BringIn,
    ChangedRide,
    Ride,
    TakenBack,
    WaitInVain,
)

_person = st.sampled_from(PEOPLE)
_dispatching = st.sampled_from(("dispatcher", AUTOMATIC))
_which = st.integers(0, 5)
_slot = st.integers(0, 6)
_pair = st.tuples(st.sampled_from(("a1", "a2")), st.sampled_from(("a1", "a2")))
_reason = st.none() | st.just("理由")
_late_s = st.integers(0, 3600)
_arrival_s = st.none() | st.integers(0, 24 * 3600)
_longer = st.integers(-60, 600).map(lambda minutes: timedelta(minutes=minutes))

_alter = st.builds(
    Alter,
    st.one_of(_dispatching, _dispatching, _person),
    st.sampled_from(sorted(CHANGES)),
    _pair,
    _which,
    _longer,
    _arrival_s,
    st.sampled_from(("", "理由", "理由")),
    st.booleans(),
)
_good_change = st.builds(
    Alter,
    st.just("dispatcher"),
    st.sampled_from(sorted(CHANGES)),
    _pair,
    st.just(0),
    st.just(timedelta(minutes=30)),
    _arrival_s,
    override=st.just(True),
)
_ride = st.builds(Ride, _pair, _slot, st.integers(0, len(COURSE)), st.just("理由"))
_break_off = st.sampled_from((OrderAction.CANCEL, OrderAction.BREAKDOWN, OrderAction.INTERRUPT))

COMMANDS = st.one_of(
    st.builds(Ask, _person, _person, _slot, st.booleans()),
    st.builds(
        Decide,
        _person,
        st.sampled_from([one for one in RequestAction if one is not RequestAction.ASSIGN]),
        _which,
        _reason,
    ),
    st.builds(Assign, _pair, _which, _arrival_s, _reason, _dispatching),
    st.builds(
        Step,
        st.one_of(_person, st.just("driver")),
        st.sampled_from([one for one in OrderAction if one not in CHANGES]),
        _which,
        _reason,
        by_page=st.booleans(),
    ),
    _alter,
    st.builds(TakenBack, _pair, _slot, _late_s, _late_s, _reason, _dispatching),
    st.builds(ChangedRide, _ride, st.lists(_good_change, max_size=3).map(tuple)),
    _ride,
    st.builds(Step, st.just("dispatcher"), _break_off, _which, st.just("理由")),
    st.builds(WaitInVain, _which),
    st.builds(GoOnLeave, st.sampled_from(("a1", "a2")), st.integers(0, 12), st.integers(1, 12)),
    st.builds(
        TakeOutOfUse,
        st.sampled_from(("a1", "a2")),
        st.sampled_from(OutageKind),
        st.integers(0, 12),
        st.integers(1, 12),
    ),
    st.just(ComeBack()),
    st.just(BringIn()),
)
