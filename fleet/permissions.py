"""What may be done, and which role may do it: one table, read by `fleet/access.py` alone."""

from enum import StrEnum

from fleet.words import Matter, Role


class Permission(StrEnum):
    """One thing that may be done to one kind of object."""

    ORGANISATION_READ = "organisation.read"
    ORGANISATION_WRITE = "organisation.write"
    PERSON_READ = "person.read"
    PERSON_WRITE = "person.write"
    VEHICLE_READ = "vehicle.read"
    VEHICLE_WRITE = "vehicle.write"
    DRIVER_READ = "driver.read"
    DRIVER_WRITE = "driver.write"
    TERMINAL_READ = "terminal.read"
    TERMINAL_WRITE = "terminal.write"
    PLACE_READ = "place.read"
    PLACE_WRITE = "place.write"
    LIVE_READ = "live.read"
    TRACK_READ = "track.read"
    REQUEST_APPLY = "request.apply"
    REQUEST_READ = "request.read"
    REQUEST_APPROVE = "request.approve"
    ORDER_READ = "order.read"
    ORDER_ASSIGN = "order.assign"
    ORDER_DRIVE = "order.drive"
    SERVICE_ORDER_WRITE = "service_order.write"
    FILING_READ = "filing.read"
    FILING_WRITE = "filing.write"
    FILING_ACCEPT = "filing.accept"
    FINDING_READ = "finding.read"
    REPORT_READ = "report.read"
    RULE_READ = "rule.read"
    JOURNAL_READ = "journal.read"


P = Permission

_REGISTER = frozenset(
    {P.ORGANISATION_READ, P.PERSON_READ, P.VEHICLE_READ, P.DRIVER_READ, P.PLACE_READ}
)
_STAFF = frozenset({P.REQUEST_APPLY, P.PLACE_READ})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.APPLICANT: _STAFF,
    Role.UNIT_CLERK: _STAFF
    | _REGISTER
    | {P.REQUEST_READ, P.ORDER_READ, P.FILING_READ, P.FILING_WRITE, P.REPORT_READ},
    Role.UNIT_APPROVER: _STAFF
    | _REGISTER
    | {P.REQUEST_READ, P.REQUEST_APPROVE, P.ORDER_READ, P.FILING_READ, P.FILING_ACCEPT},
    Role.AUTHORITY_APPROVER: _REGISTER
    | {P.REQUEST_READ, P.REQUEST_APPROVE, P.ORDER_READ, P.FILING_READ, P.FILING_ACCEPT},
    Role.DISPATCHER: _REGISTER
    | {
        P.TERMINAL_READ,
        P.LIVE_READ,
        P.TRACK_READ,
        P.REQUEST_READ,
        P.ORDER_READ,
        P.ORDER_ASSIGN,
        P.SERVICE_ORDER_WRITE,
        P.FILING_READ,
    },
    Role.DRIVER: _STAFF | {P.ORDER_DRIVE},
    Role.FLEET_MANAGER: _REGISTER
    | {
        P.ORGANISATION_WRITE,
        P.VEHICLE_WRITE,
        P.DRIVER_WRITE,
        P.TERMINAL_READ,
        P.TERMINAL_WRITE,
        P.PLACE_WRITE,
        P.LIVE_READ,
        P.SERVICE_ORDER_WRITE,
        P.ORDER_READ,
        P.FILING_READ,
        P.FILING_WRITE,
    },
    Role.FINANCE: frozenset({P.ORDER_READ, P.REPORT_READ, P.VEHICLE_READ}),
    Role.SUPERVISOR_OFFICER: _REGISTER
    | {
        P.LIVE_READ,
        P.TRACK_READ,
        P.REQUEST_READ,
        P.ORDER_READ,
        P.FILING_READ,
        P.FINDING_READ,
        P.REPORT_READ,
        P.RULE_READ,
    },
    Role.SYSTEM_ADMINISTRATOR: frozenset(
        {
            P.ORGANISATION_READ,
            P.ORGANISATION_WRITE,
            P.PERSON_READ,
            P.TERMINAL_READ,
            P.TERMINAL_WRITE,
            P.VEHICLE_READ,
            P.VEHICLE_WRITE,
            P.PLACE_READ,
            P.PLACE_WRITE,
            P.DRIVER_READ,
            P.DRIVER_WRITE,
        }
    ),
    Role.SECURITY_ADMINISTRATOR: frozenset(
        {P.ORGANISATION_READ, P.PERSON_READ, P.PERSON_WRITE, P.TERMINAL_READ}
    ),
    Role.AUDIT_ADMINISTRATOR: frozenset({P.ORGANISATION_READ, P.PERSON_READ, P.JOURNAL_READ}),
}

# These roles act where their organisation holds a mandate, never merely because it stands above.
ROLE_MATTER: dict[Role, Matter] = {
    Role.AUTHORITY_APPROVER: Matter.APPROVE,
    Role.DISPATCHER: Matter.DISPATCH,
    Role.SUPERVISOR_OFFICER: Matter.SUPERVISE,
}
