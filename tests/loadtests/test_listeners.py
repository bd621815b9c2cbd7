"""How old a position was on its receipt is told from what was sent when and received when."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from gateway.protocols.jt808.events import PositionsReceived
from gateway.protocols.jt808.session import Jt808Session
from kit.clock import utc_now
from kit.database import plain_url
from loadtests.listeners import latencies, province
from loadtests.listeners.helper import Helper, HelperEndedError, helping
from loadtests.listeners.latencies import Events
from loadtests.listeners.reporting import report
from loadtests.peers import running
from tests.support.servers import TemplateDatabases


def events(*rows: tuple[int, int, float]) -> Events:
    """Events of (vehicle, second, instant)."""
    vehicle, time_s, at = zip(*rows, strict=True)
    return Events(np.array(vehicle), np.array(time_s), np.array(at))


def test_each_receipt_is_held_against_the_sending_of_that_very_position() -> None:
    sent = events((7, 100, 50.0), (8, 100, 50.5), (7, 102, 52.0), (9, 103, 53.0))
    received = events((8, 100, 50.7), (7, 102, 52.1), (7, 100, 50.25), (8, 100, 50.9), (3, 100, 9))
    assert latencies.latencies_ms(sent, received) == pytest.approx([200, 100, 250, 400])
    assert latencies.never_received(sent, received) == 1


def test_a_message_tells_vehicles_and_seconds() -> None:
    message = (
        '{"vehicles":[{"plate":"示A00042","time":"1970-01-01T00:01:40Z"},'
        '{"plate":"\\u793aA19999","time":"1970-01-01T00:00:01Z"}]}'
    )
    assert latencies.told_in(message, 5.5).T.tolist() == [[42, 100, 5.5], [19999, 1, 5.5]]
    assert latencies.told_in('{"vehicles":[]}', 5.5).shape == (3, 0)


def test_a_vehicle_reports_from_its_place_in_its_second() -> None:
    latitude, longitude = province.place_of(12_345)
    [event] = Jt808Session().receive(report(12_345, 3, 1_780_000_000), utc_now())
    assert isinstance(event, PositionsReceived)
    [fix] = event.positions
    assert fix.time == datetime.fromtimestamp(1_780_000_000, UTC)
    assert fix.latitude == pytest.approx(latitude)
    assert fix.longitude == pytest.approx(longitude + 0.00045)


def test_places_are_each_vehicle_s_own() -> None:
    assert len({province.place_of(n) for n in range(province.VEHICLES)}) == province.VEHICLES


def test_terminals_of_a_helper_send_at_their_pace_and_note_every_frame(
    template_databases: TemplateDatabases, tmp_path: Path
) -> None:
    url, into = plain_url(template_databases.create()), tmp_path / "sent.npz"
    with running.rows(url) as server, helping("loadtests.listeners.reporting") as helper:
        vehicles = [3, 700, 19_999]
        address = {"port": server.port, "vehicles": vehicles, "address": "127.0.0.9"}
        assert helper.told(address) == {"links": 3}
        for stage in range(2):
            plan = {"rate": 30, "seconds": 1, "since_s": 1_780_000_000 + stage}
            assert helper.told(plan) == {"frames": 30}
            outcome = helper.told({"into": str(into)})
            assert outcome["sent"] == outcome["acknowledged"] == 30
            assert outcome["wall_s"] > 0.9
            sent = latencies.read([into])
            assert sent.vehicle.tolist() == vehicles * 10
            assert set(sent.time_s.tolist()) == {1_780_000_000 + stage}
            assert (np.diff(sent.at) > 0).all()


def test_a_helper_that_ends_instead_of_answering_is_an_error() -> None:
    with helping("loadtests.listeners.reporting") as helper, pytest.raises(HelperEndedError):
        _ask_nonsense(helper)


def _ask_nonsense(helper: Helper) -> None:
    helper.told({"nonsense": True})
