"""Routes of the register."""

from fastapi import APIRouter

from fleet import session_routes

router = APIRouter()
router.include_router(session_routes.router)
