"""What may be done, and which role may do it: one table, read by `fleet/access.py` alone."""

from enum import StrEnum

from fleet.words import Matter, Role


class Permission(StrEnum):
    """One thing that may be done to one kind of object."""

    ORGANISATION_READ = "organisation.read"
    ORGANISATION_WRITE = "organisation.write"
    MANDATE_WRITE = "mandate.write"
    PERSON_READ = "person.read"
    PERSON_CONTACT_READ = "person.contact.read"
    PERSON_WRITE = "person.write"
    SESSION_READ = "session.read"
    SESSION_END = "session.end"
    POLICY_READ = "policy.read"
    POLICY_WRITE = "policy.write"
    GRANT_READ = "grant.read"
    GRANT_WRITE = "grant.write"
    VEHICLE_READ = "vehicle.read"
    VEHICLE_WRITE = "vehicle.write"
    VEHICLE_ASSET_READ = "vehicle.asset.read"
    QUOTA_READ = "quota.read"
    QUOTA_WRITE = "quota.write"
    STANDARD_READ = "standard.read"
    STANDARD_WRITE = "standard.write"
    APPLICATION_READ = "application.read"
    APPLICATION_FILE = "application.file"
    APPLICATION_DECIDE = "application.decide"
    DRIVER_READ = "driver.read"
    DRIVER_WRITE = "driver.write"
    CUSTODY_READ = "custody.read"
    CUSTODY_WRITE = "custody.write"
    OUTAGE_WRITE = "outage.write"
    ALLOWANCE_READ = "allowance.read"
    ALLOWANCE_WRITE = "allowance.write"
    ROSTER_READ = "roster.read"
    ROSTER_WRITE = "roster.write"
    DUTY_DISPATCHER_WRITE = "duty_dispatcher.write"
    TERMINAL_READ = "terminal.read"
    TERMINAL_WRITE = "terminal.write"
    PLACE_READ = "place.read"
    PLACE_WRITE = "place.write"
    CALENDAR_READ = "calendar.read"
    CALENDAR_WRITE = "calendar.write"
    SEALING_READ = "sealing.read"
    SEALING_WRITE = "sealing.write"
    LIVE_READ = "live.read"
    TRACK_READ = "track.read"
    REQUEST_APPLY = "request.apply"
    REQUEST_READ = "request.read"
    REQUEST_APPROVE = "request.approve"
    ORDER_READ = "order.read"
    ORDER_ASSIGN = "order.assign"
    ORDER_DRIVE = "order.drive"
    SERVICE_ORDER_WRITE = "service_order.write"
    MOBILISATION_SIGN = "mobilisation.sign"
    FILING_READ = "filing.read"
    FILING_WRITE = "filing.write"
    FILING_ACCEPT = "filing.accept"
    FINDING_READ = "finding.read"
    REPORT_READ = "report.read"
    RULE_READ = "rule.read"
    RULE_WRITE = "rule.write"
    JOURNAL_READ = "journal.read"
    JOURNAL_EXPORT = "journal.export"
    HOLD_READ = "hold.read"
    HOLD_WRITE = "hold.write"
    RETENTION_READ = "retention.read"
    RETENTION_WRITE = "retention.write"


P = Permission

