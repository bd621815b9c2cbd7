"""What roles may: the three administrators are apart, and a person's queries are counted."""

import pytest

from fleet.access import Pace
from fleet.access.actors import BY_VEHICLE, Actor, Grant
from fleet.access.pace import TooManyQueries
from fleet.permissions import ROLE_PERMISSIONS, Permission
from fleet.words import Role
from kit.ids import new_id

ADMINISTRATORS = (
    Role.SYSTEM_ADMINISTRATOR,
    Role.SECURITY_ADMINISTRATOR,
    Role.AUDIT_ADMINISTRATOR,
)
RIDES_AND_TRACKS = {
    Permission.TRACK_READ,
    Permission.LIVE_READ,
    Permission.REQUEST_APPROVE,
    Permission.ORDER_ASSIGN,
    Permission.FILING_ACCEPT,
    Permission.APPLICATION_DECIDE,
}


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_no_administrator_approves_rides_or_reads_tracks(role: Role) -> None:
    assert not ROLE_PERMISSIONS[role] & RIDES_AND_TRACKS


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_each_administrator_writes_what_the_others_cannot(role: Role) -> None:
    acts = {p for p in ROLE_PERMISSIONS[role] if p.endswith((".write", ".end", ".export"))}
    for other in ADMINISTRATORS:
        assert other is role or not acts & ROLE_PERMISSIONS[other]


def test_the_journal_is_read_by_the_audit_administrator_alone() -> None:
    readers = {r for r, held in ROLE_PERMISSIONS.items() if Permission.JOURNAL_READ in held}
    assert readers == {Role.AUDIT_ADMINISTRATOR}


def test_a_letter_over_single_vehicles_opens_their_tracks_and_no_unit() -> None:
    letter = Grant(
        Role.EXTERNAL_SUPERVISOR, 1, frozenset({5}), letter="函1", vehicles=frozenset({77})
    )
    actor = Actor(1, new_id(), "guest", "来访人", (letter,))
    assert actor.permissions == BY_VEHICLE
    assert actor.scope(Permission.TRACK_READ) == frozenset()
    reach = actor.reach(Permission.TRACK_READ)
    assert (reach.units, reach.vehicles, reach.their_units) == (
        frozenset(),
        frozenset({77}),
        frozenset({5}),
    )


def test_a_token_never_does_more_than_its_limits_and_its_person() -> None:
    within = frozenset({Permission.VEHICLE_READ, Permission.JOURNAL_READ})
    grant = Grant(Role.DISPATCHER, 1, frozenset({1}), within=within)
    assert grant.permissions == {Permission.VEHICLE_READ}


def test_a_person_who_asks_too_often_waits_and_nobody_else_does() -> None:
    pace = Pace(60)
    for _ in range(60):
        pace.spend(1, 100.0)
    with pytest.raises(TooManyQueries) as refused:
        pace.spend(1, 100.0)
    assert refused.value.facts["retry_after_s"] >= 1  # type: ignore[operator]
    pace.spend(2, 100.0)
    pace.spend(1, 102.0)
