"""All tables of the register, for other rooms and for migrations.

Periods are half-open [start, end) in UTC; an open end means "until further notice". That two
rows of one subject never overlap is a constraint of the database (see the first migration).
"""

from fleet.identity.tables import LogIn, LogInFailure
from fleet.journal.tables import JournalEntry
from fleet.organisations.tables import Mandate, Organisation, OrganisationParent
from fleet.people.tables import Driver, DriverUnit, Person, PersonRole
from fleet.places.tables import Place
from fleet.terminals.tables import BindingChange, Terminal, VehicleTerminal
from fleet.vehicles.tables import Vehicle, VehicleUnit

__all__ = [
    "BindingChange",
    "Driver",
    "DriverUnit",
    "JournalEntry",
    "LogIn",
    "LogInFailure",
    "Mandate",
    "Organisation",
    "OrganisationParent",
    "Person",
    "PersonRole",
    "Place",
    "Terminal",
    "Vehicle",
    "VehicleTerminal",
    "VehicleUnit",
]