_CALENDAR = frozenset({P.CALENDAR_READ, P.SEALING_READ})
_REGISTER = _CALENDAR | {
    P.ORGANISATION_READ,
    P.PERSON_READ,
    P.VEHICLE_READ,
    P.DRIVER_READ,
    P.PLACE_READ,
    P.QUOTA_READ,
    P.STANDARD_READ,
    P.ROSTER_READ,
}
_STAFF = _CALENDAR | {P.REQUEST_APPLY, P.PLACE_READ}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.APPLICANT: _STAFF,
    Role.UNIT_CLERK: _STAFF
    | _REGISTER
    | {
        P.PERSON_CONTACT_READ,
        P.APPLICATION_READ,
        P.APPLICATION_FILE,
        P.CUSTODY_READ,
        P.CUSTODY_WRITE,
        P.ALLOWANCE_READ,
        P.ALLOWANCE_WRITE,
        P.ROSTER_WRITE,
        P.REQUEST_READ,
        P.ORDER_READ,
        P.FILING_READ,
        P.FILING_WRITE,
        P.REPORT_READ,
    },
    Role.UNIT_APPROVER: _STAFF
    | _REGISTER
    | {
        P.ALLOWANCE_READ,
        P.APPLICATION_READ,
        P.REQUEST_READ,
        P.REQUEST_APPROVE,
        P.ORDER_READ,
        P.FILING_READ,
        P.FILING_ACCEPT,
    },
    Role.AUTHORITY_APPROVER: _REGISTER
    | {
        P.ALLOWANCE_READ,
        P.VEHICLE_ASSET_READ,
        P.QUOTA_WRITE,
        P.STANDARD_WRITE,
        P.APPLICATION_READ,
        P.APPLICATION_DECIDE,
        P.CALENDAR_WRITE,
        P.SEALING_WRITE,
        P.RULE_READ,
        P.RULE_WRITE,
        P.REQUEST_READ,
        P.REQUEST_APPROVE,
        P.MOBILISATION_SIGN,
        P.ORDER_READ,
        P.FILING_READ,
        P.FILING_ACCEPT,
    },
    Role.DISPATCHER: _REGISTER
    | {
        P.PERSON_CONTACT_READ,
        P.OUTAGE_WRITE,
        P.CUSTODY_READ,
        P.CUSTODY_WRITE,
        P.ROSTER_WRITE,
        P.DUTY_DISPATCHER_WRITE,
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
        P.PERSON_CONTACT_READ,
        P.VEHICLE_WRITE,
        P.VEHICLE_ASSET_READ,
        P.OUTAGE_WRITE,
        P.APPLICATION_READ,
        P.APPLICATION_FILE,
        P.DRIVER_WRITE,
        P.CUSTODY_READ,
        P.CUSTODY_WRITE,
        P.ROSTER_WRITE,
        P.DUTY_DISPATCHER_WRITE,
        P.TERMINAL_READ,
        P.TERMINAL_WRITE,
        P.PLACE_WRITE,
        P.LIVE_READ,
        P.SERVICE_ORDER_WRITE,
        P.ORDER_READ,
        P.FILING_READ,
        P.FILING_WRITE,
    },
    Role.FINANCE: frozenset(
        {P.ORDER_READ, P.REPORT_READ, P.VEHICLE_READ, P.VEHICLE_ASSET_READ, P.APPLICATION_READ}
    ),
    Role.SUPERVISOR_OFFICER: _REGISTER
    | {
        P.ALLOWANCE_READ,
        P.LIVE_READ,
        P.TRACK_READ,
        P.REQUEST_READ,
        P.ORDER_READ,
        P.FILING_READ,
        P.FINDING_READ,
        P.REPORT_READ,
        P.RULE_READ,
        P.VEHICLE_ASSET_READ,
        P.APPLICATION_READ,
        P.CUSTODY_READ,
        P.GRANT_READ,
        P.HOLD_READ,
        P.HOLD_WRITE,
    },
    Role.EXTERNAL_SUPERVISOR: frozenset(
        {
            P.ORGANISATION_READ,
            P.VEHICLE_READ,
            P.VEHICLE_ASSET_READ,
            P.TRACK_READ,
            P.REQUEST_READ,
            P.ORDER_READ,
            P.FILING_READ,
            P.FINDING_READ,
            P.REPORT_READ,
        }
    ),
    Role.SECRECY_REVIEWER: frozenset({P.ORGANISATION_READ, P.REPORT_READ}),
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
            P.CALENDAR_READ,
            P.CALENDAR_WRITE,
            P.SEALING_READ,
            P.RULE_READ,
            P.RETENTION_READ,
            P.RETENTION_WRITE,
        }
    ),
    Role.SECURITY_ADMINISTRATOR: frozenset(
        {
            P.ORGANISATION_READ,
            P.MANDATE_WRITE,
            P.PERSON_READ,
            P.PERSON_CONTACT_READ,
            P.PERSON_WRITE,
            P.SESSION_READ,
            P.SESSION_END,
            P.POLICY_READ,
            P.POLICY_WRITE,
            P.GRANT_READ,
            P.GRANT_WRITE,
            P.TERMINAL_READ,
        }
    ),
    Role.AUDIT_ADMINISTRATOR: frozenset(
        {
            P.ORGANISATION_READ,
            P.PERSON_READ,
            P.POLICY_READ,
            P.GRANT_READ,
            P.HOLD_READ,
            P.RETENTION_READ,
            P.JOURNAL_READ,
            P.JOURNAL_EXPORT,
        }
    ),
}

# These roles act where their organisation holds a mandate, never merely because it stands above.
ROLE_MATTER: dict[Role, Matter] = {
    Role.AUTHORITY_APPROVER: Matter.APPROVE,
    Role.DISPATCHER: Matter.DISPATCH,
    Role.SUPERVISOR_OFFICER: Matter.SUPERVISE,
}
