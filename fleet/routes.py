"""Routes of the register."""

from fastapi import APIRouter

from fleet import people_routes, session_routes, terminal_routes, vehicle_routes

router = APIRouter()
for _part in (session_routes, people_routes, vehicle_routes, terminal_routes):
    router.include_router(_part.router)
