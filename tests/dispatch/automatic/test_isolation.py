"""What goes wrong with one request is logged with its id, counted, and stops no other."""

import logging
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from dispatch.automatic.isolation import Isolated
from dispatch.automatic.state import AutoDispatchState
from tracking.leases import LeaseLost

REQUEST = str(UUID(int=7))


def test_what_nobody_foresaw_is_logged_with_the_requests_id_and_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    state = AutoDispatchState()
    with (
        caplog.at_level(logging.ERROR),
        Isolated(state, "a request is passed over", request=REQUEST) as one,
    ):
        raise KeyError("a fact that no one has")
    assert one.failed
    assert state.failures == 1
    (record,) = caplog.records
    assert (record.message, record.__dict__["request"]) == ("a request is passed over", REQUEST)
    assert record.exc_info is not None
    assert record.exc_info[0] is KeyError


def test_what_goes_well_is_no_failure() -> None:
    state = AutoDispatchState()
    with Isolated(state, "a request is passed over", request=REQUEST) as one:
        pass
    assert not one.failed
    assert state.failures == 0


@pytest.mark.parametrize(
    "error",
    [
        LeaseLost(),
        OperationalError("SELECT", {}, OSError()),
        ConnectionError(),
        KeyboardInterrupt(),
    ],
    ids=["lease lost", "database away", "connection lost", "interrupted"],
)
def test_what_ends_the_whole_round_passes(error: BaseException) -> None:
    state = AutoDispatchState()
    with (
        pytest.raises(type(error)),
        Isolated(state, "a request is passed over", request=REQUEST),
    ):
        raise error
    assert state.failures == 0
