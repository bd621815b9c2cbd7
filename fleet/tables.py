"""All tables of the register, for other rooms and for migrations.

Periods are half-open [start, end) in UTC; an open end means "until further notice". That two
rows of one subject never overlap is a constraint of the database (see the first migration).
"""

from fleet.allowances.tables import PersonAllowance
from fleet.applications.tables import Application, ApplicationStep
from fleet.calendar.tables import CalendarChange, CalendarDay, CalendarVersion
from fleet.custody.tables import Custody, CustodyItem
from fleet.delegations.tables import Delegation
from fleet.documents.tables import VehicleDocument
from fleet.duty.tables import DriverLeave, DutyShift, RosterEntry
from fleet.identity.tables import (
    ApiToken,
    ExternalIdentity,
    LogIn,
    LogInChallenge,
    LogInFailure,
    OidcAttempt,
    PasswordChange,
    RecoveryCode,
    SecondFactor,
    SecurityPolicy,
    SetUpLink,
)
from fleet.journal.tables import JournalEntry, JournalHeads, JournalPending, JournalSeal
from fleet.organisations.tables import (
    Mandate,
    Organisation,
    OrganisationName,
    OrganisationParent,
    OrganisationSuccession,
    Region,
)
from fleet.outages.tables import Outage
from fleet.people.licence_tables import DriverLicence
from fleet.people.tables import Driver, DriverUnit, Person, PersonRole
from fleet.places.tables import Place
from fleet.quotas.tables import Quota, SecretVehicleCount, Standard
from fleet.retention.tables import Hold, RetentionHorizon, RetentionRule, RetentionRun
from fleet.rules.tables import RuleValue
from fleet.sealings.tables import Sealing, SealingChange, SealingExemption
from fleet.sittings.tables import Sitting
from fleet.supervision.tables import SupervisionGrant, SupervisionVehicle
from fleet.terminals.tables import BindingChange, Terminal, VehicleTerminal
from fleet.vehicles.tables import (
    PlateRefusal,
    Vehicle,
    VehicleEvent,
    VehiclePlate,
    VehicleUnit,
)

__all__ = [
    "ApiToken",
    "Application",
    "ApplicationStep",
    "BindingChange",
    "CalendarChange",
    "CalendarDay",
    "CalendarVersion",
    "Custody",
    "CustodyItem",
    "Delegation",
    "Driver",
    "DriverLeave",
    "DriverLicence",
    "DriverUnit",
    "DutyShift",
    "ExternalIdentity",
    "Hold",
    "JournalEntry",
    "JournalHeads",
    "JournalPending",
    "JournalSeal",
    "LogIn",
    "LogInChallenge",
    "LogInFailure",
    "Mandate",
    "OidcAttempt",
    "Organisation",
    "OrganisationName",
    "OrganisationParent",
    "OrganisationSuccession",
    "Outage",
    "PasswordChange",
    "Person",
    "PersonAllowance",
    "PersonRole",
    "Place",
    "PlateRefusal",
    "Quota",
    "RecoveryCode",
    "Region",
    "RetentionHorizon",
    "RetentionRule",
    "RetentionRun",
    "RosterEntry",
    "RuleValue",
    "Sealing",
    "SealingChange",
    "SealingExemption",
    "SecondFactor",
    "SecretVehicleCount",
    "SecurityPolicy",
    "SetUpLink",
    "Sitting",
    "Standard",
    "SupervisionGrant",
    "SupervisionVehicle",
    "Terminal",
    "Vehicle",
    "VehicleDocument",
    "VehicleEvent",
    "VehiclePlate",
    "VehicleTerminal",
    "VehicleUnit",
]
