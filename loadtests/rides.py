"""Rides from the request to the order, by Locust: asked for, approved, suggested, assigned.

Somebody begins a ride every so often, whether the one before went quickly or not. Each asks for a
unit of their own, as a city does, and takes what is suggested first. Where somebody else was given
the vehicle or its driver meanwhile, the dispatcher looks at a new suggestion, as people do.
"""

import os
import random
from http import HTTPStatus
from itertools import count
from typing import Any

from locust import HttpUser, constant_pacing, task

from loadtests.city import APPLICANT, APPROVER, DISPATCHER, PASSWORD, SEED, wish
from loadtests.person import API, token_of
from loadtests.ride_steps import APPROVE, ASK, ASSIGN, EVERY_S, SUGGEST, UNITS

CONFLICT, _TAKEN = HTTPStatus.CONFLICT, ("vehicle-busy", "driver-busy")
_LOOKS_AT_MOST = 5
_NUMBERS = count()

Told = dict[str, Any]


class Rider(HttpUser):
    """Everybody who has to do with one ride after another."""

    wait_time = constant_pacing(float(os.environ.get(EVERY_S, "12")))

    def on_start(self) -> None:
        """Log everybody in."""
        self._place = next(_NUMBERS)
        self._chance = random.Random(SEED + self._place)
        self._token = {
            who: token_of(self.client, who, PASSWORD) for who in (APPLICANT, APPROVER, DISPATCHER)
        }
        units = self.client.get(
            f"{API}/organisations",
            params={"kind": "unit", "limit": 500},
            name=UNITS,
            headers=self._as(DISPATCHER),
        ).json()["items"]
        self._unit = units[self._place % len(units)]["id"]

    @task
    def ride(self) -> None:
        """Take one request to its order."""
        wanted = wish(self._chance) | {"organisation_id": self._unit}
        asked = self._post(ASK, APPLICANT, "/requests", wanted)
        path = f"/requests/{asked['id']}"
        approved = self._post(APPROVE, APPROVER, f"{path}/approve", {"revision": asked["revision"]})
        for _ in range(_LOOKS_AT_MOST):
            suggested = self._post(SUGGEST, DISPATCHER, f"{path}/suggestions", {})
            if self._is_assigned(path, approved, suggested):
                return

    def _post(self, step: str, who: str, path: str, body: object) -> Told:
        answer = self.client.post(API + path, json=body, name=step, headers=self._as(who))
        answer.raise_for_status()
        told: Told = answer.json()
        return told

    def _is_assigned(self, path: str, approved: Told, suggested: Told) -> bool:
        """Assign the first of those suggested; False where others have got it meanwhile."""
        taken = next(one for one in suggested["candidates"] if one["driver"])
        body = {
            "vehicle_id": taken["vehicle"]["id"],
            "driver_id": taken["driver"]["id"],
            "suggestion_id": suggested["id"],
            "revision": approved["revision"],
        }
        headers, url = self._as(DISPATCHER), f"{API}{path}/assignment"
        with self.client.post(
            url, json=body, name=ASSIGN, headers=headers, catch_response=True
        ) as answer:
            is_taken = answer.status_code == CONFLICT and answer.json()["type"].endswith(_TAKEN)
            if is_taken:
                answer.success()
            return not is_taken

    def _as(self, who: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self._token[who]}"}
