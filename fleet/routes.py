"""Routes of the register."""

from fastapi import APIRouter

from fleet.allowances import routes as allowances
from fleet.applications import routes as applications
from fleet.calendar import routes as calendar
from fleet.custody import routes as custody
from fleet.delegations import routes as delegations
from fleet.documents import routes as documents
from fleet.duty import roster_routes as rosters
from fleet.duty import routes as duty
from fleet.identity import routes as identity
from fleet.journal import routes as journal
from fleet.organisations import routes as organisations
from fleet.outages import routes as outages
from fleet.people import account_routes as accounts
from fleet.people import driver_routes as drivers
from fleet.people import routes as people
from fleet.places import routes as places
from fleet.quotas import routes as quotas
from fleet.retention import routes as retention
from fleet.rules import routes as rules
from fleet.sealings import routes as sealings
from fleet.sittings import routes as sittings
from fleet.summary import routes as summary
from fleet.supervision import routes as supervision
from fleet.terminals import routes as terminals
from fleet.vehicles import life_routes as vehicle_lives
from fleet.vehicles import routes as vehicles

router = APIRouter()
router.include_router(calendar.router)
router.include_router(sealings.router)
router.include_router(retention.router)
router.include_router(supervision.router)
router.include_router(sittings.router)
router.include_router(rules.router)
router.include_router(summary.router)
for _part in (identity, organisations, people, drivers, vehicles, places, terminals, journal):
    router.include_router(_part.router)
router.include_router(accounts.router)
router.include_router(delegations.router)
router.include_router(rosters.router)
router.include_router(duty.router)
router.include_router(custody.router)
router.include_router(outages.router)
router.include_router(allowances.router)
router.include_router(vehicle_lives.router)
router.include_router(documents.router)
router.include_router(quotas.router)
router.include_router(applications.router)
