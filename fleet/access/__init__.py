"""Who may see and do what is decided here and nowhere else.

A route names its permission in its signature: `actor: Annotated[Actor, Allow(P.VEHICLE_READ)]`.
The actor then carries the organisations in which the permission holds, and every query of the
room is filtered by them. An object outside them does not exist for the actor (404, not 403).
"""

from fleet.access.actors import Actor, Grant, Limits, Reach
from fleet.access.loading import load_actor, load_stand_in
from fleet.access.pace import Pace
from fleet.access.requests import (
    Allow,
    AllowAnyone,
    CurrentActor,
    PermissionCheck,
    current_actor,
    presented_token,
)
from fleet.access.tokens import COOKIE, token_digest
from fleet.access.uploads import UploadRoute

__all__ = [
    "COOKIE",
    "Actor",
    "Allow",
    "AllowAnyone",
    "CurrentActor",
    "Grant",
    "Limits",
    "Pace",
    "PermissionCheck",
    "Reach",
    "UploadRoute",
    "current_actor",
    "load_actor",
    "load_stand_in",
    "presented_token",
    "token_digest",
]
