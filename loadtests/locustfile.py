"""Dispatchers, supervisors and staff at work on a running demo (`make demo`, then `make load`).

Everybody logs in as a person of the demo and does what that person does all day. A run beyond
the limits of limits.toml ends with status 1.
"""

import logging
import os
from datetime import UTC, datetime, timedelta

from gevent.lock import BoundedSemaphore
from locust import HttpUser, between, events, task
from locust.env import Environment

from loadtests.limits import read_limits

log = logging.getLogger(__name__)

# Log-ins of one account are taken one at a time by the server.
LOG_IN = BoundedSemaphore()
TOKENS: dict[str, str] = {}

API = "/api/v1"
PASSWORD = os.environ.get("GONGCHE_PASSWORD", "gongche-demo")


class Person(HttpUser):
    """Somebody who is logged in."""

    abstract = True
    username = ""
    wait_time = between(1, 3)

    def on_start(self) -> None:
        """Log in once an account; the bearer token stands in every later request."""
        with LOG_IN:
            if self.username not in TOKENS:
                answer = self.client.post(
                    f"{API}/session", json={"username": self.username, "password": PASSWORD}
                )
                answer.raise_for_status()
                self.client.cookies.clear()
                TOKENS[self.username] = answer.json()["token"]
        self.client.headers["authorization"] = f"Bearer {TOKENS[self.username]}"


class Dispatcher(Person):
    """Watches the fleet and the queue."""

    username = "dispatcher"
    weight = 3

    @task(3)
    def look_at_the_fleet(self) -> None:
        self.client.get(f"{API}/positions/live")

    @task(3)
    def look_at_the_queue(self) -> None:
        self.client.get(f"{API}/requests", params={"state": "awaiting_dispatch"})

    @task(2)
    def look_at_orders(self) -> None:
        self.client.get(f"{API}/orders", params={"limit": 50})

    @task(1)
    def find_the_nearest(self) -> None:
        self.client.get(
            f"{API}/positions/nearest", params={"latitude": 43.3, "longitude": 114.6, "limit": 10}
        )


class Supervisor(Person):
    """Reads findings and explained kilometres."""

    username = "supervisor"
    weight = 1

    @task
    def read_findings(self) -> None:
        self.client.get(f"{API}/findings")

    @task
    def read_explained_kilometres(self) -> None:
        today = datetime.now(UTC).date()
        self.client.get(
            f"{API}/reports/explained",
            params={"start": str(today - timedelta(days=2)), "end": str(today)},
        )


class Applicant(Person):
    """Looks for places and follows own requests."""

    username = "applicant_water_1"
    weight = 2

    @task
    def look_for_a_place(self) -> None:
        self.client.get(f"{API}/places", params={"limit": 50})

    @task
    def follow_own_requests(self) -> None:
        self.client.get(f"{API}/requests", params={"mine": "true"})


@events.quitting.add_listener  # type: ignore[untyped-decorator]
def hold_against_limits(environment: Environment, **_: object) -> None:
    """Say which limits the run has broken, and end with status 1 if any is."""
    total = environment.stats.total
    p95_ms = float(total.get_response_time_percentile(0.95) or 0)
    broken = read_limits().broken_by(total.num_failures, p95_ms)
    for sentence in broken:
        log.error(sentence)
    environment.process_exit_code = 1 if broken or not total.num_requests else 0
