"""Routes of the register."""

from fastapi import APIRouter

from fleet.identity import routes as identity
from fleet.journal import routes as journal
from fleet.organisations import routes as organisations
from fleet.people import driver_routes as drivers
from fleet.people import routes as people
from fleet.places import routes as places
from fleet.terminals import routes as terminals
from fleet.vehicles import routes as vehicles

router = APIRouter()
for _part in (identity, organisations, people, drivers, vehicles, places, terminals, journal):
    router.include_router(_part.router)
