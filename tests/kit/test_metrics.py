"""Plain numbers become what Prometheus reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from kit.metrics import (
    Distribution,
    Figures,
    counter,
    exposition,
    gauge,
    histogram,
    new_registry,
)

_BOUNDS = (0.5, 1.0, 10.0)


@given(st.lists(st.floats(0, 20)))
def test_each_bucket_counts_the_values_at_or_below_its_bound(values: list[float]) -> None:
    distribution = Distribution(_BOUNDS)
    for value in values:
        distribution.observe(value)
    assert distribution.buckets() == [
        *((str(bound), sum(value <= bound for value in values)) for bound in _BOUNDS),
        ("+Inf", len(values)),
    ]
    assert distribution.count == len(values)
    assert distribution.sum == pytest.approx(sum(values))


def test_what_a_room_keeps_is_read_when_it_is_asked_for() -> None:
    stored, by_reason, waits = [0.0], {"checksum": 1.0}, Distribution((1.0,))
    registry = new_registry()
    registry.register(
        Figures(
            [
                counter("gongche_stored_total", "Stored", lambda: stored[0]),
                gauge("gongche_waiting", "Waiting", lambda: by_reason, "reason"),
                gauge("gongche_age_seconds", "Unknown as yet", lambda: None),
                histogram("gongche_wait_seconds", "Waits", lambda: waits),
            ]
        )
    )
    stored[0], by_reason["other"] = 7.0, 2.0
    waits.observe(0.5)
    told = {
        one.name: {(s.name, *s.labels.values()): s.value for s in one.samples}
        for one in text_string_to_metric_families(exposition(registry).decode())
    }
    assert told["gongche_stored"] == {("gongche_stored_total",): 7.0}
    assert told["gongche_waiting"] == {
        ("gongche_waiting", "checksum"): 1.0,
        ("gongche_waiting", "other"): 2.0,
    }
    assert told["gongche_age_seconds"] == {}
    assert told["gongche_wait_seconds"] == {
        ("gongche_wait_seconds_bucket", "1.0"): 1.0,
        ("gongche_wait_seconds_bucket", "+Inf"): 1.0,
        ("gongche_wait_seconds_count",): 1.0,
        ("gongche_wait_seconds_sum",): 0.5,
    }
    assert "process_open_fds" in told


def test_a_counter_whose_name_does_not_say_so_is_refused() -> None:
    with pytest.raises(ValueError, match="_total"):
        counter("gongche_stored", "Stored", lambda: 0.0)


def test_bounds_that_do_not_ascend_are_refused() -> None:
    with pytest.raises(ValueError, match="ascend"):
        Distribution((1.0, 1.0))
