"""Rides from the request to the order, by Locust: asked for, approved, suggested, assigned.

Somebody begins a ride every so often, whether the one before went quickly or not. All rides are
one unit's, and the same vehicle is the first for all of them: so that dispatchers don't chase one
vehicle, as those of different units wouldn't, each takes another place and says why. Where somebody
else was given the vehicle all the same, the dispatcher looks at a new suggestion, as people do.
"""

import os
import random
from http import HTTPStatus
from itertools import count
from typing import Any

from locust import HttpUser, constant_pacing, task

from loadtests.city import APPLICANT, APPROVER, DISPATCHER, PASSWORD, SEED, wish
from loadtests.person import API, token_of
from loadtests.ride_steps import APPROVE, ASK, ASSIGN, EVERY_S, SUGGEST

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

    @task
    def ride(self) -> None:
        """Take one request to its order."""
        asked = self._post(ASK, APPLICANT, "/requests", wish(self._chance))
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
        """Assign one of those suggested; False where others have got it meanwhile."""
        candidates = suggested["candidates"]
        taken = candidates[self._place % len(candidates)]
        body = {
            "vehicle_id": taken["vehicle"]["id"],
            "driver_id": taken["driver"]["id"],
            "suggestion_id": suggested["id"],
            "revision": approved["revision"],
            "reason": "按车队安排",
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
