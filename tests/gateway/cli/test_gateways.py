"""Several processes of a kind: told apart by name and port of metrics; links by open files."""

from gateway.cli.gateways import links_held, told_apart, workers_told_apart
from kit.settings import Settings


def test_one_gateway_is_just_the_gateway() -> None:
    settings = Settings(gateway_metrics_port=9808)
    assert told_apart(settings) == {"gateway": settings}


def test_several_share_the_port_of_terminals_and_have_ports_of_metrics_of_their_own() -> None:
    told = told_apart(Settings(gateways=3, gateway_metrics_port=9808))
    assert {name: one.gateway_metrics_port for name, one in told.items()} == {
        "gateway 1": 9808,
        "gateway 2": 9809,
        "gateway 3": 9810,
    }
    assert {one.jt808_port for one in told.values()} == {Settings().jt808_port}


def test_several_without_metrics_stay_without() -> None:
    told = told_apart(Settings(gateways=2, gateway_metrics_port=0))
    assert {one.gateway_metrics_port for one in told.values()} == {0}


def test_twice_the_gateways_hold_twice_the_links() -> None:
    assert links_held(Settings(gateways=4)) == 4 * links_held(Settings()) > 0


def test_workers_have_ports_of_metrics_of_their_own_if_they_have_any() -> None:
    told = workers_told_apart(Settings(workers=3, worker_metrics_port=9818))
    assert {name: one.worker_metrics_port for name, one in told.items()} == {
        "worker": 9818,
        "worker 2": 9819,
        "worker 3": 9820,
    }
    without = workers_told_apart(Settings(workers=2))
    assert {one.worker_metrics_port for one in without.values()} == {0}
